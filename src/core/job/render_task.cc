// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "core/job/names.h"
#include "core/job/render.h"

namespace attacca::core {
namespace {

constexpr std::size_t spec_bytes_max = std::size_t{1} << 20U;

// The same value with every text that is a template replaced. Depth: that of a definition's JSON.
Result<Json> render_value(const Json& value, const Names& names) {
    if (value.is_string()) {
        ATTACCA_TRY(const Template text, Template::parse(value.as_string()));
        return text.value(names);
    }
    if (value.is_array()) {
        Json list = Json::array();
        for (const Json& element : value.as_array()) {
            ATTACCA_TRY(Json rendered, render_value(element, names));
            list.push(std::move(rendered));
        }
        return list;
    }
    if (value.is_object()) {
        Json object = Json::object();
        for (const Json::Member& member : value.as_object()) {
            ATTACCA_TRY(Json rendered, render_value(member.value, names));
            object.as_object().push_back({member.key, std::move(rendered)});
        }
        return object;
    }
    return Json(value);
}

}  // namespace

Result<TaskRendering> render_task(const Job& job, InstanceIndex instance) {
    const Instance& own = job.instances[instance];
    const NodeDef& node = job.node_of(own);
    const JobNames names(job, instance);
    TaskRendering out;
    if (own.item != no_index) {
        out.item_key = std::to_string(own.item);
        if (node.map->key) {
            ATTACCA_TRY(out.item_key, node.map->key->render(names));
        }
    }
    Result<Json> spec = render_value(node.task->spec, names);
    if (!spec) {
        Error error = spec.error();
        error.detail = "`task`: " + error.detail;
        return error;
    }
    out.spec = spec->canonical_text();  // the same before and after a restart
    if (out.spec.size() > spec_bytes_max) {
        return fail(Problem::out_of_range, "`task`: with its values it has more than 1 MiB");
    }
    return out;
}

}  // namespace attacca::core
