// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/apply.h"
#include "core/decide.h"
#include "engine/answer.h"
#include "engine/batch.h"
#include "engine/claims.h"
#include "engine/definitions.h"
#include "engine/gateway.h"
#include "engine/recent_bodies.h"
#include "engine/schedule_clock.h"
#include "engine/scribe.h"
#include "engine/timers.h"
#include "ports/entropy.h"
#include "ports/runner.h"

// One partition's engine without threads: commands in, batches out, effects after the commit.
//
// Whoever drives it (host.h in the product, the simulator in tests) calls, from one thread:
//   handle() for each command, run_due() for timers and free slots, cut() when the committer is
//   free, committed() with its result. Between cut() and committed() a batch is in flight, and the
//   next one is being decided; there are never more.
//
// Nothing leaves before it is durable: answers, starts, stops, timers and acknowledgements of a
// decision are kept with the newest batch that the decision could see, and released by committed().

namespace attacca::engine {

struct EngineOptions {
    std::uint32_t slots = 4;
    std::string worker = "local";
    std::string work_root;
    std::uint32_t batch_records_max = 8192;
    std::size_t batch_bytes_max = std::size_t{4} << 20U;
    // From so many jobs that have not started on, only tenants with few of them get more in.
    std::uint64_t queued_max = 1'000'000;
    core::BreakerRules breakers;
    Duration lane_quiet = core::lane_quiet_default;  // core/reservation
    bool fires_schedules = false;
    ports::Zones* zones = nullptr;  // of schedules; without them only UTC is known
    ports::SealKeys* seal_keys = nullptr;  // without them no sealed job can be folded
    // Ids of the jobs that schedules start, in order with those of the edges; may be empty.
    std::function<core::JobId()> new_job_id = {};
};

class Engine {
  public:
    Engine(EngineOptions options,
           ports::StoreReader& reader,
           ports::Runner& runner,
           ports::Entropy& entropy);

    // Takes over a state that recovery folded. Everything pending is dropped without an answer.
    // `first`: what stands in front of everything that follows from the state; may be null.
    void load(core::State state, Now now, const core::Payload* first = nullptr);

    void handle(core::Command command, AnswerHandler handler, Now now);
    // Whether the entity is so, everything decided so far included. A job that is not live changes
    // no more: it is for whoever reads its row to judge, and here it is let pass.
    [[nodiscard]] bool meets(const Condition& condition) const;
    // Answers without a decision, when what was decided before is durable.
    void refuse(Error error, AnswerHandler handler);
    // Fires timers that are due and starts what may start, up to a full batch.
    void run_due(Now now);
    // Claims that wait are answered with nothing.
    void end_claims();
    [[nodiscard]] bool has_room() const;
    // What is open so far gets its place and its bytes.
    void write_open(Scribe& scribe) { scribe.write(open_); }
    // The open batch, when it is not empty and none is in flight.
    [[nodiscard]] std::optional<Batch> cut();
    // The answers that wait for the batch that was cut just now: whoever commits it gives them as
    // soon as it is durable, one change of threads earlier. What is left is given by committed().
    [[nodiscard]] std::vector<Answered> take_answers();
    // The batch in flight is durable: releases what waited for it.
    void committed(const BatchResult& result);
    // The batch in flight failed: everything pending is answered with the error, then dropped. The
    // state is void until load().
    void fail_pending(const Error& error);

    [[nodiscard]] std::optional<MonoTime> next_timer() const;
    // The next moment of a schedule, by wall time.
    [[nodiscard]] std::optional<WallTime> next_schedule() const {
        return options_.fires_schedules ? schedules_.next() : std::nullopt;
    }
    // When a limit of a tenant lets something start that waits, by wall time.
    [[nodiscard]] std::optional<WallTime> next_start() const { return state_.queue.next_wake(); }
    [[nodiscard]] bool is_in_flight() const { return in_flight_.has_value(); }
    [[nodiscard]] bool has_open_records() const { return !open_.records.empty(); }
    // Somebody waits for the open batch: a caller for its answer, or an attempt for its start.
    [[nodiscard]] bool is_awaited() const {
        return !open_pending_.answers.empty() || !open_pending_.effects.empty();
    }
    [[nodiscard]] const core::State& state() const { return state_; }
    [[nodiscard]] const Counters& counters() const { return counters_; }
    [[nodiscard]] Definitions& definitions() { return definitions_; }
    [[nodiscard]] std::uint32_t slots() const { return options_.slots; }

  private:
    // What a batch releases when it is durable.
    struct Pending {
        std::vector<Answered> answers;
        std::vector<core::Effect> effects;
        std::vector<core::FenceToken> acknowledged;
        std::vector<std::pair<core::JobState, Duration>> job_times;  // of jobs that ended
        [[nodiscard]] bool empty() const {
            return answers.empty() && effects.empty() && acknowledged.empty();
        }
    };

    void take(core::Decision&& decision, AnswerHandler handler);
    void take_claim(core::Claim claim, AnswerHandler handler, Now now);
    [[nodiscard]] core::Leased grant(const core::Claim& claim, Now now);
    void serve_claims(Now now);
    // Starts what takes no slot, or a local one, as long as there is any.
    void start_ready(Now now);
    // Something is ready that may start now, here or at a worker that waits.
    [[nodiscard]] bool has_more(Now now);
    void answer(AnswerHandler handler, core::Answer answer);
    void collect(core::CollectContent command, AnswerHandler handler, Now now);
    void apply_record(core::Record&& record);
    void settle(const core::JobId& job, Now now);
    void settle_touched(Now now);
    void count(const core::Record& record, const core::Job* job);
    void count_wait(const core::AttemptStarted& started, const core::Job& job, WallTime at);
    void count_idle(Now now);
    void fire_schedules(Now now);
    [[nodiscard]] core::JobId new_job_id(Now now);
    [[nodiscard]] std::map<std::string, std::string> take_images();
    [[nodiscard]] bool is_wanted(const core::FireTimer& timer) const;
    void add_job_image(core::Job& job);
    std::vector<ports::TenantRow> take_dirty_tenants();
    void release(Pending pending);
    Pending& newest_pending();

    EngineOptions options_;
    ports::Runner& runner_;
    ports::Entropy& entropy_;
    Definitions definitions_;
    core::State state_;
    Timers timers_;
    Claims claims_;
    ScheduleClock schedules_;
    RecentBodies recent_bodies_;
    Counters counters_;
    std::optional<MonoTime> idle_since_;  // a slot is free, and something might start

    std::uint64_t next_number_ = 1;
    Batch open_;
    std::size_t open_bytes_ = 0;
    Pending open_pending_;
    std::set<std::string> open_entities_;  // that are no jobs, with records in the open batch
    std::vector<core::JobId> touched_;  // jobs with records since the last settling
    struct InFlight {
        std::uint64_t number;
        Pending pending;
    };
    std::optional<InFlight> in_flight_;
};

}  // namespace attacca::engine
