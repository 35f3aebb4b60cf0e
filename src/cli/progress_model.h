// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/time.h"
#include "cli/job_event.h"
#include "core/graph/definition.h"
#include "core/job/states.h"

// What a display knows about one job: the fold of its events, as far as people want to see it.
//
// States that follow from others without a record (a node was skipped) are not computed here: they
// are told by settle(), once, from the job's own view at its end. Pure; one thread.

namespace attacca::cli {

struct ItemCounts {
    std::uint32_t total = 0;
    std::uint32_t succeeded = 0;
    std::uint32_t failed = 0;
    std::uint32_t cancelled = 0;
    std::uint32_t running = 0;

    [[nodiscard]] std::uint32_t ended() const { return succeeded + failed + cancelled; }
};

struct NodeProgress {
    std::string id;
    bool is_map = false;
    bool is_finally = false;
    core::NodeState state = core::NodeState::pending;
    std::int64_t attempt = 0;
    WallTime started_at;  // of its first attempt
    WallTime ended_at;
    ItemCounts items;  // of a map
};

// An instance that failed for good.
struct Failure {
    std::string node;
    std::optional<std::uint32_t> item;
    std::string name;  // `node`, or `node[key]`
    std::int64_t attempt = 0;
    std::string reason;  // `exit 1 after 3 attempts: …`, one line
    bool is_left_out = false;  // the job went on without it
    WallTime at = {};
    bool has_log = false;  // a command ran
};

// A change that the plain display prints as a line.
struct Transition {
    enum class Weight { node, item } weight = Weight::node;
    WallTime at;
    std::string name;
    char glyph = ' ';  // s start, y success, n failure, r retry, c cancelled, j job, p pause
    std::string text;
};

class ProgressModel {
  public:
    explicit ProgressModel(std::string name) : name_(std::move(name)) {}

    void add_nodes(const core::Definition& definition);
    void add_node(NodeProgress node);

    // Folds one event in and says what changed. Events that came already are ignored.
    std::vector<Transition> apply(const JobEvent& event);
    // A name for a map's item, before its events arrive.
    void name_item(std::string_view node, std::uint32_t item, std::string key);
    // The states as the job itself tells them, at its end.
    void settle(std::string_view node, core::NodeState state);

    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] const std::string& job() const { return job_; }
    [[nodiscard]] const std::vector<NodeProgress>& nodes() const { return nodes_; }
    [[nodiscard]] const std::vector<Failure>& failures() const { return failures_; }
    // Names of what waits for a person, in order.
    [[nodiscard]] std::vector<std::string> awaited() const;
    // Nothing goes on before a person decides, as far as the events tell.
    [[nodiscard]] bool is_up_to_a_person() const;
    [[nodiscard]] core::JobState state() const { return state_; }
    [[nodiscard]] core::JobReason reason() const { return reason_; }
    [[nodiscard]] bool is_cancelling() const { return is_cancelling_; }
    [[nodiscard]] bool is_over() const { return core::is_final(state_); }
    [[nodiscard]] WallTime created_at() const { return created_at_; }
    [[nodiscard]] WallTime ended_at() const { return ended_at_; }
    [[nodiscard]] std::uint64_t last_gseq() const { return last_gseq_; }
    [[nodiscard]] std::string instance_name(std::string_view node,
                                            std::optional<std::uint32_t> item) const;

  private:
    [[nodiscard]] NodeProgress& node_of(const std::string& id);
    std::vector<Transition> attempt_started(const JobEvent& event);
    std::vector<Transition> attempt_ended(const JobEvent& event);
    std::vector<Transition> map_expanded(const JobEvent& event);
    std::vector<Transition> job_ended(const JobEvent& event);
    std::vector<Transition> approval_given(const JobEvent& event);
    std::vector<Transition> recovery_taken(const JobEvent& event);
    // Counts an item's end and ends the map with its last one.
    std::vector<Transition> end_item(NodeProgress& node, core::NodeState state, WallTime at);

    std::string name_;
    std::string job_;
    std::vector<NodeProgress> nodes_;
    std::map<std::string, std::size_t, std::less<>> places_;  // of each id in nodes_
    std::map<std::pair<std::string, std::uint32_t>, std::string> keys_;
    using Place = std::pair<std::string, std::optional<std::uint32_t>>;  // node, item
    std::set<Place> awaited_;
    std::set<Place> busy_;  // an attempt is open or will begin again, and waits for no person
    std::vector<Failure> failures_;
    core::JobState state_ = core::JobState::queued;
    core::JobReason reason_ = core::JobReason::none;
    bool is_cancelling_ = false;
    WallTime created_at_;
    WallTime ended_at_;
    std::uint64_t last_gseq_ = 0;
    bool has_events_ = false;
};

}  // namespace attacca::cli
