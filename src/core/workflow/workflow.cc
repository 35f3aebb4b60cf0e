// SPDX-License-Identifier: Apache-2.0
#include "core/workflow/workflow.h"

#include <utility>

#include "core/image_json.h"

namespace attacca::core {

std::string workflow_entity(std::string_view tenant, std::string_view name) {
    return "workflow/" + std::string(tenant) + "/" + std::string(name);
}

std::string image_of(const Workflow& workflow) {
    Json versions = Json::array();
    for (const WorkflowVersion& version : workflow.versions) {
        Json one = Json::object();
        one.set("version", std::int64_t{version.version});
        one.set("at", version.at.us);
        one.set("definition", hex(version.definition));
        set_text_or_body(one, "details", version.details);
        versions.push(std::move(one));
    }
    Json out = Json::object();
    out.set("tenant", workflow.tenant);
    out.set("name", workflow.name);
    out.set("enabled", workflow.is_enabled);
    out.set("versions", std::move(versions));
    return out.text();
}

Result<Workflow> load_workflow(std::string_view image) {
    ATTACCA_TRY(const Json json, parse_json(image));
    ImageReader reader(json);
    Workflow out;
    out.tenant = reader.text("tenant");
    out.name = reader.text("name");
    out.is_enabled = reader.yes("enabled");
    for (const Json& one : reader.list("versions")) {
        ImageReader part(one);
        WorkflowVersion version;
        version.version = static_cast<std::uint32_t>(part.number("version"));
        version.at = {part.number("at")};
        version.definition = part.digest("definition");
        version.details = part.text_or_body("details");
        reader.require(part.is_good());
        out.versions.push_back(std::move(version));
    }
    if (!reader.is_good() || out.versions.empty()) {
        return fail(Problem::corrupt, "the image of a workflow cannot be read");
    }
    return out;
}

}  // namespace attacca::core
