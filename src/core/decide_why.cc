// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <utility>

#include "core/breaker/hold.h"
#include "core/decide_parts.h"
#include "core/exclusion/lock.h"
#include "core/exclusion/turn.h"
#include "core/job/child.h"
#include "core/reservation/owner.h"
#include "core/schedule/gcra.h"
#include "core/tenant/admission.h"

// What a live job waits for, read from the state.

namespace attacca::core {
namespace {

class Explainer {
  public:
    Explainer(const State& state, const Job& job, std::uint32_t limit, WallTime at)
        : state_(state),
          job_(job),
          tenant_(state.tenants.at(job.tenant_number)),
          limit_(limit),
          at_(at) {}

    Explanation run() {
        out_.state = job_.state;
        out_.running = job_.running;
        if (job_.state == JobState::paused) {
            add_job_wait(WaitCause::paused, std::nullopt, "the job was paused");
        } else if (job_.is_held && job_.scheduled_at) {
            add_job_wait(WaitCause::scheduled, job_.scheduled_at.as_optional(), {});
        } else if (job_.is_held) {
            add_job_wait(WaitCause::paused, std::nullopt, "the job that made this one is paused");
        } else if (job_.waits_for_turn) {
            explain_turn();
        }
        for (InstanceIndex i = 0; i < job_.instances.size() && !out_.has_more; ++i) {
            explain(i);
        }
        return std::move(out_);
    }

  private:
    static constexpr std::uint32_t place_max = 1000;

    static std::string in_front(std::uint32_t before, std::uint32_t most) {
        const std::string count = std::to_string(before);
        return before == 0 ? "it is the next one"
                           : (before == most ? "at least " + count : count) +
                                 (before == 1 ? " waits before it" : " wait before it");
    }

    void explain_turn() {
        const TurnWait wait = turn_wait_of(state_, job_);
        add_job_wait(WaitCause::concurrency_key, std::nullopt,
                     "job " + wait.holder->id.text() + " has the key `" +
                         quoted(state_.exclusion.keys.text_of(job_.key_line)) + "`; " +
                         in_front(wait.before, turn_wait_max));
    }

    [[nodiscard]] bool explain_lock(InstanceIndex i) {
        const std::optional<LockWait> wait =
            job_.node_of(job_.instances[i]).lock ? lock_wait_of(state_, job_, i) : std::nullopt;
        if (!wait) {
            return false;
        }
        std::string detail = "`" + quoted(wait->lock) + "`: ";
        if (wait->holder == nullptr) {
            detail += "another attempt is about to take it";
        } else {
            const Job& holder = *state_.find(wait->holder->job);
            detail += "node " + holder.node_of(holder.instances[wait->holder->instance]).id +
                      " of job " + holder.id.text() + " has it";
        }
        detail += "; " + in_front(wait->before, lock_wait_max);
        add(i, WaitCause::lock, std::nullopt, std::move(detail));
        return true;
    }

    void add_job_wait(WaitCause cause, std::optional<WallTime> until, std::string detail) {
        Wait wait;
        wait.cause = cause;
        wait.since = job_.created_at;
        wait.until = until;
        wait.detail = std::move(detail);
        out_.waits.push_back(std::move(wait));
    }

    void add(InstanceIndex i, WaitCause cause, std::optional<WallTime> until, std::string detail) {
        if (out_.waits.size() >= limit_) {
            out_.has_more = true;
            return;
        }
        const Instance& instance = job_.instances[i];
        Wait wait;
        wait.cause = cause;
        wait.node = job_.node_of(instance).id;
        if (instance.item != no_index) {
            wait.item = instance.item;
        }
        wait.state = instance.state;
        wait.since = instance.since_at.us == 0 ? job_.created_at : instance.since_at;
        wait.until = until;
        wait.detail = std::move(detail);
        out_.waits.push_back(std::move(wait));
    }

    void explain(InstanceIndex i) {
        const Instance& instance = job_.instances[i];
        switch (instance.state) {
            case NodeState::pending: explain_pending(i); return;
            case NodeState::ready: explain_ready(i); return;
            case NodeState::retrying:
                if (instance.is_queued || instance.due_at <= at_) {
                    explain_ready(i);
                } else {
                    add(i, WaitCause::retry, instance.due_at,
                        std::to_string(instance.attempts) +
                            (instance.attempts == 1 ? " attempt has failed"
                                                    : " attempts have failed"));
                }
                return;
            case NodeState::waiting:
                if (job_.awaits_person(instance)) {
                    const bool has_end = !instance.is_escalated && instance.due_at.us != 0;
                    add(i, WaitCause::person,
                        has_end ? std::optional(instance.due_at) : std::nullopt, {});
                } else if (const Job* child = child_of(state_, job_, instance)) {
                    add(i, WaitCause::child, std::nullopt, child->id.text());
                } else if (job_.is_waiting(instance)) {
                    add(i, WaitCause::time, instance.due_at, {});
                } else {
                    add(i, WaitCause::items, std::nullopt, {});
                }
                return;
            case NodeState::running:
            case NodeState::succeeded:
            case NodeState::failed:
            case NodeState::skipped:
            case NodeState::cancelled: return;
        }
        ATTACCA_CHECK(false);
    }

