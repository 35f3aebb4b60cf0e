// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <vector>

#include "base/seeded_bug.h"
#include "core/decide.h"
#include "core/decide_parts.h"
#include "core/job/kept.h"
#include "core/tenant/admission.h"

// A job that begins again as another one, because a node of it failed and says so. The old one ends
// and gives everything back; the new one stands in the queue like any other.

namespace attacca::core {
namespace {

// What the nodes stand on, without themselves unless one stands on another.
std::vector<bool> base_of(const Definition& definition, std::vector<NodeIndex> nodes) {
    std::vector<bool> base(definition.nodes.size(), false);
    while (!nodes.empty()) {
        const NodeIndex node = nodes.back();
        nodes.pop_back();
        for (const NodeIndex need : definition.nodes[node].needs) {
            if (!base[need]) {
                base[need] = true;
                nodes.push_back(need);
            }
        }
    }
    return base;
}

// The last checkpoint that was passed and stands on nothing that failed; no_index when there was
// none. What was kept of an earlier job has no time: of several the one that stands on the others.
NodeIndex last_checkpoint(const Job& job) {
    const std::vector<bool> failed =
        rerun_set(*job.definition, unsuccessful_nodes(job), false);
    std::vector<NodeIndex> last;
    for (NodeIndex node = 0; node < job.definition->main_count; ++node) {
        const Instance& instance = job.instances[node];
        const bool is_passed = job.definition->nodes[node].kind == NodeKind::checkpoint &&
                               instance.state == NodeState::succeeded &&
                               (!failed[node] || ATTACCA_BUG(BUG_FAILURE_KEPT));
        const WallTime best = last.empty() ? WallTime{} : job.instances[last[0]].ended_at;
        if (!is_passed || instance.ended_at < best) {
            continue;
        }
        if (instance.ended_at > best) {
            last.clear();
        }
        last.push_back(node);
    }
    const std::vector<bool> base = base_of(*job.definition, last);
    std::erase_if(last, [&base](NodeIndex node) { return base[node]; });
    return last.empty() ? no_index : last.back();
}

// All but the checkpoint and what it stands on.
std::vector<bool> all_but_checkpoint(const Job& job) {
    std::vector<bool> rerun(job.definition->nodes.size(), true);
    if (const NodeIndex checkpoint = last_checkpoint(job); checkpoint != no_index) {
        rerun = base_of(*job.definition, {checkpoint});
        rerun.flip();
        rerun[checkpoint] = false;
    }
    return rerun;
}

std::string kept_by(const Job& job) {
    if (job.recovery == OnFailure::retry_job) {
        return kept_text(job, rerun_set(*job.definition, unsuccessful_nodes(job), false));
    }
    return job.recovery == OnFailure::rollback_state ? kept_text(job, all_but_checkpoint(job))
                                                     : std::string();
}

}  // namespace

// A sealed job begins again when somebody asks for it, with a key of its own: one key for both
// would make the erasure of one that of the other.
bool may_begin_again(const Job& job) {
    return !job.seal && begins_again(job.recovery) && job.tries + 1U < job_tries_max && !job.parent;
}

bool is_to_begin_again(const State& state, const Job& job, const JobEnded& ended, WallTime at) {
    if (ended.reason != JobReason::node_failed || !may_begin_again(job)) {
        return false;
    }
    NewJob next;
    next.definition = job.definition;
    return !admission_refusal(state, state.tenants.at(job.tenant_number), {&next, 1}, at);
}

void begin_again(const State& state, const Job& job, const JobId& id, WallTime at,
                 Decision& decision) {
    JobCreated created;
    created.definition = job.definition->digest;
    created.name = job.name;
    created.sem = sem_newest;
    created.priority = job.priority;
    created.details = job.details;
    created.retry_of = job.id;
    created.kept = text_or_body(kept_by(job), decision.bodies);
    if (job.key_line != no_index) {
        created.concurrency_key = state.exclusion.keys.text_of(job.key_line);
    }
    created.tries = job.tries + 1U;
    // Those of the old job may be on their way to the store in this very batch.
    decision.bodies.push_back({job.definition->digest, job.definition->body});
    if (job.details.body) {
        decision.bodies.push_back({*job.details.body, job.details_json()});
    }
    decision.records.push_back(
        Record{Entity{id, {}}, job.tenant, engine_actor, at, std::move(created)});
}

}  // namespace attacca::core
