// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <utility>

#include "base/bytes.h"
#include "cli/commands.h"
#include "cli/job_source.h"

// jobs logs. A log is written to standard output as its bytes are, unless that is a terminal: then
// line by line without what a terminal would obey, because scanners print what strangers sent them.
// For programs every line is an object, so that its node and stream are told apart.

namespace attacca::cli {
namespace {

constexpr int exit_interrupted = 130;

// JSON holds UTF-8 alone: each byte that is part of none becomes `\uFFFD`.
std::string as_utf8(std::string_view bytes) {
    std::string out;
    while (!bytes.empty()) {
        const std::size_t valid = utf8_prefix(bytes);
        out += bytes.substr(0, valid);
        bytes.remove_prefix(valid);
        if (!bytes.empty()) {
            out += "\uFFFD";
            bytes.remove_prefix(1);
        }
    }
    return out;
}

// The lines of a whole answer: with `json` the elements of one object's `items`.
class LineList {
  public:
    explicit LineList(const Context& context)
        : context_(context), is_one_object_(context.output() == Output::json) {}

    void add(const Json& line) {
        if (!is_one_object_) {
            context_.out(line.text() + "\n");
            return;
        }
        context_.out((has_lines_ ? ",\n  " : "{\"items\": [\n  ") + line.text());
        has_lines_ = true;
    }
    // An error before the first line leaves no answer.
    void end(bool is_whole) {
        if (is_one_object_ && (has_lines_ || is_whole)) {
            context_.out(has_lines_ ? "\n]}\n" : "{\"items\": []}\n");
        }
    }

  private:
    const Context& context_;
    bool is_one_object_;
    bool has_lines_ = false;
};

class LogWriter {
  public:
    // `is_shared`: another writer writes between this one's pieces, so that lines stay whole.
    LogWriter(const Context& context, std::string prefix, LineList* list, Json origin,
              bool is_shared = false)
        : context_(context),
          prefix_(std::move(prefix)),
          list_(list),
          origin_(std::move(origin)),
          is_filtered_(context.env.terminal().is_out_tty),
          is_raw_(!is_filtered_ && prefix_.empty() && list == nullptr),
          is_shared_(is_shared) {}

    void write(std::string_view bytes) {
        if (is_raw_ && !is_shared_) {
            context_.out(bytes);
            return;
        }
        line_ += bytes;
        std::size_t from = 0;
        for (std::size_t end = line_.find('\n'); end != std::string::npos;
             end = line_.find('\n', from)) {
            write_line(std::string_view{line_}.substr(from, end - from));
            from = end + 1;
        }
        line_.erase(0, from);
        constexpr std::size_t line_bytes_max = 65'536;
        if (line_.size() > line_bytes_max) {
            flush();
        }
    }
    void flush() {
        if (is_raw_) {
            context_.out(line_);  // as it is, without an end that it does not have
        } else if (!line_.empty()) {
            write_line(line_);
        }
        line_.clear();
    }

  private:
    void write_line(std::string_view line) {
        if (list_ != nullptr) {
            Json entry = origin_;
            entry.set("line", is_filtered_ ? printable(line) : as_utf8(line));
            list_->add(entry);
            return;
        }
        context_.out(prefix_ + (is_filtered_ ? printable(line) : std::string{line}) + "\n");
    }