    void explain_pending(InstanceIndex i) {
        const Instance& instance = job_.instances[i];
        if (instance.item != no_index) {
            add(i, WaitCause::map_parallel, std::nullopt, {});
            return;
        }
        constexpr std::size_t named_max = 5;
        std::string names;
        std::size_t open = 0;
        const NodeDef& node = job_.node_of(instance);
        for (const NodeIndex need : node.needs) {
            if (!is_final(job_.instances[need].state) && ++open <= named_max) {
                names += (names.empty() ? "" : ", ") + job_.definition->nodes[need].id;
            }
        }
        if (open > named_max) {
            names += " and " + std::to_string(open - named_max) + " more";
        }
        if (node.is_finally && !job_.is_finally_begun) {
            names = names.empty() ? "the main nodes" : names;
        }
        add(i, WaitCause::dependency, std::nullopt, "waits for " + names);
    }

    void explain_ready(InstanceIndex i) {
        const Instance& instance = job_.instances[i];
        if (!job_.may_start()) {
            return;  // the whole job waits, which is told
        }
        if (const Breaker* breaker = holding_breaker(state_, job_, i)) {
            explain_breaker(i, *breaker);
            return;
        }
        if (explain_lock(i)) {
            return;
        }
        if (!instance.is_queued) {
            add(i, WaitCause::job_parallel, std::nullopt,
                "the job runs " + std::to_string(job_.definition->parallel) +
                    " attempts at the same time");
            return;
        }
        explain_limits(i);
    }

    void explain_breaker(InstanceIndex i, const Breaker& breaker) {
        std::string detail = "the breaker of " + breaker.dependency;
        if (breaker.mode == BreakerMode::open) {
            detail += " is held open" + (breaker.reason.empty() ? "" : ": " + breaker.reason);
        } else if (breaker.state == BreakerState::half_open) {
            detail += " is half-open, and waits for its probe";
        } else {
            detail += " is open after " + std::to_string(breaker.errors) +
                      (breaker.errors == 1 ? " error" : " errors");
        }
        const bool has_end = breaker.probe_at.us != 0;
        add(i, WaitCause::breaker, has_end ? std::optional(breaker.probe_at) : std::nullopt,
            std::move(detail));
    }

    void explain_limits(InstanceIndex i) {
        const TenantSettings& settings = tenant_.settings;
        if (settings.max_concurrency && tenant_.running >= *settings.max_concurrency) {
            add(i, WaitCause::tenant_concurrency, std::nullopt,
                "the tenant runs " + std::to_string(tenant_.running) + " attempts");
        } else if (is_slot_time_used_up(tenant_, at_)) {
            add(i, WaitCause::tenant_slot_time, end_of_day(at_), {});
        } else if (const WallTime fits = start_fits_at(); fits > at_) {
            add(i, WaitCause::tenant_rate, fits, {});
        } else if (job_.takes_local_slot(job_.instances[i])) {
            add(i, WaitCause::slot, std::nullopt, place_of(i) + turn());
        } else if (!job_.takes_no_slot(job_.instances[i])) {
            std::string kept = kept_lane_of(i);
            add(i, WaitCause::lane, std::nullopt,
                kept.empty() ? place_of(i) + lane_of(i) : std::move(kept));
        }
    }

    // Empty: it is kept for nobody else.
    [[nodiscard]] std::string kept_lane_of(InstanceIndex i) const {
        const Reservation* kept = reservation_at(state_, job_, i);
        if (kept == nullptr || is_kept_for(state_, job_, i)) {
            return {};
        }
        return "`" + kept->lane + "` is kept for `" + quoted(kept->owner) +
               "`, at the latest until " + format_duration(state_.lane_quiet) +
               " after the last of its tasks there";
    }

    [[nodiscard]] std::string lane_of(InstanceIndex i) const {
        const TaskDef& task = *job_.node_of(job_.instances[i]).task;
        std::string text = "no worker";
        for (std::size_t c = 0; c < task.capabilities.size(); ++c) {
            text += (c == 0 ? " with " : ", ") + task.capabilities[c];
        }
        return text + " has claimed it from `" + task.lane + "`";
    }

    // Among what its tenant has of this priority.
    [[nodiscard]] std::string place_of(InstanceIndex i) const {
        const Instance& instance = job_.instances[i];
        if (instance.entry == no_index) {
            return {};
        }
        const std::uint32_t before = state_.queue.before(instance.entry, place_max);
        return in_front(before, place_max) + "; ";
    }

    // When its turn comes is decided by slot time, not by the order of arrival.
    [[nodiscard]] std::string turn() const {
        std::string text = std::to_string(tenant_.ready) + " of the tenant's nodes wait for a slot";
        if (const auto fairness = state_.queue.fairness_of(tenant_.number, at_)) {
            const std::int64_t lag = fairness->lag_us;
            text += "; it is " + format_duration(Duration{lag < 0 ? -lag : lag}) +
                    " of slot time " + (lag < 0 ? "ahead" : "behind");
        }
        return text;
    }

    [[nodiscard]] WallTime start_fits_at() const {
        const std::optional<RateLimit>& rate = tenant_.settings.start_rate;
        return rate ? fits_at(*rate, tenant_.usage.start_tat_ns, 1, at_) : at_;
    }

    const State& state_;
    const Job& job_;
    const Tenant& tenant_;
    const std::uint32_t limit_;
    const WallTime at_;
    Explanation out_;
};

}  // namespace

Decision explain_job(const State& state, const ExplainJob& command, Now now) {
    const Job* job = state.find(command.job);
    if (job == nullptr || job->tenant != command.tenant) {
        return refuse(Problem::not_live);
    }
    Decision decision;
    decision.answer =
        Acceptance{Explainer(state, *job, command.limit, record_time(state, now)).run()};
    return decision;
}

}  // namespace attacca::core
