// SPDX-License-Identifier: Apache-2.0
#include "server.h"

#include <algorithm>
#include <set>
#include <utility>
#include <variant>

#include "invariants/i01_damage_costs_its_own_job.h"
#include "invariants/i23_counters_equal_a_recount.h"
#include "invariants/i23_limits_and_slots.h"
#include "invariants/i23_one_at_a_time.h"
#include "state_check.h"

namespace attacca::sim {

Server::Server(Context& context)
    : context_(context),
      backend_(context),
      workers_(context, [this](core::AttemptReport report, engine::AnswerHandler handler) {
          if (is_up()) {
              deliver(core::ReportAttempt{std::move(report), 0}, std::move(handler));
          }
      }),
      fleet_(context, [this](core::Command command, engine::AnswerHandler handler) {
          if (is_up()) {
              deliver(std::move(command), std::move(handler));
          }
          return is_up();
      }) {}

void Server::boot() {
    start_process();
}

bool Server::has_open_work() const {
    return engine_->has_open_records() || engine_->is_in_flight() || !mailbox_.empty();
}

bool Server::is_quiet() const {
    return is_up() && !has_open_work();
}

void Server::start_process() {
    ++process_;
    restarted_at_ = context_.queue.now();
    undisturbed_from_ = restarted_at_;
    context_.leaves_left = -1;
    context_.clock.begin_process(context_.queue.now(), context_.prng.between(1, 1'000'000'000));
    timer_at_ = -1;
    opened_at_ = -1;
    stalled_until_ = 0;
    is_full_ = false;
    is_stopping_ = false;
    must_finish_ = false;
    has_noted_stop_ = false;
    is_start_durable_ = false;
    noting_.clear();
    set_aside_.clear();
    prune_again();
    damage();
    engine::EngineOptions options;
    options.slots = context_.knobs.slots;
    options.batch_records_max = context_.knobs.batch_records_max;
    options.breakers = context_.knobs.breakers;
    options.lane_quiet = context_.knobs.lane_quiet;
    options.fires_schedules = true;
    options.new_job_id = [this] { return context_.add_intent().id; };
    engine_ = std::make_unique<engine::Engine>(options, backend_.reader(), workers_,
                                               context_.entropy);
    Result<engine::Recovered> recovered = backend_.recover(engine_->definitions());
    if (!recovered) {
        context_.violations.report("I01", "recovery failed: " + recovered.error().text());
        return;
    }
    check_set_aside(context_.violations, context_.durable, recovered->quarantined);
    check_against_reference(context_.violations, recovered->state, context_.durable);
    mark_exclusion(context_.marks, recovered->state);
    context_.durable.lanes().check_found(context_.violations, context_.marks, recovered->state);
    check_orderly_start(context_.violations, std::exchange(has_stopped_clean_, false),
                        recovered->state.slots_used);
    if (noted_state_) {
        context_.marks.hit(Mark::digest_compared);
        if (*noted_state_ != digest_of(recovered->state)) {
            context_.violations.report("I26", "the recovered state is not the one that was lost");
        }
        noted_state_.reset();
    }
    context_.durable.begin_process(context_.knobs.wall_jump_every_us == 0);
    load(*recovered);
    note_start(*recovered);
    post_lost(*recovered, false);
    pump();
}

void Server::load(engine::Recovered& recovered) {
    loaded_counters_ = engine_->counters();
    loaded_jobs_ = recovered.state.slot_of.size();
    engine_->load(std::move(recovered.state), context_.clock.now());
}

namespace {

// What the host refuses while it stops, or its storage is full.
bool is_new_work(const core::Command& command) {
    return std::holds_alternative<core::SubmitJobs>(command) ||
           std::holds_alternative<core::Claim>(command) ||
           std::holds_alternative<core::SetSchedule>(command) ||
           std::holds_alternative<core::TriggerSchedule>(command) ||
           std::holds_alternative<core::BackfillSchedule>(command) ||
           std::holds_alternative<core::ApplyWorkflow>(command);
}

}  // namespace

void Server::deliver(core::Command command, engine::AnswerHandler handler) {
    if (is_stopping_ && is_new_work(command)) {
        context_.marks.hit(Mark::stop_refused_submission);
        handler(fail(Problem::shutting_down, {}));
        return;
    }
    mailbox_.push_back({std::move(command), std::move(handler)});
    if (is_in_reload_ || context_.queue.now() < stalled_until_) {
        return;
    }
    if (context_.has_fault(context_.knobs.stall)) {
        context_.marks.hit(Mark::engine_stalled);
        stalled_until_ = context_.queue.now() + context_.about(20'000);
        context_.queue.push(stalled_until_, EventKind::stall_end, process_, 0);
        return;
    }
    pump();
}

// One round of the host's engine thread.
void Server::pump() {
    const Now now = context_.clock.now();
    const bool had_records = engine_->has_open_records();
    open_wall_ = {std::min(open_wall_.from, now.wall.us), std::max(open_wall_.until, now.wall.us)};
    while (!mailbox_.empty() && engine_->has_room()) {
        Item item = std::move(mailbox_.front());
        mailbox_.pop_front();
        take(std::move(item));
    }
    if (!mailbox_.empty()) {
        context_.marks.hit(Mark::batch_at_its_limit);
    }
    if (is_full_ || is_stopping_) {
        engine_->end_claims();
    } else {
        engine_->run_due(now);
        if (engine_->has_room()) {
            check_work_is_conserved(context_.violations, context_.marks, engine_->state(),
                                    context_.knobs.slots, now.wall);
        }
    }
    if (!had_records && engine_->has_open_records()) {
        opened_at_ = context_.queue.now();
    }
    cut();
    if (is_quiet()) {
        backend_.rest();
    }
    arm_timer();
    check_slots(context_.violations, engine_->state(), context_.knobs.slots);
    if (is_stopping_) {
        drain();
    }
}

void Server::take(Item item) {
    if (is_full_ && is_new_work(item.command)) {
        context_.marks.hit(Mark::full_refused_submission);
        item.handler(fail(Problem::storage_full, {}));
        return;
    }
    engine_->handle(std::move(item.command), std::move(item.handler), context_.clock.now());
}

void Server::arm_timer() {
    std::optional<MonoTime> next = engine_->next_timer();
    // By wall time, which may jump meanwhile: it is looked at again before long.
    for (const std::optional<WallTime>& moment :
         {engine_->next_start(), engine_->next_schedule()}) {
        if (!moment) {
            continue;
        }
        const Now now = context_.clock.now();
        const Duration wait = std::clamp(*moment - now.wall, Duration{0}, seconds(10));
        next = std::min(next.value_or(now.mono + wait), now.mono + wait);
    }
    if (!next || is_full_ || is_stopping_ || !engine_->has_room()) {
        return;
    }
    const std::int64_t at = std::max(context_.queue.now() + 1, context_.clock.virtual_of(*next));
    if (timer_at_ < 0 || at < timer_at_) {
        timer_at_ = at;
        context_.queue.push(at, EventKind::timer, process_, 0);
    }
}

void Server::cut() {
    std::optional<engine::Batch> batch = engine_->cut();
    if (!batch) {
        return;
    }
    Flight flight;
    flight.number = batch->number;
    const std::int64_t wall = context_.clock.now().wall.us;
    flight.decided = {opened_at_ < 0 ? restarted_at_ : opened_at_, context_.queue.now(),
                      {std::min(open_wall_.from, wall), std::max(open_wall_.until, wall)}};
    open_wall_ = {INT64_MAX, INT64_MIN};
    flight.batch = std::move(*batch);
    opened_at_ = -1;
    if (context_.has_fault(context_.knobs.crash_per_batch)) {
        flight.plan = static_cast<CrashPlan>(1 + context_.prng.below(4));
        if (flight.plan != CrashPlan::before_lost) {
            noted_state_ = digest_of(engine_->state());
        }
    }
    flight_ = std::move(flight);
    context_.after(context_.about(context_.knobs.commit_us), EventKind::synced, process_, 0);
}

void Server::make_durable() {
    flight_->is_synced = true;
    backend_.commit(flight_->batch, ports::CommitOutcome::committed);
    context_.durable.store(flight_->batch, flight_->decided);
    const WallTime wall = context_.clock.now().wall;
    if (context_.durable.forget_keys(wall)) {
        backend_.forget_keys(wall);
    }
}

void Server::on_synced(std::uint32_t process) {
    if (process != process_ || !flight_) {
        return;
    }
    if (flight_->plan == CrashPlan::before_lost || flight_->plan == CrashPlan::before_kept) {
        die(flight_->plan == CrashPlan::before_kept);
        return;
    }
    if (flight_->plan == CrashPlan::none) {
        if (context_.has_fault(context_.knobs.unknown_per_batch)) {
            const bool is_kept = context_.prng.chance(500);
            context_.marks.hit(is_kept ? Mark::commit_unknown_kept : Mark::commit_unknown_lost);
            if (!is_kept) {
                backend_.commit(flight_->batch, ports::CommitOutcome::unknown);
            }
            die(is_kept);
            return;
        }
        if (context_.has_fault(context_.knobs.full_per_batch)) {
            flight_->is_full = true;
            backend_.commit(flight_->batch, ports::CommitOutcome::full);
            context_.after(context_.about(30), EventKind::result, process_, 0);
            return;
        }
    }
    make_durable();
    if (flight_->plan == CrashPlan::after_sync) {
        context_.marks.hit(Mark::crash_after_sync);
        die(true);
        return;
    }
    context_.after(context_.about(30), EventKind::result, process_, 0);
}

void Server::on_result(std::uint32_t process) {
    if (process != process_ || !flight_) {
        return;
    }
    if (flight_->is_full) {
        reload_after_full();
        return;
    }
    engine::BatchResult result;
    result.number = flight_->number;
    result.size = context_.durable.size();
    const bool dies = flight_->plan == CrashPlan::in_release;
    if (dies) {
        context_.leaves_left = context_.prng.below(4);
    }
    flight_.reset();
    is_start_durable_ = true;
    noting_.clear();
    engine_->committed(result);
    if (dies) {
        context_.marks.hit(Mark::crash_within_release);
        die(true);
        return;
    }
    pump();
}

// Nothing of the failed batches was answered with success: the state is read from the store again,
// the children run on, and what was reported but never became durable is reported once more.
void Server::reload_after_full() {
    context_.marks.hit(Mark::commit_full);
    is_full_ = true;
    has_noted_stop_ = false;
    flight_.reset();
    opened_at_ = -1;
    is_in_reload_ = true;
    engine_->fail_pending(fail(Problem::storage_full, {}));
    engine_->definitions().clear();
    Result<engine::Recovered> recovered = backend_.recover(engine_->definitions());
    if (!recovered) {
        context_.violations.report("I01", "reloading failed: " + recovered.error().text());
        return;
    }
    check_against_reference(context_.violations, recovered->state, context_.durable);
    context_.durable.begin_process(context_.knobs.wall_jump_every_us == 0);
    restarted_at_ = context_.queue.now();
    timer_at_ = -1;
    load(*recovered);
    note_start(*recovered);
    post_lost(*recovered, true);
    is_in_reload_ = false;
    context_.after(1'000'000, EventKind::space, process_, 0);
    pump();
}

void Server::on_space(std::uint32_t process) {
    if (process != process_ || !is_full_) {
        return;
    }
    if (context_.is_healing || context_.prng.chance(500)) {
        is_full_ = false;
        undisturbed_from_ = context_.queue.now();
        pump();
    } else {
        context_.after(1'000'000, EventKind::space, process_, 0);
    }
}

void Server::on_timer(std::uint32_t process) {
    // A timer that an earlier one has overtaken is void; it must not breed another.
    const bool is_void = timer_at_ < 0 || timer_at_ > context_.queue.now();
    if (process != process_ || !is_up() || is_void) {
        return;
    }
    timer_at_ = -1;
    if (context_.queue.now() >= stalled_until_) {
        pump();
    }
}

void Server::on_stall_end(std::uint32_t process) {
    if (process == process_ && is_up()) {
        pump();
    }
}

void Server::on_crash() {
    if (!is_up() || context_.is_healing) {
        return;
    }
    if (context_.queue.now() - restarted_at_ < 5000) {
        context_.marks.hit(Mark::crash_soon_after_restart);
    }
    if (!has_open_work()) {
        context_.marks.hit(Mark::crash_when_idle);
        noted_state_ = digest_of(engine_->state());
    } else if (!flight_ || flight_->plan == CrashPlan::none) {
        noted_state_.reset();
    }
    die(context_.prng.chance(500));
}

void Server::die(bool is_batch_kept) {
    if (flight_ && !flight_->is_synced) {
        context_.marks.hit(is_batch_kept ? Mark::crash_before_sync_kept
                                         : Mark::crash_before_sync_lost);
        note_lost_batch(is_batch_kept);
        if (is_batch_kept) {
            make_durable();
        } else {
            noted_state_.reset();
        }
    }
    flight_.reset();
    engine_.reset();
    mailbox_.clear();
    ++process_;
    workers_.on_server_crash();
    fleet_.on_server_death();
    context_.leaves_left = -1;
    on_death();
    context_.after(context_.about(100'000), EventKind::restart, 0, 0);
}

void Server::on_restart() {
    start_process();
}

}  // namespace attacca::sim
