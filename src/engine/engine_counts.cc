// SPDX-License-Identifier: Apache-2.0
#include <variant>

#include "engine/engine.h"

// What the engine counts for /metrics.

namespace attacca::engine {

void Engine::count(const core::Record& record, const core::Job* job) {
    if (std::holds_alternative<core::JobCreated>(record.payload)) {
        ++counters_.jobs_created;
    } else if (std::holds_alternative<core::AttemptStarted>(record.payload)) {
        ++counters_.attempts_started;
    } else if (const auto* end = std::get_if<core::AttemptEnded>(&record.payload)) {
        ++counters_.attempts_ended;
        counters_.retries += end->retry_in_ms ? 1U : 0U;
    } else if (std::holds_alternative<core::DeadLettered>(record.payload)) {
        ++counters_.dead_letters;
    } else if (std::holds_alternative<core::BreakerOpened>(record.payload)) {
        ++counters_.breakers_opened;
    } else if (std::holds_alternative<core::BreakerHalfOpened>(record.payload)) {
        ++counters_.breakers_half_opened;
    } else if (std::holds_alternative<core::BreakerClosed>(record.payload)) {
        ++counters_.breakers_closed;
    } else if (const auto* ended = std::get_if<core::JobEnded>(&record.payload)) {
        counters_.jobs_completed += ended->state == core::JobState::completed ? 1U : 0U;
        counters_.jobs_failed += ended->state == core::JobState::failed ? 1U : 0U;
        counters_.jobs_cancelled += ended->state == core::JobState::cancelled ? 1U : 0U;
        if (job != nullptr) {
            const WallTime from = job->started_at.us == 0 ? job->created_at : job->started_at;
            open_pending_.job_times.emplace_back(ended->state, record.at - from);
        }
    }
}

}  // namespace attacca::engine
