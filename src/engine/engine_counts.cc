// SPDX-License-Identifier: Apache-2.0
#include <variant>

#include "engine/engine.h"

// What the engine counts for /metrics.

namespace attacca::engine {

void Engine::count(const core::Record& record, const core::Job* job) {
    if (std::holds_alternative<core::JobCreated>(record.payload)) {
        ++counters_.jobs_created;
    } else if (const auto* started = std::get_if<core::AttemptStarted>(&record.payload)) {
        ++counters_.attempts_started;
        count_wait(*started, *job, record.at);
    } else if (const auto* end = std::get_if<core::AttemptEnded>(&record.payload)) {
        ++counters_.attempts_ended;
        counters_.retries += end->retry_in_ms ? 1U : 0U;
    } else if (std::holds_alternative<core::DeadLettered>(record.payload)) {
        ++counters_.dead_letters;
    } else if (const auto* gone = std::get_if<core::ContentCollected>(&record.payload)) {
        counters_.collected_files += gone->files;
        counters_.collected_bodies += gone->bodies;
        counters_.collected_bytes += gone->bytes;
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

void Engine::count_wait(const core::AttemptStarted& started, const core::Job& job, WallTime at) {
    const core::InstanceIndex i =
        job.instance_of(job.definition->find(started.node), started.item);
    if (!job.takes_no_slot(job.instances[i])) {
        const WallTime since = core::ready_node(job, i).since;
        counters_.waits[static_cast<std::size_t>(job.priority)].observe(job_bounds_us, at - since);
    }
    if (started.is_first) {
        counters_.first_waits.observe(job_bounds_us, at - job.created_at);
    }
}

// A slot is free, and something might start: that is so only while a batch is full.
void Engine::count_idle(Now now) {
    if (idle_since_) {
        counters_.idle_us_sum += static_cast<std::uint64_t>((now.mono - *idle_since_).us);
    }
    const bool is_idle = state_.slots_used < options_.slots && state_.queue.local().has_work();
    idle_since_ = is_idle ? std::optional(now.mono) : std::nullopt;
}

}  // namespace attacca::engine
