// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/graph/expression.h"
#include "core/job/job.h"

// What the expressions of one node can see: params, env, job, nodes.<id> and the map's variable.
//
// nodes.<id> is an object {status, outputs, counts, results_file, duration, duration_ms}; status is
// the node state's name; counts and the items' outputs are those of a map.

namespace attacca::core {

class JobNames : public Names {
  public:
    // `results_directory`: where the attempt that asks finds its results files; empty before there
    // is an attempt, then `results_file` is null. `item` overrides the instance's own map item.
    JobNames(const Job& job,
             InstanceIndex instance,
             std::string results_directory = {},
             const Json* item = nullptr);

    [[nodiscard]] Result<Json> find(std::string_view root, std::string_view member) const override;
    [[nodiscard]] bool needs_succeeded() const override;
    [[nodiscard]] bool needs_failed() const override;

  private:
    [[nodiscard]] Result<Json> param(std::string_view member) const;
    [[nodiscard]] Result<Json> environment(std::string_view member) const;
    [[nodiscard]] Json job_member(std::string_view member) const;
    [[nodiscard]] Result<Json> node(std::string_view id) const;

    const Job& job_;
    InstanceIndex instance_;
    std::string results_directory_;
    const Json* item_;
    mutable std::optional<Json> params_;  // parsed at the first use
};

// What an expression sees of a job at any time: `id`, `name`, `tenant`.
[[nodiscard]] Json job_object(const JobId& id, const std::string& name, const std::string& tenant);
// The member, null where there is none; all of it for an empty name.
[[nodiscard]] Json member_of(const Json& object, std::string_view member);

// The state that the job would end with if it ended now (`job.status` in `finally`).
[[nodiscard]] JobState prospective_state(const Job& job);

// The content of `results_file`: one JSON object a line for each item, or for the node itself.
[[nodiscard]] std::string results_lines(const Job& job, NodeIndex node);

// `results/<node>.jsonl`, below the attempt's working directory.
[[nodiscard]] std::string results_path(std::string_view node);

}  // namespace attacca::core