    const Context& context_;
    std::string prefix_;
    LineList* list_;  // of lines for programs; nullptr when they are for people
    Json origin_;     // what such a line says besides its text
    bool is_filtered_;
    bool is_raw_;  // bytes as they are
    bool is_shared_;
    std::string line_;
};

struct LogOrder {
    std::string job;
    std::vector<std::string> streams;
    std::int64_t attempt = 0;
    std::optional<std::uint64_t> tail;
    bool is_followed = false;
    LineList* list = nullptr;  // for programs
};

Json origin_of(const Instance& instance, const std::string& stream) {
    Json origin = Json::object();
    origin.set("node", as_utf8(instance.node));
    if (instance.item) {
        origin.set("item", std::int64_t{*instance.item});
        if (!instance.key.empty()) {
            origin.set("key", as_utf8(instance.key));
        }
    }
    origin.set("stream", stream);
    return origin;
}

// `checks[10.0.0.7]` as its node and key.
std::pair<std::string, std::string> node_and_key(const std::string& text) {
    const std::size_t open = text.find('[');
    if (open == std::string::npos || !text.ends_with(']')) {
        return {text, ""};
    }
    return {text.substr(0, open), text.substr(open + 1, text.size() - open - 2)};
}

Result<Instance> find_instance(JobSource& source, const LogOrder& order,
                               const std::string& text) {
    const auto [node, key] = node_and_key(text);
    ATTACCA_TRY(const std::vector<Instance> all, source.instances(order.job));
    const auto item = std::ranges::find_if(all, [&node = node](const Instance& instance) {
        return instance.node == node && instance.item;
    });
    if (key.empty() && item != all.end()) {
        return fail(Problem::not_found,
                    "\"" + quoted(node) + "\" is a map, and its items have the logs: --node " +
                        shell_word(node + "[" + (item->key.empty() ? "0" : item->key) + "]"));
    }
    const std::optional<std::uint64_t> number = parse_u64(key);
    const Instance* by_number = nullptr;
    bool is_node = false;
    for (const Instance& instance : all) {
        if (instance.node != node) {
            continue;
        }
        is_node = true;
        if (key.empty() ? !instance.item : (instance.item && instance.key == key)) {
            return instance;
        }
        if (number && instance.item && *instance.item == *number) {
            by_number = &instance;
        }
    }
    if (by_number != nullptr) {
        return *by_number;
    }
    std::vector<std::string> names;
    for (const Instance& instance : all) {
        names.push_back(instance.node);
    }
    std::string detail = "the job has no " + std::string(is_node ? "item" : "node") + " \"" +
                         quoted(text) + "\"";
    if (const auto meant = nearest(node, names); meant && !is_node) {
        detail += "; did you mean \"" + *meant + "\"?";
    }
    return fail(Problem::not_found, std::move(detail));
}

// A stream that is followed, as far as it has come.
struct FollowedStream {
    LogWanted wanted;
    LogWriter writer;
    Duration patience;
    bool is_over = false;
};

constexpr Duration patience_least = milliseconds(200);
constexpr Duration patience_most = seconds(5);
constexpr Duration busy_turn = milliseconds(500);

std::vector<FollowedStream> streams_of(const Context& context, const LogOrder& order,
                                       const Instance& instance, const std::string& prefix) {
    const bool are_several = order.streams.size() > 1;
    std::int64_t attempt = order.attempt;
    if (are_several && attempt == 0 && instance.attempts) {
        // Each turn asks anew, and all of them mean the attempt that is the last one now.
        attempt = std::max<std::int64_t>(1, *instance.attempts);
    }
    std::vector<FollowedStream> streams;
    for (const std::string& name : order.streams) {
        streams.push_back({{instance.node, instance.item, attempt, name},
                           LogWriter(context, prefix, order.list, origin_of(instance, name),
                                     are_several),
                           patience_least});
    }
    return streams;
}

// One stream has its turn until it is quiet, or for a moment: both grow meanwhile. A turn that
// brought nothing makes the next one longer, for an answer may take its time.
Result<void> take_turn(const Context& context, JobSource& source, const std::string& job,
                       FollowedStream& stream, bool is_alone,
                       const std::function<bool()>& goes_on) {
    const MonoTime begun = context.env.now().mono;
    const std::uint64_t from = stream.wanted.from;
    bool is_handed_on = false;
    const LogWanted wanted = stream.wanted;
    const Result<void> followed = source.follow_log(job, wanted, [&](std::string_view bytes) {
        stream.writer.write(bytes);
        stream.wanted.from += bytes.size();
        is_handed_on = !is_alone && context.env.now().mono - begun >=
                                        (bytes.empty() ? stream.patience : busy_turn);
        return goes_on() && !is_handed_on;
    });
    stream.is_over = !is_handed_on;
    const bool has_grown = stream.wanted.from > from;
    stream.patience = has_grown ? patience_least
                                : std::min(Duration{2 * stream.patience.us}, patience_most);
    return followed;
}

Result<void> follow_log(const Context& context, JobSource& source, const LogOrder& order,
                        const Instance& instance, const std::string& prefix) {
    std::vector<FollowedStream> streams = streams_of(context, order, instance, prefix);
    const std::function<bool()> goes_on = [&] {
        return context.env.interrupts() == 0 && !context.env.is_out_closed();
    };
    const auto is_open = [](const FollowedStream& stream) { return !stream.is_over; };
    Result<void> followed;
    while (followed && goes_on() && std::ranges::any_of(streams, is_open)) {
        const bool is_alone = std::ranges::count_if(streams, is_open) == 1;
        for (FollowedStream& stream : streams) {
            if (followed && !stream.is_over && goes_on()) {
                followed = take_turn(context, source, order.job, stream, is_alone, goes_on);
            }
        }
    }
    for (FollowedStream& stream : streams) {
        stream.writer.flush();
    }
    return followed;
}

Result<void> print_log(const Context& context, JobSource& source, const LogOrder& order,
                       const Instance& instance, const std::string& prefix) {
    for (const std::string& stream : order.streams) {
        const LogWanted wanted{instance.node, instance.item, order.attempt, stream};
        LogWriter writer(context, prefix, order.list, origin_of(instance, stream));
        ATTACCA_TRY(const std::string text, source.log(order.job, wanted));
        if (order.tail) {
            for (const std::string_view line : last_lines(text, *order.tail)) {
                writer.write(line);
                writer.write("\n");
            }
        } else {
            writer.write(text);
        }
        writer.flush();
    }
    return {};
}

Result<LogOrder> order_of(const Context& context) {
    constexpr std::uint64_t lines_max = 1'000'000;
    LogOrder order;
    order.job = context.in.argument(0);
    const std::string stream = context.in.value("stream").value_or("");
    order.streams = stream.empty() ? std::vector<std::string>{"stdout", "stderr"}
                                   : std::vector<std::string>{stream};
    ATTACCA_TRY(const std::optional<std::uint64_t> attempt,
                context.in.number("attempt", 1, 1'000'000));
    order.attempt = static_cast<std::int64_t>(attempt.value_or(0));
    ATTACCA_TRY(order.tail, context.in.number("tail", 1, lines_max));
    order.is_followed = context.in.has("follow");
    return order;
}

// Every node, each line with its name.
Result<void> print_all(const Context& context, JobSource& source, const LogOrder& order) {
    ATTACCA_TRY(std::vector<Instance> all, source.instances(order.job));
    // A map's items stand after all nodes; here they follow their map.
    std::map<std::string, std::size_t> places;
    for (const Instance& instance : all) {
        places.try_emplace(instance.node, places.size());
    }
    std::stable_sort(all.begin(), all.end(), [&](const Instance& a, const Instance& b) {
        return places.at(a.node) < places.at(b.node);
    });
    std::size_t width = 0;
    std::vector<std::string> names;
    for (const Instance& instance : all) {
        std::string name = printable(instance.node);
        if (instance.item) {
            name += "[" + (instance.key.empty() ? std::to_string(*instance.item)
                                                : printable(instance.key)) + "]";
        }
        width = std::max(width, width_of(name));
        names.push_back(std::move(name));
    }
    for (std::size_t i = 0; i < all.size(); ++i) {
        const Result<void> printed =
            print_log(context, source, order, all[i], padded(names[i], width) + " │ ");
        // A node that never ran has no log.
        if (!printed && printed.error().problem != Problem::not_found) {
            return printed;
        }
    }
    return {};
}

}  // namespace

int jobs_logs_command(Context& context) {
    Result<LogOrder> order = order_of(context);
    if (!order) {
        return context.refuse(order.error());
    }
    const std::optional<std::string> node = context.in.value("node");
    if (order->is_followed && !node) {
        return context.refuse(fail(Problem::usage, "--follow needs --node"));
    }
    Result<std::unique_ptr<JobSource>> source = JobSource::find(context);
    if (!source) {
        return context.refuse(source.error());
    }
    static_cast<void>(context.env.interrupts());
    LineList list(context);
    if (!context.is_human()) {
        order->list = &list;
    }
    Result<void> printed;
    if (node) {
        const Result<Instance> instance = find_instance(**source, *order, *node);
        const auto print = order->is_followed ? follow_log : print_log;
        printed = instance ? print(context, **source, *order, *instance, "")
                           : Result<void>{instance.error()};
    } else {
        printed = print_all(context, **source, *order);
    }
    if (order->list != nullptr) {
        list.end(printed.has_value());
    }
    if (!printed) {
        return context.refuse(printed.error());
    }
    return context.env.interrupts() > 0 ? exit_interrupted : 0;
}

}  // namespace attacca::cli
