// SPDX-License-Identifier: Apache-2.0
#include "core/apply.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "core/breaker/hold.h"
#include "core/exclusion/lock.h"
#include "core/exclusion/turn.h"
#include "core/job/child.h"
#include "core/job/flow.h"
#include "core/job/kept.h"
#include "core/job/recovery.h"
#include "core/reservation/aside.h"
#include "core/tenant/accounts.h"

namespace attacca::core {
namespace {

Error misfit(const Record& record, std::string_view why) {
    return fail(Problem::corrupt,
                std::string(type_name_of(record.payload)) + " of " + record.entity.text() + ": " +
                    std::string(why));
}

class Applier {
  public:
    Applier(State& state, const Record& record, Bodies& bodies)
        : state_(state),
          record_(record),
          bodies_(bodies),
          job_(record.entity.job ? state.find(*record.entity.job) : nullptr) {}

    Result<void> operator()(const JobCreated& created) {
        if (job() != nullptr) {
            return misfit(record_, "the job exists already");
        }
        ATTACCA_TRY(std::shared_ptr<const Definition> definition,
                    bodies_.definition(created.definition));
        Boxed<std::string> details_text;
        if (created.details.body) {
            ATTACCA_TRY(details_text, bodies_.text(*created.details.body));
        }
        ATTACCA_TRY(std::vector<KeptNode> kept, kept_of(created, *definition));
        Boxed<SealKey> seal;
        if (created.seal) {
            ATTACCA_TRY(seal, bodies_.seal_key(*created.seal));
        }
        Job& job = state_.add_job(*record_.entity.job);
        job.tenant = record_.tenant;
        job.sem = created.sem;
        job.name = created.name;
        job.definition = std::move(definition);
        job.details = created.details;
        job.details_text = std::move(details_text);
        job.priority = created.priority;
        job.created_at = record_.at;
        job.scheduled_at = created.scheduled_at;
        job.is_held = created.scheduled_at && *created.scheduled_at > record_.at;
        job.retry_of = created.retry_of;
        job.parent = link_to_parent(state_, created);
        job.tries = static_cast<std::uint8_t>(std::min<std::uint32_t>(created.tries, UINT8_MAX));
        job.eseq = 1;
        job.note_tags();
        job.seal = std::move(seal);
        if (job.seal) {
            job.tags = {};  // they would stand in the row as they are
        }
        job.add_instances();
        keep(job, std::move(kept));
        if (job.schedule) {
            state_.registry.note_job(job.id, schedule_entity(job.tenant, *job.schedule));
        }
        state_.note_key(created, job.id, record_.at);
        account_created(state_, job, record_.at);
        state_.mark_dirty(job);
        take_key(state_, job, created.concurrency_key);
        begin_main(state_, job);
        return {};
    }

    Result<void> operator()(const AttemptStarted& started) {
        ATTACCA_TRY(const InstanceIndex i, instance_of(started.node, started.item));
        Job& job = *this->job();
        Instance& instance = job.instances[i];
        if (instance.state != NodeState::ready && instance.state != NodeState::retrying) {
            return misfit(record_, "the node is " + std::string(name_of(instance.state)));
        }
        if (started.fence <= state_.last_fence) {
            return misfit(record_, "the fence token is not greater than the last one");
        }
        // At a replay an instance may be ahead of its volatile place in the queue.
        if (instance.is_queued) {
            take_from_queue(state_, job, i);
        } else if (!job.takes_no_slot(instance)) {
            ++job.active;
        }
        state_.last_fence = started.fence;
        instance.fence = started.fence;
        ++instance.attempts;
        if (instance.started_at.us == 0) {
            instance.started_at = record_.at;
        }
        instance.since_at = record_.at;
        job.is_held = false;  // a replay sees no timer, but what started was held no more
        if (started.is_first) {
            take_turn(state_, job);
            job.started_at = record_.at;
            account_first_start(state_, job);
            job.state = JobState::running;
        }
        if (!job.is_map(instance) && job.takes_no_slot(instance)) {
            instance.state = NodeState::waiting;
            instance.due_at = started.until.value_or(WallTime{});
            job.awaiting += job.awaits_person(instance) ? 1U : 0U;
        } else {
            instance.state = NodeState::running;
            ++job.running;
            note_lock(state_, job, i, started);
            state_.note_started(job, i, started, record_.at);
            note_call(state_, job, i, record_.at);
        }
        ++job.eseq;
        state_.mark_dirty(job, i);
        return {};
    }

