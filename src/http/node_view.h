// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/job/record.h"
#include "http/job_view.h"

// The node instances of a job with their attempts, from the job's row, its definition and its
// history. Cost: the whole history of the job is read.

namespace attacca::http {

struct AttemptView {
    core::AttemptStarted started;
    WallTime started_at;
    std::optional<core::AttemptEnded> ended;
    WallTime ended_at;
};

struct Instance {
    core::NodeIndex node = 0;
    std::optional<std::uint32_t> item;  // of a map
    std::string key;                    // of the item, where the map names them
};

class NodeView {
  public:
    // Reads definition, images and history. Errors: corrupt, io_error.
    [[nodiscard]] static Result<NodeView> load(const JobView& jobs, const ports::JobRow& row);

    [[nodiscard]] std::size_t instance_count() const { return instances_.size(); }
    [[nodiscard]] const std::vector<Instance>& instances() const { return instances_; }
    [[nodiscard]] Result<void> append(std::string& out, std::size_t instance) const;

    // The attempts of one node or item, in order. Empty when none began.
    [[nodiscard]] std::vector<const AttemptView*> attempts_of(
        std::string_view node, std::optional<std::uint32_t> item) const;
    [[nodiscard]] const core::Definition& definition() const { return *definition_; }

  private:
    NodeView(const JobView& jobs, const core::JobId& job) : jobs_(&jobs), job_(job) {}
    [[nodiscard]] Result<void> keep(const core::JobCreated& created);
    [[nodiscard]] Result<void> expand(const core::MapExpanded& expanded);

    const JobView* jobs_;
    core::JobId job_;
    std::shared_ptr<const core::Definition> definition_;
    std::string images_;
    std::vector<Instance> instances_;
    std::map<std::size_t, std::string> kept_;  // outputs that a rerun kept, by instance
    std::vector<AttemptView> attempts_;  // in the order of their starts
    // Positions in attempts_, sorted by (node, item), then by start.
    std::vector<std::size_t> by_instance_;
};

}  // namespace attacca::http
