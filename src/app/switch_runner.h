// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "ports/runner.h"

// Sends each attempt to the runner of its kind. stop() and acknowledge() go to all: a runner
// ignores a token that it does not know, and tokens are unique.

namespace attacca::app {

class SwitchRunner final : public ports::Runner {
  public:
    SwitchRunner(ports::Runner& noop, ports::Runner& process, ports::Runner& http)
        : noop_(noop), process_(process), http_(http) {}

    void start(core::AttemptSpec spec) override {
        ports::Runner& runner = runner_of(spec.kind);
        runner.start(std::move(spec));
    }
    void stop(core::FenceToken fence) override {
        noop_.stop(fence);
        process_.stop(fence);
        http_.stop(fence);
    }
    void acknowledge(core::FenceToken fence) override {
        noop_.acknowledge(fence);
        process_.acknowledge(fence);
        http_.acknowledge(fence);
    }
    [[nodiscard]] std::vector<core::FenceToken> report_again() override {
        std::vector<core::FenceToken> running = noop_.report_again();
        for (ports::Runner* runner : {&process_, &http_}) {
            for (const core::FenceToken fence : runner->report_again()) {
                running.push_back(fence);
            }
        }
        return running;
    }

  private:
    [[nodiscard]] ports::Runner& runner_of(core::NodeKind kind) {
        if (kind == core::NodeKind::http || kind == core::NodeKind::notify) {
            return http_;
        }
        return kind == core::NodeKind::noop ? noop_ : process_;
    }

    ports::Runner& noop_;
    ports::Runner& process_;
    ports::Runner& http_;
};

}  // namespace attacca::app
