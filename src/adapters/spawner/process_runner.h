// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <thread>
#include <variant>
#include <vector>

#include "adapters/spawner/channel.h"
#include "adapters/spawner/collector.h"
#include "adapters/spawner/monitor.h"
#include "adapters/spawner/spawner_process.h"
#include "ports/clock.h"
#include "ports/content.h"
#include "ports/runner.h"
#include "ports/tool.h"

// Runs commands and scans as processes, through the spawner.
//
//   start() ─► io thread ─► spawner ─► io thread ─► collecting thread ─► sink
//
// The io thread prepares attempts, talks to the spawner and watches time and silence (Monitor). The
// collecting thread hashes and syncs what an attempt left, so that a slow disk delays no start.
// The sink is called from the collecting thread, and from the caller of report_again().
//
// An attempt's directories are removed once its report is acknowledged. When the runner is
// destroyed, the spawner kills what still runs and nothing more is reported: after a restart these
// attempts are lost. Safe from any thread. At most two threads, however many attempts run.

namespace attacca::spawner {

struct ProcessRunnerOptions {
    AttemptRoots roots;
    std::uint64_t output_bytes_max = default_output_bytes_max;  // of each file of an attempt
    Duration stop_grace = seconds(10);
};

class ProcessRunner final : public ports::Runner {
  public:
    // The tools, the clock and the content store outlive the runner.
    ProcessRunner(SpawnerHandle spawner,
                  ProcessRunnerOptions options,
                  const ports::Clock& clock,
                  ports::Content& content,
                  std::vector<const ports::Tool*> tools,
                  ports::ReportSink sink);
    ~ProcessRunner() override;
    ProcessRunner(const ProcessRunner&) = delete;
    ProcessRunner& operator=(const ProcessRunner&) = delete;

    void start(core::AttemptSpec spec) override;
    void stop(core::FenceToken fence) override;
    void acknowledge(core::FenceToken fence) override;
    [[nodiscard]] std::vector<core::FenceToken> report_again() override;

    // False once the spawner is gone: no attempt is reported any more, and the process should end.
    [[nodiscard]] bool is_healthy() const;

  private:
    struct Refused {
        core::AttemptSpec spec;
        Error error;
    };
    struct Cleanup {
        core::FenceToken fence;
    };
    using Collection = std::variant<FinishedAttempt, Refused, Cleanup>;

    void run_io();
    void run_collecting();
    void begin(core::AttemptSpec spec);
    [[nodiscard]] Result<const ports::Tool*> launch(const core::AttemptSpec& spec);
    void halt(core::FenceToken fence, StopReason reason);
    void finish(const Ended& ended);
    void lose_all();
    void collect_later(Collection collection);
    void deliver(core::AttemptReport report);
    [[nodiscard]] bool take_inbox();
    void wake() const;

    ProcessRunnerOptions options_;
    const ports::Clock& clock_;
    std::vector<const ports::Tool*> tools_;
    ports::ReportSink sink_;
    ports::Content& content_;
    Collector collector_;
    pid_t spawner_pid_;
    Fd wake_;

    // Of the io thread only.
    Channel channel_;
    Monitor monitor_;
    bool is_connected_ = true;

    mutable std::mutex mutex_;  // guards what follows
    bool is_closing_ = false;
    bool is_healthy_ = true;
    std::vector<std::variant<core::AttemptSpec, core::FenceToken>> inbox_;  // starts and stops
    std::set<core::FenceToken> unreported_;
    std::map<core::FenceToken, core::AttemptReport> reports_;
    std::vector<Collection> collections_;
    std::condition_variable has_collection_;

    std::thread io_;
    std::thread collecting_;
};

}  // namespace attacca::spawner
