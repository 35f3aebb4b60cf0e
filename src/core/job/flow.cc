// SPDX-License-Identifier: Apache-2.0
#include "core/job/flow.h"

#include <utility>

#include "base/check.h"
#include "base/seeded_bug.h"
#include "core/job/names.h"

namespace attacca::core {
namespace {

// One pass of derivation. Ends are collected and worked off in order, so that a chain of 100,000
// skipped nodes needs no recursion.
class Flow {
  public:
    Flow(State& state, Job& job) : state_(state), job_(job) { ends_.clear(); }

    void begin(NodeIndex from, NodeIndex to) {
        for (NodeIndex node = from; node < to; ++node) {
            const Instance& instance = job_.instances[node];
            if (instance.state != NodeState::pending) {
                continue;  // kept of an earlier job
            }
            if (job_.definition->nodes[node].needs.empty()) {
                become_ready(node);
            } else if (instance.needs_done > 0) {
                join(node);
            }
        }
        settle();
    }

    void finish(InstanceIndex i, NodeState end, bool is_by_if) {
        end_instance(i, end, is_by_if);
        settle();
    }

    void expand(NodeIndex node, std::uint32_t count, std::shared_ptr<const Json> items) {
        MapRun run;
        run.node = node;
        run.first = static_cast<InstanceIndex>(job_.instances.size());
        run.count = count;
        run.items = std::move(items);
        job_.instances.reserve(job_.instances.size() + count);
        for (std::uint32_t item = 0; item < count; ++item) {
            Instance instance;
            instance.node = node;
            instance.item = item;
            job_.instances.push_back(instance);
            state_.mark_dirty(job_, run.first + item);
        }
        job_.add_map(std::move(run));
        set_state(node, NodeState::waiting);
        if (count == 0) {
            end_instance(node, NodeState::succeeded, false);
        } else {
            release_items(job_.maps.back());
        }
        settle();
    }

    void cancel(bool is_with_finally) {
        // Items that have not been released never will be.
        for (MapRun& run : job_.maps) {
            if (is_with_finally || !job_.definition->nodes[run.node].is_finally) {
                run.next = run.count;
            }
        }
        const auto count = static_cast<InstanceIndex>(job_.instances.size());
        for (InstanceIndex i = count; i-- > 0;) {
            const Instance& instance = job_.instances[i];
            const bool is_spared = job_.node_of(instance).is_finally && !is_with_finally;
            if (!is_spared && (may_cancel(instance.state) || instance.is_escalated)) {
                end_instance(i, NodeState::cancelled, false);
            }
        }
        settle();
    }

    void release() {
        while (job_.may_start() && job_.backlog_head < job_.backlog.size()) {
            const InstanceIndex i = job_.backlog[job_.backlog_head];
            if (job_.active >= job_.definition->parallel &&
                !job_.takes_no_slot(job_.instances[i])) {
                break;
            }
            ++job_.backlog_head;
            const NodeState at = job_.instances[i].state;
            const bool may_queue = at == NodeState::ready || at == NodeState::retrying;
            if (may_queue && !job_.instances[i].is_queued) {
                enqueue(i);
            }
        }
        if (job_.backlog_head == job_.backlog.size()) {
            job_.backlog.clear();
            job_.backlog_head = 0;
        }
    }

    // Into the ready queue, or behind what waits for the job's own limit.
    void offer(InstanceIndex i) {
        const bool is_next = job_.backlog.empty() && job_.active < job_.definition->parallel;
        if (job_.may_start() && (is_next || job_.takes_no_slot(job_.instances[i]))) {
            enqueue(i);
        } else {
            job_.backlog.push_back(i);
        }
    }

  private:
    void enqueue(InstanceIndex i) {
        Instance& instance = job_.instances[i];
        instance.is_queued = true;
        if (!job_.takes_no_slot(instance)) {
            ++job_.active;
            state_.count_ready(job_);
        }
        state_.push_ready(job_, i);
    }

    // A waiting wait node is ended by its own record, a waiting map by its items.
    [[nodiscard]] static bool may_cancel(NodeState at) {
        switch (at) {
            case NodeState::pending:
            case NodeState::ready:
            case NodeState::retrying: return true;
            case NodeState::waiting:
            case NodeState::running:
            case NodeState::succeeded:
            case NodeState::failed:
            case NodeState::skipped:
            case NodeState::cancelled: return false;
        }
        ATTACCA_CHECK(false);
    }

