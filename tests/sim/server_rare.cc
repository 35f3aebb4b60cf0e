// SPDX-License-Identifier: Apache-2.0
#include <set>
#include <utility>
#include <variant>
#include <vector>

#include "invariants/i16_jobs_are_conserved.h"
#include "invariants/i23_counters_equal_a_recount.h"
#include "invariants/i23_one_at_a_time.h"
#include "server.h"
#include "state_check.h"

// What a server seldom does: stop in an orderly way, start on a damaged store; and its recounts.

namespace attacca::sim {

// While nothing runs, the row or the last record of a live job becomes unreadable.
void Server::damage() {
    if (!context_.has_fault(context_.knobs.damage_per_start)) {
        return;
    }
    const std::vector<std::uint32_t>& live = context_.durable.live_jobs();
    if (live.empty()) {
        return;
    }
    const std::uint32_t index =
        live[context_.prng.below(static_cast<std::uint32_t>(live.size()))];
    const bool is_row = context_.prng.chance(500);
    if (context_.durable.at(index).is_gone()) {
        return;
    }
    context_.marks.hit(is_row ? Mark::row_set_aside : Mark::record_set_aside);
    context_.durable.set_aside(index);
    backend_.damage(context_.durable.at(index).id, is_row);
    noted_state_.reset();
    has_stopped_clean_ = false;
}

// As the host does: each once for a process, and once more when there was no space for it.
void Server::note_start(const engine::Recovered& recovered) {
    const Now now = context_.clock.now();
    if (!is_start_durable_) {
        if (is_in_reload_) {
            context_.marks.hit(Mark::note_repeated_after_full);
        }
        engine_->handle(core::NoteLedger{core::LedgerStarted{"0", recovered.tail.size, {}}}, {},
                        now);
    }
    for (const std::string& what : noting_) {
        set_aside_.erase(what);
    }
    noting_.clear();
    for (const engine::Quarantine& found : recovered.quarantined) {
        if (set_aside_.insert(found.what).second) {
            noting_.push_back(found.what);
            engine_->handle(core::NoteLedger{core::Quarantined{found.what, "damaged"}}, {}, now);
        }
    }
}

// Attempts of which nobody will tell the end.
void Server::post_lost(const engine::Recovered& recovered, bool is_reload) {
    std::set<core::FenceToken> alive;
    for (const core::FenceToken fence : workers_.report_again()) {
        alive.insert(fence);
    }
    if (is_reload) {
        for (const Item& item : mailbox_) {
            if (const auto* report = std::get_if<core::ReportAttempt>(&item.command)) {
                alive.insert(report->report.fence);
            }
        }
    }
    for (const auto& [id, i] : recovered.running) {
        const core::Job* job = engine_->state().find(id);
        if (job == nullptr || alive.contains(job->instances[i].fence) ||
            engine_->state().leases.contains(job->instances[i].fence)) {
            continue;
        }
        core::ReportAttempt lost;
        lost.report.job = id;
        lost.report.instance = i;
        lost.report.fence = job->instances[i].fence;
        lost.report.outcome = recovered.was_stopped_in_order ? core::Outcome::stopped
                                                             : core::Outcome::lost;
        mailbox_.push_back({std::move(lost), {}});
    }
}

// What the host's loop does at its end while it stops: waits for what runs, notes the stop, and is
// gone when that is durable. On a full disk it goes without a note, when the grace is over.
void Server::drain() {
    if (is_full_ && must_finish_) {
        finish_stop();
        return;
    }
    const bool has_running = engine_->state().slots_used > 0;
    if (is_full_ || !is_quiet() || (has_running && !must_finish_)) {
        return;
    }
    if (has_noted_stop_) {
        finish_stop();
        return;
    }
    has_noted_stop_ = true;
    engine_->handle(core::NoteLedger{core::LedgerStopped{}}, {}, context_.clock.now());
    cut();
}

void Server::finish_stop() {
    const bool is_whole = is_quiet() && !is_full_;
    if (is_whole) {
        on_stopped();
        backend_.stop();
        noted_state_ = digest_of(engine_->state());
        if (!context_.durable.is_stop_noted()) {
            context_.violations.report("I26", "an orderly stop is not in the ledger");
        }
    }
    const bool is_idle = engine_->state().slots_used == 0;
    context_.marks.hit(is_idle ? Mark::stopped_in_order : Mark::stopped_while_attempts_ran);
    has_stopped_clean_ = is_whole && is_idle;
    die(false);
}

void Server::on_shut_down() {
    if (!is_up() || is_stopping_ || context_.is_healing) {
        return;
    }
    is_stopping_ = true;
    const bool is_short = context_.prng.chance(300);
    context_.after(context_.about(is_short ? 2000 : 3'000'000), EventKind::grace_end, process_, 0);
    if (context_.queue.now() >= stalled_until_) {
        pump();
    }
}

void Server::on_grace_end(std::uint32_t process) {
    if (process != process_ || !is_up()) {
        return;
    }
    must_finish_ = true;
    if (context_.queue.now() >= stalled_until_) {
        pump();
    }
}

void Server::recount() {
    workers_.check_stopped();
    if (!is_up()) {
        return;
    }
    check_counters(context_.violations, engine_->state());
    check_key_lines(context_.violations, context_.marks, engine_->state());
    check_lock_lines(context_.violations, context_.marks, engine_->state());
    check_conservation(context_.violations, loaded_counters_, loaded_jobs_, engine_->counters(),
                       engine_->state().slot_of.size());
    if (!engine_->is_in_flight() && !engine_->has_open_records()) {
        check_against_reference(context_.violations, engine_->state(), context_.durable);
    }
    check_deadlines();
    check_schedules();
}

// I18: an occurrence whose time has come is decided before long, unless nobody is there.
void Server::check_schedules() {
    constexpr std::int64_t slack_us = 10'000'000;
    const bool is_undisturbed = !is_stopping_ && !is_full_ &&
                                context_.queue.now() > undisturbed_from_ + 2 * slack_us;
    if (is_undisturbed) {
        context_.durable.schedules().check_not_overdue(context_.clock.now().wall.us - slack_us);
    }
}

// The batch in flight, when the process dies before it knows of its end.
void Server::note_lost_batch(bool is_kept) {
    for (const engine::PlacedRecord& placed : flight_->batch.records) {
        if (std::holds_alternative<core::ScheduleFired>(placed.record.payload)) {
            context_.marks.hit(is_kept ? Mark::occurrence_kept_in_crash
                                       : Mark::occurrence_lost_in_crash);
        } else if (std::holds_alternative<core::EntriesPruned>(placed.record.payload)) {
            context_.marks.hit(is_kept ? Mark::pruning_kept_in_crash
                                       : Mark::pruning_lost_in_crash);
        }
    }
}

// A job's time-out counts from its first start; this process must have armed the timer.
void Server::check_deadlines() {
    constexpr std::int64_t slack_us = 10'000'000;
    if (is_stopping_) {
        return;  // it fires nothing any more; the next process does
    }
    for (const std::uint32_t index : context_.durable.live_jobs()) {
        const RefJob& job = context_.durable.at(index);
        const bool is_bound = !job.is_gone() && !job.is_cancelling && job.started_virtual != 0 &&
                              !job.are_all_final(false);
        const std::int64_t due = job.started_virtual + job.blueprint->timeout_ms * 1000;
        if (is_bound && context_.queue.now() > due + slack_us) {
            context_.violations.report("I09", "the deadline of job " + job.id.text() +
                                                  " has passed and nothing happened");
        }
    }
}

}  // namespace attacca::sim
