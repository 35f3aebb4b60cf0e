// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "cli/job_feed.h"

namespace attacca::cli {

void SseParser::feed(std::string_view bytes, const std::function<void(std::string_view)>& take) {
    constexpr std::size_t event_bytes_max = std::size_t{1} << 20U;
    for (const char byte : bytes) {
        if (byte == '\r') {
            continue;
        }
        if (byte != '\n') {
            if (line_.size() < event_bytes_max) {
                line_ += byte;
            }
            continue;
        }
        const std::string line = std::exchange(line_, {});
        if (line.empty()) {
            if (has_data_) {
                take(data_);
            }
            data_.clear();
            has_data_ = false;
        } else if (line.starts_with("data:") && data_.size() < event_bytes_max) {
            std::string_view value = std::string_view{line}.substr(5);
            value.remove_prefix(value.starts_with(' ') ? 1 : 0);
            data_ += (has_data_ ? "\n" : "") + std::string{value};
            has_data_ = true;
        }
    }
}

namespace {

constexpr int stream_failures_max = 5;

class ServerFeed final : public JobFeed {
  public:
    ServerFeed(const Client& client, Environment& env, std::string job, ProgressModel& model)
        : client_(client), env_(env), job_(std::move(job)), model_(model) {}

    Result<void> follow(const Take& take, const Tick& tick) override {
        for (int failures = 0;;) {
            const std::uint64_t seen = last_;
            End end = End::lost;
            const Result<void> result = follow_once(take, tick, end);
            for (const JobEvent& event : std::exchange(waiting_, {})) {
                give(event, take);
            }
            if (end == End::stopped || !tick()) {
                return {};
            }
            if (!result && exit_status_of(result.error()) != 69 &&
                result.error().problem != Problem::unavailable) {
                return result.error();
            }
            if (end == End::paused) {
                continue;
            }
            failures = last_ > seen ? 0 : failures + 1;
            if (failures >= stream_failures_max) {
                return result ? fail(Problem::unreachable, client_.server() + " ends every stream")
                              : result.error();
            }
            for (int i = 0; i < 5; ++i) {
                if (!tick()) {
                    return {};
                }
                env_.sleep(milliseconds(200));
            }
        }
    }

    std::string log_tail(const LogWanted& wanted, std::uint64_t bytes_max) override {
        std::string target = job_target(job_, "/nodes/" + url_part(wanted.node) + "/logs?stream=" +
                                                  url_part(wanted.stream));
        if (wanted.attempt > 0) {
            target += "&attempt=" + std::to_string(wanted.attempt);
        }
        if (wanted.item) {
            target += "&item=" + std::to_string(*wanted.item);
        }
        Result<std::string> text =
            client_.get_text(target, {{"Range", "bytes=-" + std::to_string(bytes_max)}});
        return text ? std::move(*text) : std::string{};
    }

    Result<void> cancel() override {
        const Result<Json> answer = client_.send("POST", job_target(job_, "/cancel"), "");
        return answer ? Result<void>{} : Result<void>{answer.error()};
    }

    Result<Json> job() override { return client_.get(job_target(job_)); }

  private:
    // How a stream ended: by itself, by the tick, or by us because an event needs another request,
    // which must not be made while the stream is open.
    enum class End { lost, stopped, paused };

    static bool needs_request(const JobEvent& event) {
        const bool is_bad_end = event.type == "attempt_ended" &&
                                text_member(event.data, "outcome") != "succeeded";
        return is_bad_end || event.type == "map_expanded";
    }

    // What is there already, then what comes.
    Result<void> follow_once(const Take& take, const Tick& tick, End& end) {
        ATTACCA_TRY(const Json::Array history,
                    client_.events(job_, last_ == 0 ? "" : std::to_string(last_)));
        for (const Json& item : history) {
            if (const std::optional<JobEvent> event = read(item)) {
                give(*event, take);
            }
        }
        if (!tick()) {
            end = End::stopped;
            return {};
        }
        SseParser parser;
        return client_.stream(
            "/sse/events?job=" + url_part(job_),
            {{"Accept", "text/event-stream"}, {"Last-Event-ID", std::to_string(last_)}},
            [&](std::string_view bytes) {
                parser.feed(bytes, [&](std::string_view data) {
                    const Result<Json> item = parse_json(data);
                    const std::optional<JobEvent> event = item ? read(*item) : std::nullopt;
                    if (event && (!waiting_.empty() || needs_request(*event))) {
                        waiting_.push_back(*event);
                        end = End::paused;
                    } else if (event) {
                        give(*event, take);
                    }
                });
                if (!tick()) {
                    end = End::stopped;
                }
                return end == End::lost;
            });
    }

    [[nodiscard]] std::optional<JobEvent> read(const Json& item) const {
        Result<JobEvent> event = event_of_wire(item);
        const bool is_ours = event && (event->job.empty() || event->job == job_);
        return is_ours ? std::optional{std::move(*event)} : std::nullopt;
    }

    void give(const JobEvent& event, const Take& take) {
        last_ = std::max(last_, event.gseq);
        if (event.type == "map_expanded") {
            name_items(text_member(event.data, "node"));
        }
        take(event);
    }

    // Without names the items have numbers, so nothing here is an error.
    void name_items(const std::string& map) {
        constexpr int page = 1000;
        constexpr int pages_max = 20;
        for (int i = 0; i < pages_max; ++i) {
            const Result<Json> answer = client_.get(
                job_target(job_, "/nodes?limit=" + std::to_string(page) +
                                     "&offset=" + std::to_string(i * page)));
            const Json* items = answer ? answer->find("items") : nullptr;
            if (items == nullptr || !items->is_array()) {
                return;
            }
            for (const Json& node : items->as_array()) {
                const std::int64_t item = number_member(node, "item", -1);
                std::string key = text_member(node, "key");
                if (item >= 0 && !key.empty() && text_member(node, "id") == map) {
                    model_.name_item(map, static_cast<std::uint32_t>(item), std::move(key));
                }
            }
            if (items->as_array().size() < page) {
                return;
            }
        }
    }

    Client client_;
    Environment& env_;
    std::string job_;
    ProgressModel& model_;
    std::uint64_t last_ = 0;
    std::vector<JobEvent> waiting_;  // came by the stream, not given yet
};

}  // namespace

std::unique_ptr<JobFeed> server_feed(const Client& client, Environment& env, std::string job,
                                     ProgressModel& model) {
    return std::make_unique<ServerFeed>(client, env, std::move(job), model);
}

}  // namespace attacca::cli