    void set_state(InstanceIndex i, NodeState to) {
        job_.instances[i].state = to;
        job_.instances[i].since_at = state_.last_at;
        state_.mark_dirty(job_, i);
    }

    void become_ready(InstanceIndex i) {
        Instance& instance = job_.instances[i];
        ATTACCA_CHECK(instance.state == NodeState::pending);
        const NodeDef& node = job_.node_of(instance);
        if (node.kind == NodeKind::group) {
            end_instance(i, NodeState::succeeded, false);
            return;
        }
        if (node.condition && instance.item == no_index) {
            const JobNames names(job_, i);
            const Result<bool> holds = node.condition->holds(names);
            if (holds && !*holds) {
                end_instance(i, NodeState::skipped, true);
                return;
            }
            instance.has_condition_error = !holds.has_value();
        }
        set_state(i, NodeState::ready);
        offer(i);
    }

    void release_items(MapRun& run) {
        const std::uint32_t limit = job_.definition->nodes[run.node].map->parallel;
        while (run.next < run.count && (limit == 0 || run.active < limit)) {
            const InstanceIndex i = run.first + run.next;
            ++run.next;
            ++run.active;
            become_ready(i);
        }
    }

    void leave_queue(Instance& instance) {
        if (!instance.is_queued) {
            return;
        }
        instance.is_queued = false;
        if (!job_.takes_no_slot(instance)) {
            --job_.active;
            state_.count_unready(job_);
            state_.cancel_ready(instance);
        }
    }

    void end_instance(InstanceIndex i, NodeState end, bool is_by_if) {
        Instance& instance = job_.instances[i];
        ATTACCA_CHECK(!is_final(instance.state) && is_final(end));
        leave_queue(instance);
        job_.awaiting -= instance.is_escalated ? 1U : 0U;
        instance.is_escalated = false;
        instance.is_skipped_by_if = is_by_if;
        set_state(i, end);
        ++job_.done;
        if (end == NodeState::failed) {
            ++job_.failed;
            job_.has_failed_node = true;
        }
        ends_.push_back(i);
    }

    void settle() {
        for (;;) {
            while (next_end_ < ends_.size()) {
                const InstanceIndex i = ends_[next_end_++];
                if (job_.instances[i].item == no_index) {
                    node_ended(i);
                } else {
                    item_ended(i);
                }
            }
            if (job_.main_left > 0 || job_.is_finally_begun) {
                break;
            }
            begin_finally();
        }
        release();
    }

    void begin_finally() {
        job_.is_finally_begun = true;
        const auto count = static_cast<NodeIndex>(job_.definition->nodes.size());
        const bool is_never_started = job_.started_at.us == 0 && job_.is_cancelling;
        for (NodeIndex node = job_.definition->main_count; node < count; ++node) {
            if (is_never_started || job_.is_finally_stopped) {
                if (!is_final(job_.instances[node].state)) {
                    end_instance(node, NodeState::cancelled, false);
                }
            } else if (job_.definition->nodes[node].needs.empty()) {
                become_ready(node);
            }
        }
    }

    void node_ended(NodeIndex node) {
        const NodeDef& def = job_.definition->nodes[node];
        std::uint32_t& left = def.is_finally ? job_.finally_left : job_.main_left;
        ATTACCA_CHECK(left > 0);
        --left;
        for (const NodeIndex dependent : def.dependents) {
            note_need(dependent, job_.instances[node]);
        }
    }

    void note_need(NodeIndex dependent, const Instance& need) {
        Instance& instance = job_.instances[dependent];
        instance.note_need(need);
        if (instance.state == NodeState::pending && !is_stopped(dependent)) {
            join(dependent);
        }
    }

    // A cancelled job starts no more main nodes; a second cancel stops `finally` too.
    [[nodiscard]] bool is_stopped(NodeIndex node) const {
        return job_.definition->nodes[node].is_finally ? job_.is_finally_stopped
                                                       : job_.is_cancelling;
    }

