// SPDX-License-Identifier: Apache-2.0
#include "core/graph/definition_body.h"

#include <algorithm>

#include "base/check.h"
#include "core/graph/definition_parts.h"
#include "core/graph/expression_functions.h"
#include "core/graph/node_extras.h"
#include "core/graph/object_writer.h"

namespace attacca::core {
namespace {

std::string expression_text(const Json& value) {
    return value.is_string() ? std::string(bare_expression(value.as_string())) : value.text();
}

void append_map(std::string& out, const MapDef& map, const Json& source) {
    ObjectWriter writer(out);
    if (map.as != "item") {
        writer.text("as", map.as);
    }
    if (map.key) {
        writer.text("key", text_of_scalar(*source.find("key")));
    }
    if (map.max_items != MapDef{}.max_items) {
        writer.integer("max_items", map.max_items);
    }
    if (map.stops_on_error) {
        writer.text("on_error", "stop");
    }
    if (map.over) {
        writer.text("over", expression_text(*source.find("over")));
    } else {
        writer.key("over") += map.over_items.canonical_text();
    }
    if (map.parallel != 0) {
        writer.integer("parallel", map.parallel);
    }
    if (map.where) {
        writer.text("where", expression_text(*source.find("where")));
    }
    writer.close();
}

void append_outputs(std::string& out, const std::vector<OutputDef>& outputs) {
    ObjectWriter writer(out);
    for (const OutputDef& output : outputs) {
        ObjectWriter inner(writer.key(output.name));
        inner.text("as", output_format_names[static_cast<std::size_t>(output.format)]);
        if (output.source == OutputSource::file) {
            inner.text("file", output.file);
        }
        inner.text("from", output_source_names[static_cast<std::size_t>(output.source)]);
        inner.integer("max_bytes", output.max_bytes);
        inner.close();
    }
    writer.close();
}

void append_run(std::string& out, const Json& run) {
    if (run.is_string()) {
        append_json_string(out, run.as_string());
        return;
    }
    append_array(out, run.as_array(),
                 [&](const Json& part) { append_json_string(out, text_of_scalar(part)); });
}

void append_test(std::string& out, const NodeExtras& extras, const Json& source) {
    ObjectWriter writer(out);
    writer.text("junit", extras.test.junit);
    append_run(writer.key("run"), *source.find("run"));
    writer.close();
}

void append_scan(std::string& out, const ScanDef& scan, const Json& source) {
    ObjectWriter writer(out);
    const Json* options = source.find("options");
    if (options != nullptr && !scan.options.empty()) {
        writer.key("options") += options->canonical_text();
    }
    const Json* targets = source.find("targets");
    ATTACCA_CHECK(targets != nullptr);
    if (targets->is_array()) {
        writer.key("targets") += targets->canonical_text();
    } else {
        append_array(writer.key("targets"), std::vector{targets},
                     [&](const Json* target) { target->append_text(out); });
    }
    writer.text("tool", scan.tool);
    writer.close();
}

void append_wait(std::string& out, const WaitDef& wait, const Json& source) {
    ObjectWriter writer(out);
    if (wait.length) {
        writer.text("for", format_duration(*wait.length));
    } else {
        writer.text("until", text_of_scalar(*source.find("until")));
    }
    writer.close();
}

void append_task(std::string& out, const TaskDef& task, const Json& source) {
    ObjectWriter writer(out);
    for (const std::string_view key : {"args", "input"}) {
        if (const Json* value = task.spec.find(key)) {
            writer.key(key) += value->canonical_text();
        }
        if (key == "args" && !task.capabilities.empty()) {  // keys ascend
            append_texts(writer.key("capabilities"), task.capabilities);
        }
    }
    writer.text("lane", task.lane);
    if (task.owner) {
        writer.text("owner", text_of_scalar(*source.find("owner")));
    }
    if (task.stays) {
        writer.key("stay") += "true";
    }
    if (const Json* type = task.spec.find("type")) {
        writer.text("type", type->as_string());
    }
    writer.close();
}

void append_http(std::string& out, const HttpDef& http, const Json& source) {
    ObjectWriter writer(out);
    if (http.body) {
        writer.key("body") += http.body->canonical_text();
    }
    if (!http.statuses.empty()) {
        ObjectWriter expect(writer.key("expect"));
        append_integers(expect.key("status"), http.statuses);
        expect.close();
    }
    if (!http.headers.empty()) {
        append_text_members(writer.key("headers"), *source.find("headers"));
    }
    writer.text("method", http.method);
    writer.text("url", text_of_scalar(*source.find("url")));
    writer.close();
}

void append_notify(std::string& out, const Json& source) {
    ObjectWriter writer(out);
    for (const std::string_view key : {"channel", "text", "url"}) {
        if (const Json* value = source.find(key)) {
            writer.text(key, text_of_scalar(*value));
        }
    }
    writer.close();
}

void append_child(std::string& out, const ChildDef& child) {
    ObjectWriter writer(out);
    if (child.definition != nullptr) {
        writer.key("definition") += child.definition->body;
    }
    if (!child.name.empty()) {
        writer.text("name", child.name);
    }
    if (!child.params.empty()) {
        Json params = Json::object();
        for (const auto& [name, value] : child.params) {
            params.set(name, value);
        }
        writer.key("params") += params.canonical_text();
    }
    if (child.version != 0) {
        writer.integer("version", child.version);
    }
    if (!child.workflow.empty()) {
        writer.text("workflow", child.workflow);
    }
    writer.close();
}

void append_approve(std::string& out, const Json* source) {
    ObjectWriter writer(out);
    const Json* message = source == nullptr ? nullptr : source->find("message");
    if (message != nullptr) {
        writer.text("message", text_of_scalar(*message));
    }
    writer.close();
}

// The keys in order up to `needs`, which are most of what does not depend on the kind.
void append_first_half(ObjectWriter& writer, const NodeDef& node, const Json& source) {
    if (node.kind == NodeKind::approve) {
        append_approve(writer.key("approve"), source.find("approve"));
    }
    if (!node.artifacts.empty()) {
        append_texts(writer.key("artifacts"), node.artifacts);
    }
    if (node.kind == NodeKind::checkpoint) {
        const Json* values = source.find("checkpoint");
        append_text_members(writer.key("checkpoint"),
                            values == nullptr ? Json::object() : *values);
    }
    if (node.kind == NodeKind::condition) {
        writer.text("condition", expression_text(*source.find("condition")));
    }
    const Json* description = source.find("description");
    if (description != nullptr && !description->as_string().empty()) {
        writer.text("description", description->as_string());
    }
    if (!node.run.dir.empty()) {
        writer.text("dir", node.run.dir);
    }
    const Json* env = source.find("env");
    if (env != nullptr && !env->as_object().empty()) {
        append_text_members(writer.key("env"), *env);
    }
    if (node.fallback != no_index) {
        writer.text("fallback", source.find("fallback")->as_string());
    }
    if (node.kind == NodeKind::group) {
        writer.key("group") += "{}";
    }
    if (node.heartbeat) {
        writer.text("heartbeat", format_duration(*node.heartbeat));
    }
    if (node.kind == NodeKind::http) {
        append_http(writer.key("http"), node.extras->http, *source.find("http"));
    }
    writer.text("id", node.id);
    if (node.condition) {
        writer.text("if", expression_text(*source.find("if")));
    }
    if (node.kind == NodeKind::job) {
        append_child(writer.key("job"), node.extras->child);
    }
    if (node.lock) {
        writer.text("lock", text_of_scalar(*source.find("lock")));
    }
    if (node.map) {
        append_map(writer.key("map"), *node.map, *source.find("map"));
    }
}

void append_node(std::string& out, const Definition& definition, NodeIndex index,
                 const Json& source) {
    const NodeDef& node = definition.nodes[index];
    ObjectWriter writer(out);
    append_first_half(writer, node, source);
    if (!node.needs.empty()) {
        append_array(writer.key("needs"), node.needs, [&](NodeIndex need) {
            append_json_string(out, definition.nodes[need].id);
        });
    }
    if (node.join != Join::all_succeeded) {
        writer.text("needs_when", join_names[static_cast<std::size_t>(node.join)]);
    }
    if (node.kind == NodeKind::noop) {
        writer.key("noop") += "true";
    }
    if (node.kind == NodeKind::notify) {
        append_notify(writer.key("notify"), *source.find("notify"));
    }
    if (node.on_failure != OnFailure::fail) {
        writer.text("on_failure", name_of(node.on_failure));
    }
    if (!node.outputs.empty()) {
        append_outputs(writer.key("outputs"), node.outputs);
    }
    if (source.find("retry") != nullptr) {
        append_retry(writer.key("retry"), node.retry);
    }
    if (node.kind == NodeKind::run) {
        append_run(writer.key("run"), *source.find("run"));
    }
    if (node.kind == NodeKind::scan) {
        append_scan(writer.key("scan"), node.scan, *source.find("scan"));
    }
    if (node.task) {
        append_task(writer.key("task"), *node.task, *source.find("task"));
    }
    if (node.kind == NodeKind::test) {
        append_test(writer.key("test"), *node.extras, *source.find("test"));
    }
    const Json* timeout = source.find("timeout");
    if (timeout != nullptr) {
        writer.text("timeout", format_duration(*node.timeout));
    }
    if (node.kind == NodeKind::wait) {
        append_wait(writer.key("wait"), node.wait, *source.find("wait"));
    }
    writer.close();
}

void append_nodes(std::string& out, const BodySource& source, NodeIndex first, NodeIndex last) {
    out += '[';
    for (NodeIndex i = first; i < last; ++i) {
        out += i == first ? "" : ",";
        append_node(out, source.definition, i, source.lists.at(i).json());
    }
    out += ']';
}

void append_defaults(std::string& out, const Defaults& defaults) {
    ObjectWriter writer(out);
    if (defaults.retry) {
        append_retry(writer.key("retry"), *defaults.retry);
    }
    if (defaults.timeout) {
        writer.text("timeout", format_duration(*defaults.timeout));
    }
    writer.close();
}

void append_limits(std::string& out, const Definition& definition, const Json& source) {
    ObjectWriter writer(out);
    if (definition.concurrency_key) {
        writer.text("concurrency_key",
                    text_of_scalar(*source.find("limits")->find("concurrency_key")));
    }
    writer.integer("parallel", definition.parallel);
    if (definition.priority) {
        writer.text("priority", name_of(*definition.priority));
    }
    writer.text("timeout", format_duration(definition.timeout));
    writer.close();
}

void append_scope(std::string& out, const ScopeDef& scope) {
    ObjectWriter writer(out);
    append_texts(writer.key("exclude"), scope.exclude);
    append_texts(writer.key("include"), scope.include);
    writer.close();
}

// Job-wide variables and those of `defaults`, which win, as one object.
Json merged_env(const Json& definition) {
    Json env = Json::object();
    const Json* defaults = definition.find("defaults");
    const Json* inner = defaults == nullptr ? nullptr : defaults->find("env");
    for (const Json* object : {definition.find("env"), inner}) {
        if (object != nullptr) {
            for (const Json::Member& member : object->as_object()) {
                env.set(member.key, member.value);
            }
        }
    }
    return env;
}

}  // namespace

std::string body_of(const BodySource& source) {
    const Definition& definition = source.definition;
    const Json& json = source.input.json();
    const auto all = static_cast<NodeIndex>(definition.nodes.size());
    std::string out;
    ObjectWriter writer(out);
    if (source.defaults.retry || source.defaults.timeout) {
        append_defaults(writer.key("defaults"), source.defaults);
    }
    const Json env = merged_env(json);
    if (!env.as_object().empty()) {
        append_text_members(writer.key("env"), env);
    }
    if (all > definition.main_count) {
        append_nodes(writer.key("finally"), source, definition.main_count, all);
    }
    append_limits(writer.key("limits"), definition, json);
    append_nodes(writer.key("nodes"), source, 0, definition.main_count);
    const Json* outputs = json.find("outputs");
    if (!definition.outputs.empty()) {
        append_text_members(writer.key("outputs"), *outputs);
    }
    if (!definition.params.as_object().empty()) {
        writer.key("params") += definition.params.canonical_text();
    }
    if (!definition.retention.empty()) {
        writer.text("retention", definition.retention);
    }
    if (definition.scope) {
        append_scope(writer.key("scope"), *definition.scope);
    }
    if (definition.is_sealed) {
        writer.key("seal") += "true";
    }
    writer.close();
    return out;
}

}  // namespace attacca::core
