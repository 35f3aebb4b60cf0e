// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "core/graph/definition.h"
#include "core/job/text_or_body.h"

// A workflow: a definition with a name, and its versions. A job that was started from one keeps the
// definition it began with, because definitions are bodies that never change.

namespace attacca::core {

inline constexpr std::size_t workflow_versions_max = 1000;

struct WorkflowVersion {
    std::uint32_t version = 1;
    Sha256 definition;
    TextOrBody details;  // as in WorkflowApplied
    WallTime at;
    friend bool operator==(const WorkflowVersion&, const WorkflowVersion&) = default;
};

struct Workflow {
    std::string tenant;
    std::string name;
    bool is_enabled = true;
    std::vector<WorkflowVersion> versions;  // ascending; never empty

    // Of the newest version, resident because a schedule may need them at any time.
    std::shared_ptr<const Definition> definition;
    std::string details;

    [[nodiscard]] const WorkflowVersion& newest() const { return versions.back(); }
};

// `workflow/<tenant>/<name>`
[[nodiscard]] std::string workflow_entity(std::string_view tenant, std::string_view name);

// The folded state as JSON text, as the store keeps it.
[[nodiscard]] std::string image_of(const Workflow& workflow);
// Without `definition` and `details`. Errors: corrupt.
[[nodiscard]] Result<Workflow> load_workflow(std::string_view image);

}  // namespace attacca::core
