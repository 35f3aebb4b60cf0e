// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "cli/client.h"
#include "cli/environment.h"
#include "cli/job_event.h"
#include "cli/progress_model.h"
#include "core/graph/definition.h"
#include "core/job/ids.h"

// Where the events, logs and states of one job come from: the engine of this process, or a server.
// One thread.

namespace attacca::cli {

// Which attempt's log is wanted; without an attempt the last one.
struct LogWanted {
    std::string node;
    std::optional<std::uint32_t> item;
    std::int64_t attempt = 0;
    std::string stream;  // stdout or stderr
    std::uint64_t from = 0;  // what is followed begins behind so many bytes
};

class JobFeed {
  public:
    virtual ~JobFeed() = default;

    using Take = std::function<void(const JobEvent&)>;
    // Called at least four times a second; false ends follow().
    using Tick = std::function<bool()>;
    // Gives all events of the job in order, those that are there first. Errors: unreachable, …
    [[nodiscard]] virtual Result<void> follow(const Take& take, const Tick& tick) = 0;
    // The last bytes of a log, at most `bytes_max`; empty when there is none.
    [[nodiscard]] virtual std::string log_tail(const LogWanted& wanted,
                                               std::uint64_t bytes_max) = 0;
    [[nodiscard]] virtual Result<void> cancel() = 0;
    // The job as `GET …/job/{id}` shows it.
    [[nodiscard]] virtual Result<Json> job() = 0;
};

// A job of this process. `definition` and `model` outlive it; items of maps get their names in the
// model as soon as they are known.
[[nodiscard]] std::unique_ptr<JobFeed> embedded_feed(
    Embedded& embedded, core::JobId job,
    std::shared_ptr<const core::Definition> definition, ProgressModel& model);

// A job of a server. It reconnects where it stopped, and gives up after five failures in a row.
// `model` outlives it, as above.
[[nodiscard]] std::unique_ptr<JobFeed> server_feed(const Client& client, Environment& env,
                                                   std::string job, ProgressModel& model);

// Splits a stream of server-sent events into their data. Pure.
class SseParser {
  public:
    // Calls `take` with the data of each event that is whole now.
    void feed(std::string_view bytes, const std::function<void(std::string_view)>& take);

  private:
    std::string line_;
    std::string data_;
    bool has_data_ = false;
};

}  // namespace attacca::cli
