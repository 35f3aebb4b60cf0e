// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "ports/runner.h"

// The runner of nodes that do nothing: every attempt is reported as succeeded before start()
// returns, from the caller's thread. The sink must therefore not wait for the caller.
//
// Safe from any thread. Under 1 µs an attempt; memory for each one until it is acknowledged.

namespace attacca::system {

class NoopRunner final : public ports::Runner {
  public:
    explicit NoopRunner(ports::ReportSink sink) : sink_(std::move(sink)) {}

    void start(core::AttemptSpec spec) override;
    void stop(core::FenceToken fence) override;
    void acknowledge(core::FenceToken fence) override;
    [[nodiscard]] std::vector<core::FenceToken> report_again() override;

  private:
    struct Reported {
        core::JobId job;
        core::InstanceIndex instance = 0;
    };
    ports::ReportSink sink_;
    std::mutex mutex_;
    std::unordered_map<std::uint64_t, Reported> reported_;  // by fence token
};

}  // namespace attacca::system