    Result<void> operator()(const AttemptEnded& ended) {
        ATTACCA_TRY(const InstanceIndex i, instance_of(ended.node, ended.item));
        Job& job = *this->job();
        Instance& instance = job.instances[i];
        const bool is_open = instance.state == NodeState::running || job.is_waiting(instance);
        if (!is_open || instance.fence != ended.fence) {
            return misfit(record_, "no attempt with this fence token is open");
        }
        Result<Output> output = output_of(ended);
        if (!output) {
            return output.error();
        }
        if (!output->text.empty() || output->is_too_large) {
            job.outputs[i] = std::move(*output);
        }
        note_unlock(state_, instance);
        if (instance.state == NodeState::running) {
            --job.running;
            note_call_end(state_, job, i, ended, record_.at);
            if (!job.takes_no_slot(instance)) {
                state_.note_ended(job, i, record_.at);
                --job.active;
            }
        }
        job.awaiting -= job.awaits_person(instance) ? 1U : 0U;
        // What a worker lost counts as an attempt: only our own restart's fault is free.
        const bool is_remote = job.node_of(instance).kind == NodeKind::task;
        note_loss(instance, ended, is_remote);
        instance.ended_at = record_.at;
        ++job.eseq;
        if (ended.retry_in_ms) {
            begin_retry(state_, job, i, record_.at + milliseconds(*ended.retry_in_ms));
        } else {
            end_or_recover(state_, job, i, end_of(ended.outcome));
        }
        return {};
    }

    Result<void> operator()(const ApprovalGiven& given) {
        ATTACCA_TRY(const InstanceIndex i, instance_of(given.node, given.item));
        Job& job = *this->job();
        if (!job.awaits_person(job.instances[i])) {
            return misfit(record_, "the node waits for nobody");
        }
        ++job.eseq;
        state_.mark_dirty(job, i);
        if (job.instances[i].is_escalated) {  // of an approve node, the end of its attempt follows
            resolve_escalated(state_, job, i, given.ruling);
        }
        return {};
    }

    Result<void> operator()(const RecoveryTaken& taken) {
        ATTACCA_TRY(const InstanceIndex i, instance_of(taken.node, taken.item));
        if (ends_job(taken.action) && job()->recovery == OnFailure::fail) {
            job()->recovery = taken.action;
        }
        ++job()->eseq;
        state_.mark_dirty(*job(), i);
        return {};
    }

    Result<void> operator()(const MapExpanded& expanded) {
        ATTACCA_TRY(const InstanceIndex i, instance_of(expanded.node, std::nullopt));
        Job& job = *this->job();
        if (job.instances[i].state != NodeState::ready || !job.node_of(job.instances[i]).map) {
            return misfit(record_, "the node is no map that is ready");
        }
        ATTACCA_TRY(const std::string text, bodies_.text(expanded.body));
        ATTACCA_TRY(Json items, parse_json(text));
        if (!items.is_array() || items.as_array().size() != expanded.count) {
            return misfit(record_, "the items do not agree with the count");
        }
        if (job.instances[i].started_at.us == 0) {
            job.instances[i].started_at = record_.at;
        }
        ++job.eseq;
        expand_map(state_, job, i, expanded.count, std::make_shared<const Json>(std::move(items)));
        return {};
    }

    Result<void> operator()(const JobPaused& paused) {
        const bool is_again =
            job() != nullptr && job()->state == JobState::paused && paused.is_now;
        if (job() == nullptr || (job()->state != JobState::running && !is_again)) {
            return misfit(record_, "the job is not running");
        }
        if (paused.is_now) {
            halt_running(state_, *job());
        }
        ++job()->eseq;
        job()->state = JobState::paused;
        state_.mark_dirty(*job());
        withdraw_ready(state_, *job());
        hold_children(state_, *job());
        return {};
    }

    Result<void> operator()(const JobResumed&) {
        if (job() == nullptr || job()->state != JobState::paused) {
            return misfit(record_, "the job is not paused");
        }
        ++job()->eseq;
        job()->state = JobState::running;
        state_.mark_dirty(*job());
        release_ready(state_, *job());
        free_children(state_, *job());
        return {};
    }

    Result<void> operator()(const CancelRequested& cancel) {
        if (job() == nullptr) {
            return misfit(record_, "the job is not live");
        }
        Job& job = *this->job();
        ++job.eseq;
        const bool is_second = job.is_cancelling;
        job.is_finally_stopped = is_second;
        job.is_cancelling = true;
        if (!is_second || cancel.cause == CancelCause::user) {
            job.cancel_cause = cancel.cause;  // a user's word goes before the deadline's
        }
        if (job.state == JobState::paused) {
            job.state = JobState::running;
        }
        job.is_held = false;
        state_.mark_dirty(job);
        // Before the first attempt nothing is left to clean up, even where `finally` has begun.
        cancel_pending(state_, job, is_second || job.started_at.us == 0);
        return {};
    }

