// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "core/graph/definition.h"
#include "core/job/job.h"

// What a rerun keeps of an earlier job: how the nodes ended that it does not run again, and their
// outputs. It travels in the new job's first record, so the new job needs nothing of the old one.
//
// Its text is a JSON array in the order of the definition: [{"node", "status", "by_if"?,
// "fell_back"?, "outputs"?, "is_large"?, "items"? [...], "ends"? [{"status", "outputs"?,
// "is_large"?}]}].
// `items` and `ends` belong to maps; `is_large` stands for outputs that lie in a file, which
// expressions cannot see.

namespace attacca::core {

struct KeptEnd {
    NodeState state = NodeState::succeeded;
    bool is_by_if = false;  // skipped by its own `if`
    bool has_fallen_back = false;  // and its fallback ran
    Output output;
};

struct KeptNode {
    NodeIndex node = 0;
    KeptEnd end;
    Json items;                  // of a map that was expanded: an array, else null
    std::vector<KeptEnd> ends;   // of its items
};

// By node: whether a rerun of the `wanted` nodes runs it. `is_only`: the nodes themselves, else
// what depends on them as well. Nodes of `finally` always run.
[[nodiscard]] std::vector<bool> rerun_set(const Definition& definition,
                                          const std::vector<NodeIndex>& wanted,
                                          bool is_only);

// The main nodes that kept the job from completing: failed, cancelled, or skipped because of those.
[[nodiscard]] std::vector<NodeIndex> unsuccessful_nodes(const Job& job);

// Preconditions: the job's nodes are final.
[[nodiscard]] std::string kept_text(const Job& job, const std::vector<bool>& rerun);

// In the order of the definition. Errors: corrupt.
[[nodiscard]] Result<std::vector<KeptNode>> parse_kept(const Definition& definition,
                                                       std::string_view text);

// Puts the nodes at their ends in a job that has just been made. Nothing is released by it.
void keep_nodes(Job& job, std::vector<KeptNode> kept);

}  // namespace attacca::core
