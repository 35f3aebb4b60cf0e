// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/graph/pipeline.h"
#include "core/schedule/schedule.h"
#include "core/workflow/workflow.h"
#include "http/api.h"

// Schedules and workflows as answers show them, read from the images in the store.

namespace attacca::http {

// False when the query held a parameter that nobody took; then the call is answered.
[[nodiscard]] inline bool has_plain_query(const Call& call) {
    const Result<void> done = call.query.finish();
    if (!done) {
        call.reply.refuse(done.error());
    }
    return done.has_value();
}

// A schedule with its chain's head.
struct StoredSchedule {
    core::Schedule schedule;
    ports::EntityHead head;
};

// Errors: not_found, also for a deleted one; corrupt.
[[nodiscard]] Result<StoredSchedule> find_schedule(Api& api,
                                                   const std::string& tenant,
                                                   const std::string& name);
// From an entity's image, with the texts that the image only names.
[[nodiscard]] Result<core::Schedule> schedule_of(Api& api, const ports::EntityHead& head);

// The zone of its expression; UTC for what needs none. Errors: unknown_zone.
[[nodiscard]] Result<std::shared_ptr<const core::Zone>> zone_of(Api& api,
                                                                const core::Timing& timing);

[[nodiscard]] Json schedule_json(Api& api, const core::Schedule& schedule);

// Errors: not_found, corrupt.
[[nodiscard]] Result<core::Workflow> find_workflow(Api& api,
                                                   const std::string& tenant,
                                                   const std::string& name);
// The version that was asked for; 0 is the newest. Errors: not_found.
[[nodiscard]] Result<core::WorkflowVersion> version_of(const core::Workflow& workflow,
                                                       std::uint64_t version);
// What definitions name of the tenant's workflows; as long as the Api lives.
[[nodiscard]] core::FindWorkflow workflows_of(Api& api, const std::string& tenant);
// Name, versions and state, without the definition.
[[nodiscard]] Json workflow_json(const core::Workflow& workflow);
// One version in the form in which it can be applied again, without the head of the file.
[[nodiscard]] Result<Json> document_of(Api& api,
                                       const core::Workflow& workflow,
                                       const core::WorkflowVersion& version);

// A job of a workflow: of its newest version, or of the one that the call's body names.
// Errors: not_found, is_disabled, and those of the body's values.
[[nodiscard]] Result<core::NewJob> workflow_job(Api& api, const Call& call);

}  // namespace attacca::http
