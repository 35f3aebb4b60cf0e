// SPDX-License-Identifier: Apache-2.0
#include "adapters/system/noop_runner.h"

#include <algorithm>

#include "base/check.h"

namespace attacca::system {

void NoopRunner::start(core::AttemptSpec spec) {
    core::AttemptReport report;
    report.job = spec.job;
    report.instance = spec.instance;
    report.fence = spec.fence;
    {
        const std::scoped_lock lock(mutex_);
        const bool is_new =
            reported_.emplace(spec.fence.value, Reported{spec.job, spec.instance}).second;
        ATTACCA_CHECK(is_new);
    }
    sink_(std::move(report));
}

// Nothing runs when the engine can ask: the attempt has reported already.
void NoopRunner::stop(core::FenceToken /*fence*/) {}

void NoopRunner::acknowledge(core::FenceToken fence) {
    const std::scoped_lock lock(mutex_);
    reported_.erase(fence.value);
}

std::vector<core::FenceToken> NoopRunner::report_again() {
    std::vector<core::AttemptReport> reports;
    {
        const std::scoped_lock lock(mutex_);
        reports.reserve(reported_.size());
        for (const auto& [fence, reported] : reported_) {
            core::AttemptReport report;
            report.job = reported.job;
            report.instance = reported.instance;
            report.fence = {fence};
            reports.push_back(std::move(report));
        }
    }
    std::sort(reports.begin(), reports.end(),
              [](const auto& a, const auto& b) { return a.fence < b.fence; });
    for (core::AttemptReport& report : reports) {
        sink_(std::move(report));
    }
    return {};
}

}  // namespace attacca::system
