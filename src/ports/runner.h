// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <vector>

#include "core/job/attempt_spec.h"

// Who carries out attempts. One Runner may serve several node kinds (app/ joins them in a switch).
//
// Contract:
// - start() returns at once and never fails: what goes wrong is reported as an outcome.
// - Every started attempt is reported exactly once through the sink, from any thread; the report
//   is kept until acknowledge(), which the engine calls when its record is durable.
// - stop() asks for an early end: TERM to the whole process group, KILL after 10 s. The attempt
//   still reports, with Outcome::cancelled. An unknown token is ignored.
// - report_again() hands every report that is not acknowledged to the sink once more, and returns
//   the tokens of attempts that still run: used after the engine reloaded its state.

namespace attacca::ports {

using ReportSink = std::function<void(core::AttemptReport)>;

class Runner {
  public:
    virtual ~Runner() = default;
    virtual void start(core::AttemptSpec spec) = 0;
    virtual void stop(core::FenceToken fence) = 0;
    virtual void acknowledge(core::FenceToken fence) = 0;
    [[nodiscard]] virtual std::vector<core::FenceToken> report_again() = 0;
};

}  // namespace attacca::ports
