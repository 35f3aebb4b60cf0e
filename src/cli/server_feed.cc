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

constexpr int failures_max = 5;

class ServerFeed final : public JobFeed {
  public:
    ServerFeed(const Client& client, Environment& env, std::string job)
        : client_(client), env_(env), job_(std::move(job)) {}

    Result<void> follow(const Take& take, const Tick& tick) override {
        for (int failures = 0;;) {
            const std::uint64_t seen = last_;
            bool is_ended = false;
            const Result<void> result = follow_once(take, tick, is_ended);
            if (is_ended) {
                return {};
            }
            if (!result && exit_status_of(result.error()) != 69 &&
                result.error().problem != Problem::unavailable) {
                return result.error();
            }
            failures = last_ > seen ? 0 : failures + 1;
            if (failures >= failures_max) {
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
    // What is there already, then what comes. `is_ended`: the tick asked to stop.
    Result<void> follow_once(const Take& take, const Tick& tick, bool& is_ended) {
        ATTACCA_TRY(const Json::Array history,
                    client_.events(job_, last_ == 0 ? "" : std::to_string(last_)));
        for (const Json& item : history) {
            give(item, take);
        }
        is_ended = !tick();
        if (is_ended) {
            return {};
        }
        SseParser parser;
        return client_.stream(
            "/sse/events?job=" + url_part(job_),
            {{"Accept", "text/event-stream"}, {"Last-Event-ID", std::to_string(last_)}},
            [&](std::string_view bytes) {
                parser.feed(bytes, [&](std::string_view data) {
                    if (const Result<Json> item = parse_json(data)) {
                        give(*item, take);
                    }
                });
                is_ended = is_ended || !tick();
                return !is_ended;
            });
    }

    void give(const Json& item, const Take& take) {
        const Result<JobEvent> event = event_of_wire(item);
        if (event && (event->job.empty() || event->job == job_)) {
            last_ = std::max(last_, event->gseq);
            take(*event);
        }
    }

    Client client_;
    Environment& env_;
    std::string job_;
    std::uint64_t last_ = 0;
};

}  // namespace

std::unique_ptr<JobFeed> server_feed(const Client& client, Environment& env, std::string job) {
    return std::make_unique<ServerFeed>(client, env, std::move(job));
}

}  // namespace attacca::cli