    Result<void> operator()(const JobEnded& ended) {
        if (job() == nullptr || !job()->is_settled()) {
            return misfit(record_, "nodes of the job are not final");
        }
        Job& job = *this->job();
        ++job.eseq;
        job.state = ended.state;
        job.reason = ended.reason;
        job.ended_at = record_.at;
        state_.mark_dirty(job);
        account_left(state_, job);
        drop_key(state_, job);
        state_.registry.note_end(job.id);
        state_.remove_job(job);
        return {};
    }

    Result<void> operator()(const LedgerStarted&) { return note_entity(); }
    Result<void> operator()(const LedgerStopped&) { return note_entity(); }
    Result<void> operator()(const Quarantined&) { return note_entity(); }
    Result<void> operator()(const AnchorTimestamped&) { return note_entity(); }
    Result<void> operator()(const EntriesPruned&) { return note_entity(); }
    Result<void> operator()(const ContentCollected&) { return note_entity(); }
    Result<void> operator()(const LedgerTick&) { return note_entity(); }
    Result<void> operator()(const LedgerRestored&) { return note_entity(); }
    Result<void> operator()(const KeyRotated&) { return note_entity(); }
    Result<void> operator()(const SignerDegraded&) { return note_entity(); }
    Result<void> operator()(const SignerRestored&) { return note_entity(); }
    Result<void> operator()(const DeadLetterReplayed& replayed) { return close_letter(replayed); }
    Result<void> operator()(const DeadLetterDiscarded& what) { return close_letter(what); }
    template <typename Named>  // of a schedule, a workflow, a breaker or a lane
    Result<void> operator()(const Named& payload) {
        const Result<void> folded = state_.registry.fold(record_, payload, bodies_);
        if (folded && state_.registry.breaker(record_.entity.name) != nullptr) {
            note_breaker(state_, record_.entity.name);
        }
        if (folded && state_.registry.lane(record_.entity.name) != nullptr) {
            note_lane(state_, record_.entity.name);
        }
        return folded ? note_entity() : folded;
    }

    Result<void> operator()(const TenantSet& set) {
        if (tenant_of(record_.entity) != record_.tenant) {
            return misfit(record_, "the record is about no tenant, or is another one's");
        }
        account_set(state_, state_.tenants.of(record_.tenant), set.settings, record_.at);
        return note_entity();
    }

  private:
    // Of the record, as it was before; null when it is not live.
    [[nodiscard]] Job* job() const { return job_; }

    Result<void> note_entity() {
        if (record_.entity.job) {
            return misfit(record_, "this record is about no job");
        }
        ++state_.entity_eseq[record_.entity.name];
        return {};
    }

    // The last record of its entity: only the store keeps its place from here on.
    template <typename Closing>
    Result<void> close_letter(const Closing& closing) {
        Result<void> folded = state_.registry.fold(record_, closing, bodies_);
        if (folded) {
            state_.entity_eseq.erase(record_.entity.name);
        }
        return folded;
    }

    Result<InstanceIndex> instance_of(const std::string& node,
                                      std::optional<std::uint32_t> item) {
        const Job* job = this->job();
        if (job == nullptr) {
            return misfit(record_, "the job is not live");
        }
        const InstanceIndex i = job->instance_of(job->definition->find(node), item);
        if (i == no_index) {
            return misfit(record_, "the job has no such node");
        }
        return i;
    }

    Result<Output> output_of(const AttemptEnded& ended) {
        if (ended.output_file) {
            return Output{{}, true};
        }
        if (ended.output.body) {
            ATTACCA_TRY(std::string text, bodies_.text(*ended.output.body));
            return Output{std::move(text), false};
        }
        return Output{ended.output.text, false};
    }

    Result<std::vector<KeptNode>> kept_of(const JobCreated& created,
                                          const Definition& definition) {
        std::string text = created.kept.text;
        if (created.kept.body) {
            ATTACCA_TRY(text, bodies_.text(*created.kept.body));
        }
        return text.empty() ? Result<std::vector<KeptNode>>(std::vector<KeptNode>{})
                            : parse_kept(definition, text);
    }

    void keep(Job& job, std::vector<KeptNode> kept) {
        if (kept.empty()) {
            return;
        }
        keep_nodes(job, std::move(kept));
        for (InstanceIndex i = 0; i < job.instances.size(); ++i) {
            if (job.instances[i].state != NodeState::pending) {
                state_.mark_dirty(job, i);
            }
        }
    }

    State& state_;
    const Record& record_;
    Bodies& bodies_;
    Job* job_;
};

}  // namespace

Result<void> apply(State& state, const Record& record, Bodies& bodies) {
    state.last_at = std::max(state.last_at, record.at);
    Applier applier(state, record, bodies);
    Result<void> applied = std::visit(applier, record.payload);
    if (!applied) {
        return applied;
    }
    ++state.size;
    offer_locks(state);
    state.drop_old_keys(record.at);
    return {};
}

}  // namespace attacca::core