    void join(NodeIndex node) {
        const Instance& instance = job_.instances[node];
        const NodeDef& def = job_.definition->nodes[node];
        const bool is_all_done = instance.needs_done == def.needs.size();
        bool is_ready = false;
        bool is_hopeless = false;
        if (def.is_fallback) {
            // It needs the one node that it stands in for.
            if (job_.instances[def.needs.front()].has_fallen_back) {
                become_ready(node);
            } else {
                end_instance(node, NodeState::skipped, true);
            }
            return;
        }
        if (def.kind == NodeKind::group) {
            if (is_all_done) {
                end_instance(node, job_.end_of_group(instance), instance.needs_bad == 0);
            }
            return;
        }
        switch (def.join) {
            case Join::all_succeeded:
                is_hopeless = instance.needs_bad > 0 && !ATTACCA_BUG(BUG_JOIN_IGNORES_FAILURE);
                is_ready = is_all_done;
                break;
            case Join::any_succeeded:
                is_ready = instance.needs_succeeded > 0;
                is_hopeless = is_all_done && !is_ready;
                break;
            case Join::all_done: is_ready = is_all_done; break;
            case Join::any_failed:
                is_ready = instance.needs_failed > 0;
                is_hopeless = is_all_done && !is_ready;
                break;
        }
        if (is_hopeless) {
            end_instance(node, NodeState::skipped, false);
        } else if (is_ready) {
            become_ready(node);
        }
    }

    void item_ended(InstanceIndex i) {
        const Instance& instance = job_.instances[i];
        MapRun* run = job_.map_of(instance.node);
        ATTACCA_CHECK(run != nullptr);
        ++run->done;
        if (i - run->first < run->next && run->active > 0) {
            --run->active;
        }
        run->succeeded += instance.state == NodeState::succeeded ? 1U : 0U;
        run->failed += instance.state == NodeState::failed ? 1U : 0U;
        run->skipped += instance.state == NodeState::skipped ? 1U : 0U;
        run->cancelled += instance.state == NodeState::cancelled ? 1U : 0U;
        const NodeDef& def = job_.definition->nodes[instance.node];
        if (instance.state == NodeState::failed && def.map->stops_on_error) {
            cancel_items(*run);
        } else if (!is_stopped(instance.node)) {
            release_items(*run);
        }
        if (run->done == run->count && !is_final(job_.instances[run->node].state)) {
            const NodeState end = run->failed > 0      ? NodeState::failed
                                  : run->cancelled > 0 ? NodeState::cancelled
                                                       : NodeState::succeeded;
            end_instance(run->node, end, false);
        }
    }

    // The rest of a map with on_error: stop. Attempts that run go on to their end, and are not
    // tried again: decide sees to that.
    void cancel_items(MapRun& run) {
        run.next = run.count;
        for (std::uint32_t item = 0; item < run.count; ++item) {
            const InstanceIndex i = run.first + item;
            if (may_cancel(job_.instances[i].state) || job_.instances[i].is_escalated) {
                end_instance(i, NodeState::cancelled, false);
            }
        }
    }

    State& state_;
    Job& job_;
    std::vector<InstanceIndex>& ends_ = state_.flow_ends;  // in this pass, in order
    std::size_t next_end_ = 0;  // the first of them whose consequences are not derived yet
};

}  // namespace

void begin_main(State& state, Job& job) {
    Flow(state, job).begin(0, job.definition->main_count);
}

void finish_instance(State& state, Job& job, InstanceIndex i, NodeState end, bool is_by_if) {
    Flow(state, job).finish(i, end, is_by_if);
}

void expand_map(State& state, Job& job, NodeIndex node, std::uint32_t count,
                std::shared_ptr<const Json> items) {
    job.instances[node].is_queued = false;
    Flow(state, job).expand(node, count, std::move(items));
}

void enqueue_due(State& state, Job& job, InstanceIndex instance) {
    if (job.instances[instance].state == NodeState::retrying) {
        offer_again(state, job, instance);
    }
}

void offer_again(State& state, Job& job, InstanceIndex instance) {
    const Instance& held = job.instances[instance];
    const bool may_start = held.state == NodeState::ready || held.state == NodeState::retrying;
    if (may_start && !held.is_queued) {
        Flow flow(state, job);
        flow.offer(instance);
        flow.release();
    }
}

void cancel_pending(State& state, Job& job, bool is_with_finally) {
    Flow(state, job).cancel(is_with_finally);
}

void release_ready(State& state, Job& job) {
    Flow(state, job).release();
}

}  // namespace attacca::core
