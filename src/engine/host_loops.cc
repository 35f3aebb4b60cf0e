// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>
#include <variant>

#include "engine/host.h"

// The two threads of the host: one decides and releases, one commits.

namespace attacca::engine {
namespace {

constexpr Duration idle_before_signature = seconds(1);
constexpr Duration restore_interval = seconds(1);
constexpr Duration wall_interval = seconds(10);
// How long a batch that nobody waits for stays open, so that what comes next shares its fsync: less
// than an fsync of most disks. A client that submits one job after the other would otherwise wait
// for the end of its last job to be stored before its next job can be.
constexpr Duration linger{300};  // microseconds
// A batch that the engine's thread may commit itself is not larger: what comes meanwhile waits.
constexpr std::size_t lonely_records_max = 64;

// What is answered to everything that waited for a batch which was not committed.
Error refusal_of(const BatchResult& result) {
    return result.commit.outcome == ports::CommitOutcome::full
               ? fail(Problem::storage_full, full_hint)
               : fail(Problem::io_error, result.commit.detail);
}

}  // namespace

void Host::engine_loop() {
    for (;;) {
        const bool has_backlog = backlog_head_ < backlog_.size();
        const bool is_held_back = is_full_ && clock_.now().mono < work_at_;
        const bool may_work = engine_->has_room() && !is_held_back;
        // A backlog waits for the batch in flight; without one it can go on at once.
        std::optional<Duration> timeout = time_to_next(clock_.now());
        if (!is_held_back && ((has_backlog && may_work) || !engine_->is_in_flight())) {
            timeout = has_backlog ? Duration{0} : time_to_cut(timeout);
        }
        Mailbox::Taken taken = mailbox_.wait(!has_backlog, timeout);
        if (taken.result) {
            on_result(*taken.result);
        }
        for (MailItem& item : taken.items) {
            backlog_.push_back(std::move(item));
        }
        const Now now = clock_.now();
        try_restore(now);
        const bool may_start = !is_stopping_ && !is_full_;
        if (may_start) {
            // First what is due, then what came: a flood of submissions that fills every batch must
            // not keep what was accepted before it from starting.
            engine_->run_due(now);
        }
        if (!may_start) {
            engine_->end_claims();
        }
        const bool may_store = !is_full_ || now.mono >= work_at_;
        if (may_store && !is_stopping_) {
            note_tick(now);
        }
        if (may_store) {
            work_off_backlog(now);
        }
        if (may_start) {
            engine_->run_due(now);
        }
        is_draining_ = is_draining_ || (is_stopping_ && !is_full_);
        // While the batch before it is being stored, so that the committer finds this done.
        engine_->write_open(*scribe_);
        if (may_store && !may_linger(now)) {
            if (std::optional<Batch> batch = engine_->cut()) {
                commit_or_hand_over(std::move(*batch));
            }
        }
        publish();
        const bool is_idle = !engine_->is_in_flight() && !engine_->has_open_records() &&
                             backlog_.empty();
        const bool has_running = engine_->state().slots_used > 0;
        if (is_draining_ && is_idle && (!has_running || must_finish_)) {
            if (has_noted_stop_) {
                is_finished_ = true;
                return;
            }
            has_noted_stop_ = true;
            engine_->handle(core::NoteLedger{core::LedgerStopped{}}, {}, now);
        }
        if (must_finish_ && is_full_) {
            is_finished_ = true;
            return;
        }
    }
}

// A record where none came for a while, in front of whatever comes next: so that nobody can cut the
// end off while nothing happens, and go on as if it had not been. While the storage is full only
// when there is something else to be stored.
void Host::note_tick(Now now) {
    const Duration silence = now.wall - engine_->state().last_at;
    was_full_ = was_full_ || is_full_;
    if (silence < options_.tick_period || engine_->state().size == 0 ||
        (is_full_ && backlog_.empty())) {
        return;
    }
    core::LedgerTick tick;
    if (silence.us > 2 * options_.tick_period.us) {
        tick.why = was_full_ ? "storage_full" : "clock";
    }
    was_full_ = is_full_;
    engine_->handle(core::NoteLedger{tick}, {}, now);
}

void Host::work_off_backlog(Now now) {
    while (backlog_head_ < backlog_.size() && engine_->has_room()) {
        MailItem& item = backlog_[backlog_head_++];
        if (is_full_ && (std::holds_alternative<core::SubmitJobs>(item.command) ||
                         std::holds_alternative<core::Claim>(item.command))) {
            item.handler(fail(Problem::storage_full, full_hint));
        } else if (item.condition != nullptr && !engine_->meets(*item.condition)) {
            engine_->refuse(fail(Problem::precondition_failed, unmet_hint),
                            std::move(item.handler));
        } else {
            engine_->handle(std::move(item.command), std::move(item.handler), now);
        }
    }
    if (backlog_head_ == backlog_.size()) {
        backlog_.clear();
        backlog_head_ = 0;
    }
}

bool Host::may_linger(Now now) {
    if (!engine_->has_open_records() || engine_->is_awaited() || is_stopping_ || is_full_) {
        linger_until_.reset();
        return false;
    }
    if (!linger_until_) {
        linger_until_ = now.mono + linger;
    }
    return now.mono < *linger_until_;
}

// At most `timeout`; no time at all when the open batch is to be cut now.
std::optional<Duration> Host::time_to_cut(std::optional<Duration> timeout) const {
    if (!engine_->has_open_records()) {
        return timeout;
    }
    if (!linger_until_) {
        return Duration{0};
    }
    const Duration left = std::max(Duration{0}, *linger_until_ - clock_.now().mono);
    return timeout ? std::min(*timeout, left) : left;
}

std::optional<Duration> Host::time_to_next(Now now) const {
    std::optional<Duration> timeout;
    // A timer that cannot be fired now (no space, no room in the batch) must not wake anybody.
    if (const std::optional<MonoTime> next = engine_->next_timer(); next && engine_->has_room()) {
        timeout = std::max(Duration{0}, *next - now.mono);
    }
    // By wall time, which may be set meanwhile: it is looked at again before long.
    for (const std::optional<WallTime> next : {engine_->next_schedule(), engine_->next_start()}) {
        if (next && engine_->has_room()) {
            const Duration wait = std::clamp(*next - now.wall, Duration{0}, wall_interval);
            timeout = std::min(timeout.value_or(wait), wait);
        }
    }
    const Duration tick = std::clamp(engine_->state().last_at + options_.tick_period - now.wall,
                                     Duration{0}, options_.tick_period);
    timeout = std::min(timeout.value_or(tick), tick);
    if (is_full_) {
        timeout = restore_interval;
    }
    if (is_stopping_) {
        timeout = milliseconds(20);
    }
    return timeout;
}

void Host::on_result(const BatchResult& result) {
    switch (result.commit.outcome) {
        case ports::CommitOutcome::committed: {
            is_start_durable_ = true;
            noting_.clear();
            engine_->committed(result);
            if (options_.on_batch) {
                options_.on_batch(result);
            }
            const std::lock_guard lock(listener_mutex_);
            for (const auto& [number, listener] : listeners_) {
                listener(result.size);
            }
            return;
        }
        case ports::CommitOutcome::full: on_full(result); return;
        case ports::CommitOutcome::unknown: {
            const Error error = refusal_of(result);
            refuse_pending(error);
            options_.on_fatal(error);
            return;
        }
    }
    ATTACCA_CHECK(false);
}

void Host::on_full(const BatchResult& result) {
    log("warning", "the storage is full: " + result.commit.detail);
    const MonoTime now = clock_.now().mono;
    // With the reserve gone as well, what is to be stored is tried once a second: each try that
    // fails costs a reload.
    work_at_ = is_full_ ? now + restore_interval : now;
    is_full_ = true;
    has_noted_stop_ = false;
    reserve_.release();
    restore_at_ = now + restore_interval;
    refuse_pending(refusal_of(result));
    const Result<void> loaded = load(true);
    if (!loaded) {
        options_.on_fatal(loaded.error());
    }
}

// What waited for the batch that failed, then what came after it.
void Host::refuse_pending(const Error& error) {
    std::vector<Answered> answers;
    {
        const std::lock_guard lock(batch_mutex_);
        answers = std::exchange(next_answers_, {});
    }
    for (const Answered& answered : answers) {
        answered.handler(error);
    }
    engine_->fail_pending(error);
}

void Host::try_restore(Now now) {
    if (!is_full_ || now.mono < restore_at_) {
        return;
    }
    restore_at_ = now.mono + restore_interval;
    if (reserve_.restore()) {
        is_full_ = false;
        log("info", "there is space again: submissions are accepted");
    }
}

void Host::commit_or_hand_over(Batch batch) {
    std::vector<Answered> answers = engine_->take_answers();
    const bool is_lonely = answers.size() == 1 && batch.records.size() <= lonely_records_max &&
                           backlog_.empty() && mailbox_.depth() == 0;
    if (is_lonely && commit_here(batch, answers)) {
        return;
    }
    {
        const std::lock_guard lock(batch_mutex_);
        ATTACCA_CHECK(!next_batch_);
        next_batch_ = std::move(batch);
        next_answers_ = std::move(answers);
    }
    batch_changed_.notify_one();
}

// False when the committer still signs what is in front of it: nothing was done.
bool Host::commit_here(Batch& batch, std::vector<Answered>& answers) {
    std::unique_lock committing(committing_mutex_, std::try_to_lock);
    if (!committing) {
        return false;
    }
    const BatchResult result = commit(std::move(batch), std::move(answers), [](const auto&) {});
    committing.unlock();
    on_result(result);
    return true;
}

void Host::committer_loop() {
    std::unique_lock lock(batch_mutex_);
    for (;;) {
        const bool has_work = batch_changed_.wait_for(
            lock, std::chrono::microseconds(idle_before_signature.us),
            [&] {
                return next_batch_.has_value() || cosigned_.has_value() || is_committer_done_;
            });
        std::optional<Batch> batch = std::exchange(next_batch_, std::nullopt);
        // Without a batch they are those of one that failed, and the engine's thread refuses them.
        std::vector<Answered> answers;
        if (batch) {
            answers.swap(next_answers_);
        }
        const auto cosigned = std::exchange(cosigned_, std::nullopt);
        const bool is_done = is_committer_done_;
        lock.unlock();
        const std::lock_guard committing(committing_mutex_);
        if (cosigned) {
            committer_->adopt(cosigned->first, cosigned->second);
            publish_signed(committer_->signed_tree());
        }
        if (batch) {
            const auto tell = [this](const BatchResult& of) { mailbox_.put_result(of); };
            (void)commit(std::move(*batch), std::move(answers), tell);
        }
        if (must_maintain_) {
            must_maintain_ = false;
            store_.maintain(clock_.now().wall);
        } else if (!has_work) {
            committer_->store_signature();  // when idle, it need not wait for the next batch
        }
        if (is_done && !batch) {
            committer_->store_signature();
            return;
        }
        lock.lock();
    }
}

// Under committing_mutex_. Answers go out before the signature is made, and `tell` is called in
// between. Who got an answer finds its receipt all the same: to ask for the signed tree waits for
// the mutex.
BatchResult Host::commit(Batch batch, std::vector<Answered> answers,
                         const std::function<void(const BatchResult&)>& tell) {
    const MonoTime begin = clock_.now().mono;
    BatchResult result = committer_->commit(std::move(batch));
    result.commit_us = (clock_.now().mono - begin).us;
    if (result.commit.outcome != ports::CommitOutcome::committed) {
        // Whoever is told must find the host as it then is, so the engine's thread tells them.
        {
            const std::lock_guard lock(batch_mutex_);
            next_answers_ = std::move(answers);
        }
        tell(result);
        return result;
    }
    std::shared_ptr<const SignedTree> former;  // outlives the lock, for its end is dear
    const std::lock_guard lock(signed_mutex_);
    for (Answered& answered : answers) {
        answered.handler(std::move(answered.answer));
    }
    tell(result);
    must_maintain_ = true;
    committer_->sign();
    former = std::exchange(signed_, committer_->signed_tree());
    return result;
}

void Host::publish() {
    // Whoever reads the log hears of dead letters; others watch the metric.
    const std::uint64_t letters = engine_->counters().dead_letters;
    if (letters > counters_.dead_letters) {  // which this thread alone writes
        const std::uint64_t fresh = letters - counters_.dead_letters;
        log("warning", std::to_string(fresh) +
                           (fresh == 1 ? " job is a dead letter" : " jobs are dead letters") +
                           " now: attacca dlq list");
    }
    const core::State& state = engine_->state();
    const std::lock_guard lock(status_mutex_);
    counters_ = engine_->counters();
    status_.ledger_size = state.size;
    status_.live_jobs = state.slot_of.size();
    status_.quarantined = quarantined_;
    status_.ready_nodes = state.ready_nodes;
    status_.running_nodes = state.slots_used;
    status_.slots = engine_->slots();
    status_.breakers_half_open = state.calls.half_open.size();
    status_.breakers_open = state.registry.tripped() - status_.breakers_half_open;
    status_.dead_letters_open = state.registry.open_letters();
    for (std::size_t i = 0; i < 3; ++i) {
        status_.queued_by_priority[i] = state.queue.size(static_cast<core::Priority>(i));
    }
    status_.fair = state.queue.figures();
    status_.flows_blocked = state.queue.fair().blocked();
    status_.debts_capped = state.queue.local().debts_capped;
    status_.keyed_waiting = state.exclusion.jobs_waiting;
    status_.locks_held = state.exclusion.locks_held;
}

}  // namespace attacca::engine
