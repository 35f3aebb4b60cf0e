// SPDX-License-Identifier: Apache-2.0
#include "reference.h"

#include <algorithm>

namespace attacca::sim {
namespace {

using core::Join;
using core::NodeState;
using core::Outcome;

bool has_begun(NodeState state) {
    return state == NodeState::running || state == NodeState::waiting || core::is_final(state);
}

enum class Truth : std::uint8_t { yes, no, broken };

struct NeedCount {
    std::uint32_t done = 0;
    std::uint32_t succeeded = 0;
    std::uint32_t failed = 0;
    std::uint32_t bad = 0;
};

NeedCount count_needs(const RefJob& job, const BlueNode& node) {
    NeedCount count;
    for (const std::uint32_t need : node.needs) {
        const RefInstance& instance = job.instances[need];
        if (!core::is_final(instance.state)) {
            continue;
        }
        ++count.done;
        count.succeeded += instance.state == NodeState::succeeded ? 1U : 0U;
        count.failed += instance.state == NodeState::failed ? 1U : 0U;
        const bool is_good = instance.state == NodeState::succeeded || instance.is_skipped_by_if;
        count.bad += is_good ? 0U : 1U;
    }
    return count;
}

Truth condition_of(const RefJob& job, const BlueNode& node) {
    const auto truth = [](bool holds) { return holds ? Truth::yes : Truth::no; };
    const RefInstance& need = job.instances[node.condition_need];
    switch (node.condition) {
        case Condition::none:
        case Condition::holds: return Truth::yes;
        case Condition::fails: return Truth::no;
        case Condition::breaks: return Truth::broken;
        case Condition::need_value: return truth(need.value == node.condition_value);
        case Condition::need_status: return truth(need.state == NodeState::succeeded);
        case Condition::any_failed:
            if (node.is_finally && node.needs.empty()) {
                return truth(job.has_failure());
            }
            return truth(count_needs(job, node).failed > 0);
        case Condition::all_succeeded: return truth(count_needs(job, node).bad == 0);
    }
    ATTACCA_CHECK(false);
}

enum class Joined : std::uint8_t { waits, ready, hopeless };

Joined joined(const RefJob& job, const BlueNode& node) {
    if (node.is_fallback) {
        const RefInstance& need = job.instances[node.needs.front()];
        return core::is_final(need.state) ? Joined::ready : Joined::waits;
    }
    const NeedCount count = count_needs(job, node);
    const bool is_all = count.done == node.needs.size();
    switch (node.join) {
        case Join::all_succeeded:
            return count.bad > 0 ? Joined::hopeless : is_all ? Joined::ready : Joined::waits;
        case Join::any_succeeded:
            return count.succeeded > 0 ? Joined::ready
                   : is_all && !node.needs.empty() ? Joined::hopeless
                   : node.needs.empty()            ? Joined::ready
                                                   : Joined::waits;
        case Join::all_done: return is_all ? Joined::ready : Joined::waits;
        case Join::any_failed:
            return count.failed > 0 || node.needs.empty() ? Joined::ready
                   : is_all                               ? Joined::hopeless
                                                          : Joined::waits;
    }
    ATTACCA_CHECK(false);
}

void move_pending(RefJob& job, std::uint32_t i, bool& is_changed) {
    RefInstance& instance = job.instances[i];
    const BlueNode& node = job.blueprint->nodes[i];
    const bool is_stopped = node.is_finally ? job.is_finally_stopped : job.is_cancelling;
    if (instance.state != NodeState::pending || is_stopped ||
        (node.is_finally && !job.is_finally_begun)) {
        return;
    }
    const Joined join = joined(job, node);
    if (join == Joined::waits) {
        return;
    }
    is_changed = true;
    if (node.is_fallback && !job.instances[node.needs.front()].has_fallen_back) {
        instance.state = NodeState::skipped;
        instance.is_skipped_by_if = true;
        return;
    }
    if (join == Joined::hopeless) {
        instance.state = NodeState::skipped;
        return;
    }
    const Truth truth = condition_of(job, node);
    instance.is_broken = truth == Truth::broken;
    instance.is_skipped_by_if = truth == Truth::no;
    instance.state = truth == Truth::no ? NodeState::skipped : NodeState::ready;
}

void move_map(RefJob& job, RefMap& map, bool& is_changed) {
    RefInstance& node = job.instances[map.node];
    if (node.state != NodeState::waiting) {
        return;
    }
    std::uint32_t active = 0;
    std::uint32_t done = 0;
    std::uint32_t failed = 0;
    std::uint32_t cancelled = 0;
    for (std::uint32_t item = 0; item < map.count; ++item) {
        const NodeState state = job.instances[map.first + item].state;
        const bool is_done = core::is_final(state);
        done += is_done ? 1U : 0U;
        active += !is_done && item < map.next ? 1U : 0U;
        failed += state == NodeState::failed ? 1U : 0U;
        cancelled += state == NodeState::cancelled ? 1U : 0U;
    }
    const std::uint32_t limit = job.blueprint->nodes[map.node].map_parallel;
    while (map.next < map.count && (limit == 0 || active < limit)) {
        job.instances[map.first + map.next++].state = NodeState::ready;
        ++active;
        is_changed = true;
    }
    if (done == map.count) {
        node.state = failed > 0      ? NodeState::failed
                     : cancelled > 0 ? NodeState::cancelled
                                     : NodeState::succeeded;
        is_changed = true;
    }
}

void cancel_unstarted(RefInstance& instance) {
    if (!has_begun(instance.state) || instance.is_escalated) {
        instance.is_escalated = false;
        instance.state = NodeState::cancelled;
    }
}

void begin_finally(RefJob& job, bool& is_changed) {
    if (job.is_finally_begun || !job.are_all_final(false)) {
        return;
    }
    job.is_finally_begun = true;
    is_changed = true;
    if (job.is_finally_stopped || (job.is_cancelling && !job.is_started)) {
        for (std::size_t i = job.blueprint->main_count; i < job.blueprint->nodes.size(); ++i) {
            cancel_unstarted(job.instances[i]);
        }
    }
}

// Moves everything that follows, until nothing does any more.
void derive(RefJob& job) {
    bool is_changed = true;
    while (is_changed) {
        is_changed = false;
        for (RefMap& map : job.maps) {
            move_map(job, map, is_changed);
        }
        const auto count = static_cast<std::uint32_t>(job.blueprint->nodes.size());
        for (std::uint32_t i = 0; i < count; ++i) {
            move_pending(job, i, is_changed);
        }
        begin_finally(job, is_changed);
    }
}

NodeState end_state(Outcome outcome) {
    switch (outcome) {
        case Outcome::succeeded: return NodeState::succeeded;
        case Outcome::stopped:
        case Outcome::cancelled: return NodeState::cancelled;
        case Outcome::failed:
        case Outcome::timeout:
        case Outcome::lost:
        case Outcome::error: return NodeState::failed;
    }
    ATTACCA_CHECK(false);
}

void stop_map_of(RefJob& job, const RefInstance& failed) {
    for (RefMap& map : job.maps) {
        if (map.node != failed.node) {
            continue;
        }
        map.next = map.count;
        for (std::uint32_t item = 0; item < map.count; ++item) {
            cancel_unstarted(job.instances[map.first + item]);
        }
    }
}

void recover(const RefJob& job, RefInstance& failed) {
    const core::OnFailure action = expected_recovery(job, failed);
    if (action == core::OnFailure::skip_node || action == core::OnFailure::fallback_strategy) {
        failed.has_fallen_back = action == core::OnFailure::fallback_strategy;
        failed.state = NodeState::skipped;
        failed.is_skipped_by_if = true;
    } else if (action == core::OnFailure::escalate_manual) {
        failed.state = NodeState::waiting;
        failed.is_escalated = true;
    }
}

}  // namespace

std::uint32_t RefJob::instance_of(std::uint32_t node, std::uint32_t item) const {
    if (node >= blueprint->nodes.size()) {
        return core::no_index;
    }
    if (item == core::no_index) {
        return node;
    }
    for (const RefMap& map : maps) {
        if (map.node == node && item < map.count) {
            return map.first + item;
        }
    }
    return core::no_index;
}

bool RefJob::has_failure() const {
    return std::any_of(instances.begin(), instances.end(), [](const RefInstance& instance) {
        return instance.state == NodeState::failed;
    });
}

bool RefJob::are_all_final(bool is_finally) const {
    for (std::size_t i = 0; i < blueprint->nodes.size(); ++i) {
        if (blueprint->nodes[i].is_finally == is_finally && !core::is_final(instances[i].state)) {
            return false;
        }
    }
    return true;
}

std::uint32_t RefJob::open_count() const {
    std::uint32_t count = 0;
    for (const RefInstance& instance : instances) {
        count += instance.state == NodeState::running ? 1U : 0U;
    }
    return count;
}

bool RefJob::has_images(std::uint32_t chunk, std::string_view images) const {
    const std::size_t from = std::size_t{chunk} * 64;
    const std::size_t to = std::max(from, std::min(instances.size(), from + 64));
    bool is_same = images.size() == (to - from) * 2;
    for (std::size_t i = from; is_same && i < to; ++i) {
        const std::uint32_t attempts = std::min<std::uint32_t>(instances[i].attempts, 255);
        is_same = images[2 * (i - from)] == static_cast<char>(instances[i].state) &&
                  images[2 * (i - from) + 1] == static_cast<char>(attempts);
    }
    return is_same;
}

void ref_create(RefJob& job, const RefJob* before) {
    job.instances.resize(job.blueprint->nodes.size());
    for (std::uint32_t i = 0; i < job.instances.size(); ++i) {
        job.instances[i].node = i;
        job.has_broken_condition |= job.blueprint->nodes[i].condition == Condition::breaks;
    }
    if (before != nullptr) {
        ref_keep(job, *before);
    }
    derive(job);
}

void ref_start(RefJob& job, RefInstance& instance, const core::AttemptStarted& started) {
    job.is_started = true;
    job.state = core::JobState::running;
    ++instance.attempts;
    instance.fence = started.fence.value;
    instance.is_open = true;
    const bool has_runner = core::has_runner(job.blueprint->nodes[instance.node].kind);
    instance.state = has_runner ? NodeState::running : NodeState::waiting;
}

void ref_end(RefJob& job, std::uint32_t instance, const core::AttemptEnded& ended,
             const std::string& output) {
    RefInstance& own = job.instances[instance];
    own.is_open = false;
    const bool is_task = job.blueprint->nodes[own.node].kind == core::NodeKind::task;
    const bool is_lost = ended.outcome == Outcome::lost;
    const bool is_free = ended.outcome == Outcome::stopped || (is_lost && !is_task);
    own.lost = static_cast<std::uint16_t>(own.lost + (is_free ? 1 : 0));
    own.crashes = static_cast<std::uint16_t>(own.crashes + (is_lost ? 1 : 0));
    own.parked = ended.parked;
    own.is_halted = false;
    if (output.size() > 5) {
        own.value = output[5] - '0';  // {"v":N
    }
    if (ended.retry_in_ms) {
        own.state = NodeState::retrying;
        return;
    }
    own.state = end_state(ended.outcome);
    if (own.state == NodeState::failed) {
        recover(job, own);
    }
    if (own.state == NodeState::failed && own.item != core::no_index &&
        job.blueprint->nodes[own.node].map_stops) {
        stop_map_of(job, own);
    }
    derive(job);
}

void ref_recover(RefJob& job, core::OnFailure action) {
    if (core::ends_job(action) && job.recovery == core::OnFailure::fail) {
        job.recovery = action;
    }
}

void ref_approve(RefJob& job, std::uint32_t instance, core::Ruling ruling) {
    RefInstance& own = job.instances[instance];
    if (!own.is_escalated) {
        return;  // the end of the approve node's attempt follows
    }
    own.is_escalated = false;
    const bool is_approved = ruling == core::Ruling::approved;
    own.state = is_approved ? NodeState::skipped : NodeState::failed;
    own.is_skipped_by_if = is_approved;
    if (own.state == NodeState::failed && own.item != core::no_index &&
        job.blueprint->nodes[own.node].map_stops) {
        stop_map_of(job, own);
    }
    derive(job);
}

void ref_expand(RefJob& job, std::uint32_t node, std::uint32_t count) {
    RefMap map;
    map.node = node;
    map.first = static_cast<std::uint32_t>(job.instances.size());
    map.count = count;
    for (std::uint32_t item = 0; item < count; ++item) {
        RefInstance instance;
        instance.node = node;
        instance.item = item;
        job.instances.push_back(instance);
    }
    job.maps.push_back(map);
    job.instances[node].state = NodeState::waiting;
    derive(job);
}

void ref_pause(RefJob& job, bool is_now) {
    job.state = core::JobState::paused;
    for (RefInstance& instance : job.instances) {
        const bool runs = instance.state == NodeState::running;
        instance.is_halted = instance.is_halted || (is_now && runs);
    }
}

void ref_cancel(RefJob& job, core::CancelCause cause) {
    job.is_finally_stopped = job.is_cancelling;
    if (!job.is_cancelling || cause == core::CancelCause::user) {
        job.is_cancelling = true;
        job.is_by_deadline = cause == core::CancelCause::deadline;
        job.is_by_failure = cause == core::CancelCause::failure;
    }
    if (job.state == core::JobState::paused) {
        job.state = core::JobState::running;
    }
    const bool is_whole = job.is_finally_stopped || !job.is_started;
    for (RefInstance& instance : job.instances) {
        if (!job.blueprint->nodes[instance.node].is_finally || is_whole) {
            cancel_unstarted(instance);
        }
    }
    for (RefMap& map : job.maps) {
        if (!job.blueprint->nodes[map.node].is_finally || is_whole) {
            map.next = map.count;
        }
    }
    derive(job);
}

void ref_finish(RefJob& job, const core::JobEnded& ended) {
    job.state = ended.state;
    job.reason = ended.reason;
}

}  // namespace attacca::sim
