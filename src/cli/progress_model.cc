// SPDX-License-Identifier: Apache-2.0
#include "cli/progress_model.h"

#include <algorithm>
#include <utility>

#include "cli/text.h"

namespace attacca::cli {
namespace {

using core::JobState;
using core::NodeState;

std::optional<std::uint32_t> item_of(const Json& data) {
    const std::int64_t item = number_member(data, "item", -1);
    return item < 0 ? std::nullopt : std::optional{static_cast<std::uint32_t>(item)};
}

// `exit 1 after 3 attempts: nmap: connection refused`
std::string reason_of(const Json& data, core::Outcome outcome) {
    std::string text;
    const Json* exit_code = data.find("exit_code");
    if (outcome == core::Outcome::failed && exit_code != nullptr && exit_code->is_integer()) {
        text = "exit " + std::to_string(exit_code->as_integer());
    } else {
        text = core::name_of(outcome);
    }
    const std::int64_t attempt = number_member(data, "attempt", 1);
    if (attempt > 1) {
        text += " after " + std::to_string(attempt) + " attempts";
    }
    const std::string detail = printable(text_member(data, "detail"));
    const bool is_said = detail == text || (detail.starts_with("exit status ") &&
                                            text.starts_with("exit "));
    if (!detail.empty() && !is_said) {
        text += ": " + detail;
    }
    return text;
}

std::string count_text(std::uint32_t count, const char* word) {
    return std::to_string(count) + " " + word + (count == 1 ? "" : "s");
}

std::string recovery_text(core::OnFailure action) {
    switch (action) {
        case core::OnFailure::escalate_manual: return "waits for approval: go on without it?";
        case core::OnFailure::fallback_strategy: return "its fallback runs instead";
        case core::OnFailure::abort_execution: return "ends the job";
        case core::OnFailure::retry_job:
        case core::OnFailure::rollback_state:
        case core::OnFailure::requeue_job: return "ends the job, which begins again as a new one";
        case core::OnFailure::fail:
        case core::OnFailure::skip_node: break;
    }
    return "counts as skipped, the job goes on";
}

NodeState final_state_of(core::Outcome outcome) {
    switch (outcome) {
        case core::Outcome::succeeded: return NodeState::succeeded;
        case core::Outcome::stopped:
        case core::Outcome::cancelled: return NodeState::cancelled;
        case core::Outcome::failed:
        case core::Outcome::timeout:
        case core::Outcome::lost:
        case core::Outcome::error: return NodeState::failed;
    }
    return NodeState::failed;
}

}  // namespace

void ProgressModel::add_nodes(const core::Definition& definition) {
    for (const core::NodeDef& node : definition.nodes) {
        NodeProgress progress;
        progress.id = node.id;
        progress.is_map = static_cast<bool>(node.map);
        progress.is_finally = node.is_finally;
        add_node(std::move(progress));
    }
}

void ProgressModel::add_node(NodeProgress node) {
    places_.try_emplace(node.id, nodes_.size());
    nodes_.push_back(std::move(node));
}

NodeProgress& ProgressModel::node_of(const std::string& id) {
    const auto found = places_.find(id);
    if (found != places_.end()) {
        return nodes_[found->second];
    }
    NodeProgress node;
    node.id = id;
    add_node(std::move(node));
    return nodes_.back();
}

std::string ProgressModel::instance_name(std::string_view node,
                                         std::optional<std::uint32_t> item) const {
    std::string name = printable(node);
    if (item) {
        const auto key = keys_.find({std::string{node}, *item});
        name += "[" + (key == keys_.end() ? std::to_string(*item) : printable(key->second)) + "]";
    }
    return name;
}

void ProgressModel::name_item(std::string_view node, std::uint32_t item, std::string key) {
    keys_[{std::string{node}, item}] = std::move(key);
}

void ProgressModel::settle(std::string_view node, NodeState state) {
    const auto found = places_.find(node);
    if (found != places_.end()) {
        nodes_[found->second].state = state;
    }
}

std::vector<Transition> ProgressModel::apply(const JobEvent& event) {
    if (has_events_ && event.gseq <= last_gseq_) {
        return {};
    }
    has_events_ = true;
    last_gseq_ = event.gseq;
    if (event.type == "job_created") {
        job_ = event.job;
        created_at_ = event.at;
        name_ = name_.empty() ? text_member(event.data, "name") : name_;
        return {{Transition::Weight::node, event.at, printable(name_), 'j', "job " + job_}};
    }
    if (event.type == "attempt_started") {
        return attempt_started(event);
    }
    if (event.type == "attempt_ended") {
        return attempt_ended(event);
    }
    if (event.type == "approval_given") {
        return approval_given(event);
    }
    if (event.type == "recovery_taken") {
        return recovery_taken(event);
    }
    if (event.type == "map_expanded") {
        return map_expanded(event);
    }
    if (event.type == "job_ended") {
        return job_ended(event);
    }
    if (event.type == "job_paused" || event.type == "job_resumed") {
        const bool is_paused = event.type == "job_paused";
        state_ = is_paused ? JobState::paused : JobState::running;
        return {{Transition::Weight::node, event.at, printable(name_), 'p',
                 is_paused ? "paused" : "resumed"}};
    }
    if (event.type == "cancel_requested") {
        is_cancelling_ = true;
        const std::string cause = text_member(event.data, "cause");
        return {{Transition::Weight::node, event.at, printable(name_), 'c',
                 cause == "deadline"  ? "time-out of the job, stopping"
                 : cause == "failure" ? "a node ends the job, stopping"
                                      : "cancelling"}};
    }
    return {};
}

std::vector<Transition> ProgressModel::attempt_started(const JobEvent& event) {
    const std::string id = text_member(event.data, "node");
    NodeProgress& node = node_of(id);
    const std::optional<std::uint32_t> item = item_of(event.data);
    const std::int64_t attempt = number_member(event.data, "attempt", 1);
    state_ = state_ == JobState::paused ? state_ : JobState::running;
    if (node.started_at.us == 0) {
        node.started_at = event.at;
    }
    if (item) {
        ++node.items.running;
    } else {
        node.attempt = attempt;
    }
    const std::string message = text_member(event.data, "message");
    const bool waits = event.data.find("until") != nullptr || !message.empty();
    node.state = waits ? NodeState::waiting : NodeState::running;
    (message.empty() ? busy_ : awaited_).insert({id, item});
    if (!message.empty()) {
        return {{Transition::Weight::node, event.at, instance_name(id, item), 'p',
                 "waits for approval: " + printable(message)}};
    }
    const std::string text =
        attempt > 1 ? "started, attempt " + std::to_string(attempt) : std::string{"started"};
    return {{item ? Transition::Weight::item : Transition::Weight::node, event.at,
             instance_name(id, item), 's', text}};
}

std::vector<Transition> ProgressModel::attempt_ended(const JobEvent& event) {
    const std::string id = text_member(event.data, "node");
    NodeProgress& node = node_of(id);
    const std::optional<std::uint32_t> item = item_of(event.data);
    const core::Outcome outcome =
        core::outcome_of(text_member(event.data, "outcome")).value_or(core::Outcome::error);
    const Transition::Weight weight = item ? Transition::Weight::item : Transition::Weight::node;
    const std::string name = instance_name(id, item);
    if (item && node.items.running > 0) {
        --node.items.running;
    }
    awaited_.erase({id, item});
    busy_.erase({id, item});
    const std::int64_t retry_in_ms = number_member(event.data, "retry_in_ms", -1);
    if (retry_in_ms >= 0 && outcome != core::Outcome::succeeded) {
        node.state = item ? node.state : NodeState::retrying;
        busy_.insert({id, item});
        std::string text = reason_of(event.data, outcome) + "; next attempt ";
        text += retry_in_ms == 0 ? "now" : "in " + human_duration(milliseconds(retry_in_ms));
        // A retry is news even of an item: something went wrong.
        return {{Transition::Weight::node, event.at, name, 'r', std::move(text)}};
    }
    const NodeState state = final_state_of(outcome);
    std::vector<Transition> changes;
    if (state == NodeState::failed) {
        std::string reason = reason_of(event.data, outcome);
        const bool has_log = event.data.find("exit_code") != nullptr ||
                             outcome == core::Outcome::timeout;
        failures_.push_back({id, item, name, number_member(event.data, "attempt", 1), reason, false,
                             event.at, has_log});
        changes.push_back({Transition::Weight::node, event.at, name, 'n', std::move(reason)});
    } else {
        const bool is_cancelled = state == NodeState::cancelled;
        std::string text = is_cancelled ? "cancelled" : "succeeded";
        if (!item) {
            text += " in " + human_duration(event.at - node.started_at);
        }
        changes.push_back({weight, event.at, name, is_cancelled ? 'c' : 'y', std::move(text)});
    }
    if (!item) {
        node.state = state;
        node.ended_at = event.at;
        return changes;
    }
    std::vector<Transition> more = end_item(node, state, event.at);
    std::move(more.begin(), more.end(), std::back_inserter(changes));
    return changes;
}

std::vector<Transition> ProgressModel::end_item(NodeProgress& node, NodeState state, WallTime at) {
    ItemCounts& items = node.items;
    std::uint32_t& count = state == NodeState::succeeded
                               ? items.succeeded
                               : (state == NodeState::cancelled ? items.cancelled : items.failed);
    ++count;
    if (items.total == 0 || items.ended() < items.total) {
        return {};
    }
    node.state = items.failed > 0 ? NodeState::failed
                                  : (items.cancelled > 0 ? NodeState::cancelled
                                                         : NodeState::succeeded);
    node.ended_at = at;
    std::string text = std::to_string(items.succeeded) + " of " +
                       count_text(items.total, "item") + " succeeded in " +
                       human_duration(at - node.started_at);
    return {{Transition::Weight::node, at, printable(node.id), items.failed > 0 ? 'n' : 'y',
             std::move(text)}};
}

std::vector<Transition> ProgressModel::map_expanded(const JobEvent& event) {
    const std::string id = text_member(event.data, "node");
    NodeProgress& node = node_of(id);
    node.is_map = true;
    node.items.total = static_cast<std::uint32_t>(number_member(event.data, "count"));
    node.started_at = node.started_at.us == 0 ? event.at : node.started_at;
    const bool is_empty = node.items.total == 0;
    node.state = is_empty ? NodeState::succeeded : NodeState::running;
    return {{Transition::Weight::node, event.at, printable(id), is_empty ? 'y' : 's',
             count_text(node.items.total, "item")}};
}

std::vector<Transition> ProgressModel::approval_given(const JobEvent& event) {
    const std::string id = text_member(event.data, "node");
    const std::optional<std::uint32_t> item = item_of(event.data);
    awaited_.erase({id, item});
    const bool is_approved = text_member(event.data, "decision") == "approved";
    std::string text = is_approved ? "approved by " : "rejected by ";
    text += printable(text_member(event.data, "by"));
    const std::string comment = printable(text_member(event.data, "comment"));
    text += comment.empty() ? "" : ": " + comment;
    return {{Transition::Weight::node, event.at, instance_name(id, item), is_approved ? 'y' : 'n',
             std::move(text)}};
}

std::vector<Transition> ProgressModel::recovery_taken(const JobEvent& event) {
    const std::string id = text_member(event.data, "node");
    NodeProgress& node = node_of(id);
    const std::optional<std::uint32_t> item = item_of(event.data);
    const core::OnFailure action = core::on_failure_of(text_member(event.data, "action"))
                                       .value_or(core::OnFailure::skip_node);
    const bool is_escalated = action == core::OnFailure::escalate_manual;
    if (is_escalated) {
        awaited_.insert({id, item});
    }
    if (!is_escalated && !core::ends_job(action)) {
        for (Failure& failure : failures_) {
            failure.is_left_out |= failure.node == id && failure.item == item;
        }
    }
    if (!item && !core::ends_job(action)) {
        node.state = is_escalated ? NodeState::waiting : NodeState::skipped;
    }
    return {{Transition::Weight::node, event.at, instance_name(id, item), 'p',
             recovery_text(action)}};
}

std::vector<std::string> ProgressModel::awaited() const {
    std::vector<std::string> names;
    for (const auto& [node, item] : awaited_) {
        names.push_back(item ? node + "[" + std::to_string(*item) + "]" : node);
    }
    return names;
}

bool ProgressModel::is_up_to_a_person() const {
    return !is_over() && !awaited_.empty() && busy_.empty();
}

std::vector<Transition> ProgressModel::job_ended(const JobEvent& event) {
    state_ = core::job_state_of(text_member(event.data, "state")).value_or(JobState::failed);
    reason_ =
        core::job_reason_of(text_member(event.data, "reason")).value_or(core::JobReason::none);
    ended_at_ = event.at;
    return {};
}

}  // namespace attacca::cli
