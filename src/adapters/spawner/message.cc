// SPDX-License-Identifier: Apache-2.0
#include "adapters/spawner/message.h"

#include "base/bytes.h"

namespace attacca::spawner {
namespace {

constexpr char spawn_mark = 'S';
constexpr char stop_mark = 'K';
constexpr char exited_mark = 'x';
constexpr char signalled_mark = 's';
constexpr char not_started_mark = 'n';

void append_text(std::string& out, std::string_view text) {
    append_u32(out, static_cast<std::uint32_t>(text.size()));
    out += text;
}

void append_list(std::string& out, const std::vector<std::string>& list) {
    append_u32(out, static_cast<std::uint32_t>(list.size()));
    for (const std::string& text : list) {
        append_text(out, text);
    }
}

// Reads front to back. After the first lack of bytes every value is empty and is_done() is false.
class Reader {
  public:
    explicit Reader(std::string_view bytes) : bytes_(bytes) {}

    char mark() {
        const std::string_view one = take(1);
        return one.empty() ? '\0' : one.front();
    }
    std::uint32_t u32() {
        const std::string_view four = take(4);
        return four.empty() ? 0 : read_u32(four, 0);
    }
    std::uint64_t u64() {
        const std::string_view eight = take(8);
        return eight.empty() ? 0 : read_u64(eight, 0);
    }
    std::string text() { return std::string(take(u32())); }
    std::vector<std::string> list() {
        std::vector<std::string> list;
        for (std::uint32_t left = u32(); left > 0 && is_good_; --left) {
            list.push_back(text());
        }
        return list;
    }
    [[nodiscard]] bool is_done() const { return is_good_ && bytes_.empty(); }

  private:
    std::string_view take(std::size_t count) {
        is_good_ = is_good_ && count <= bytes_.size();
        if (!is_good_) {
            return {};
        }
        const std::string_view taken = bytes_.substr(0, count);
        bytes_.remove_prefix(count);
        return taken;
    }

    std::string_view bytes_;
    bool is_good_ = true;
};

void append_request(std::string& out, const SpawnRequest& spawn) {
    out += spawn_mark;
    append_u64(out, spawn.fence);
    append_list(out, spawn.argv);
    append_list(out, spawn.env);
    append_text(out, spawn.directory);
    append_text(out, spawn.stdout_path);
    append_text(out, spawn.stderr_path);
    append_u64(out, spawn.file_bytes_max);
}

void append_request(std::string& out, const StopRequest& stop) {
    out += stop_mark;
    append_u64(out, stop.fence);
    append_u32(out, stop.grace_ms);
}

void append_end(std::string& out, const Exited& end) {
    out += exited_mark;
    append_u32(out, end.status);
}

void append_end(std::string& out, const Signalled& end) {
    out += signalled_mark;
    append_u32(out, end.signal);
}

void append_end(std::string& out, const NotStarted& end) {
    out += not_started_mark;
    append_u32(out, end.error_number);
    out += static_cast<char>(end.stage);
}

SpawnRequest read_spawn(Reader& reader) {
    SpawnRequest spawn;
    spawn.fence = reader.u64();
    spawn.argv = reader.list();
    spawn.env = reader.list();
    spawn.directory = reader.text();
    spawn.stdout_path = reader.text();
    spawn.stderr_path = reader.text();
    spawn.file_bytes_max = reader.u64();
    return spawn;
}

}  // namespace

std::string encode(const Request& request) {
    std::string out;
    std::visit([&out](const auto& one) { append_request(out, one); }, request);
    return out;
}

std::string encode(const Ended& ended) {
    std::string out;
    append_u64(out, ended.fence);
    std::visit([&out](const auto& one) { append_end(out, one); }, ended.end);
    return out;
}

std::optional<Request> decode_request(std::string_view bytes) {
    Reader reader(bytes);
    Request request;
    const char mark = reader.mark();
    if (mark == spawn_mark) {
        request = read_spawn(reader);
    } else if (mark == stop_mark) {
        const std::uint64_t fence = reader.u64();
        request = StopRequest{fence, reader.u32()};
    } else {
        return std::nullopt;
    }
    return reader.is_done() ? std::optional(std::move(request)) : std::nullopt;
}

std::optional<Ended> decode_ended(std::string_view bytes) {
    Reader reader(bytes);
    Ended ended;
    ended.fence = reader.u64();
    const char mark = reader.mark();
    const std::uint32_t value = reader.u32();
    if (mark == exited_mark) {
        ended.end = Exited{value};
    } else if (mark == signalled_mark) {
        ended.end = Signalled{value};
    } else if (mark == not_started_mark) {
        const auto stage = static_cast<std::uint8_t>(reader.mark());
        if (stage > static_cast<std::uint8_t>(StartStage::execute)) {
            return std::nullopt;
        }
        ended.end = NotStarted{static_cast<StartStage>(stage), value};
    } else {
        return std::nullopt;
    }
    return reader.is_done() ? std::optional(ended) : std::nullopt;
}

}  // namespace attacca::spawner
