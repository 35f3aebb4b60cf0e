// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "core/decide_parts.h"
#include "core/ledger/codec.h"

// A person's word: it ends the attempt of an approve node, or decides about a node that failed and
// was escalated.

namespace attacca::core {
namespace {

std::string ended_detail(const GiveApproval& command) {
    if (command.ruling == Ruling::approved) {
        return {};
    }
    std::string detail = "rejected by " + command.actor;
    if (!command.comment.empty()) {
        detail += ": " + command.comment;
    }
    return quoted(detail);
}

std::string output_of(const GiveApproval& command) {
    Json output = Json::object();
    output.set("approved", command.ruling == Ruling::approved);
    output.set("by", command.actor);
    output.set("comment", command.comment);
    return output.text();
}

// The instance that the command means, or the refusal.
Result<InstanceIndex> wanted_instance(const Job& job, const GiveApproval& command) {
    const NodeIndex node = job.definition->find(command.node);
    if (node == no_index) {
        return fail(Problem::not_found, "the job has no node `" + quoted(command.node) + "`");
    }
    const InstanceIndex i = job.instance_of(node, command.item);
    if (i == no_index) {
        return fail(Problem::not_found, "`" + command.node + "` has no such item");
    }
    return i;
}

Decision refuse_idle(const Job& job, InstanceIndex i, const GiveApproval& command) {
    const Instance& instance = job.instances[i];
    const NodeDef& node = job.node_of(instance);
    const bool is_again = node.kind == NodeKind::approve && !node.map &&
                          instance.state == NodeState::succeeded &&
                          command.ruling == Ruling::approved;
    if (is_again) {
        return {};
    }
    std::string why = "`" + node.id + "` waits for nobody's decision: it is " +
                      std::string(name_of(instance.state));
    if (node.map && instance.item == no_index) {
        why += "; of a map, name the item";
    }
    return refuse(Problem::state_conflict, std::move(why));
}

}  // namespace

Decision give_approval(const State& state, const GiveApproval& command, Now now) {
    const Job* job = state.find(command.job);
    if (job == nullptr || job->tenant != command.tenant) {
        return refuse(Problem::not_live);
    }
    const Result<InstanceIndex> i = wanted_instance(*job, command);
    if (!i) {
        return refuse(i.error().problem, i.error().detail);
    }
    const Instance& instance = job->instances[*i];
    if (!job->awaits_person(instance)) {
        return refuse_idle(*job, *i, command);
    }
    ApprovalGiven given{command.node, command.item, command.ruling, command.actor,
                        command.comment};
    if (command.comment.size() > inline_text_bytes_max || !fits_in_record(given)) {
        return refuse(Problem::invalid_value, "the comment is not UTF-8 or too long");
    }
    const WallTime at = record_time(state, now);
    Decision decision;
    decision.records.push_back(job_record(*job, command.actor, at, std::move(given)));
    if (instance.is_escalated) {
        return decision;
    }
    AttemptEnded ended = end_of_attempt(*job, instance);
    const bool is_approved = command.ruling == Ruling::approved;
    ended.outcome = is_approved ? Outcome::succeeded : Outcome::failed;
    ended.detail = ended_detail(command);
    ended.output = text_of_job(*job, output_of(command), decision.bodies);
    close_attempt(*job, instance, std::move(ended), {engine_actor, at}, decision);
    return decision;
}

}  // namespace attacca::core
