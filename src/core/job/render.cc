// SPDX-License-Identifier: Apache-2.0
#include "core/job/render.h"

#include <algorithm>
#include <utility>

#include "core/graph/node_extras.h"
#include "core/job/names.h"
#include "core/job/render_http.h"
#include "core/job/trace.h"
#include "core/scan/scan_check.h"

namespace attacca::core {
namespace {

Error of_field(Error error, std::string_view field) {
    error.detail = "`" + std::string(field) + "`: " + error.detail;
    return error;
}

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// Collects the nodes whose results file the attempt reads, each once.
void note_results(const Template& text, std::vector<std::string>& nodes) {
    if (text.is_literal()) {
        return;
    }
    for (const Reference& reference : text.references()) {
        const bool is_results = reference.root == "nodes" && reference.field == "results_file";
        if (is_results &&
            std::find(nodes.begin(), nodes.end(), reference.member) == nodes.end()) {
            nodes.push_back(reference.member);
        }
    }
}

Result<void> render_argv(const NodeDef& node, const Names& names, AttemptSpec& spec) {
    for (const Template& part : node.run.argv) {
        Result<std::string> text = part.render(names);
        if (!text) {
            return of_field(text.error(), "run");
        }
        const bool looks_like_option =
            part.starts_with_expression() && !text->empty() && (text->front() == '-' ||
                                                                 text->front() == '@');
        if (looks_like_option) {
            return fail(Problem::tool_argument_rejected,
                        "`run`: the value `" + quoted(*text) +
                            "` would be read as an option; write a literal part before it");
        }
        if (text->find('\0') != std::string::npos) {
            return fail(Problem::tool_argument_rejected, "`run`: an argument holds a NUL byte");
        }
        spec.argv.push_back(std::move(*text));
    }
    return {};
}

Result<void> render_env(const NodeDef& node, const Names& names, AttemptSpec& spec) {
    for (const auto& [name, value] : node.env) {
        Result<std::string> text = value.render(names);
        if (!text) {
            return of_field(text.error(), "env." + name);
        }
        if (text->find('\0') != std::string::npos) {
            return fail(Problem::invalid_value, "`env." + name + "` holds a NUL byte");
        }
        spec.env.emplace_back(name, std::move(*text));
    }
    return {};
}

// For whoever traces: the node's own value comes first.
void add_trace(const Job& job, const NodeDef& node, AttemptSpec& spec) {
    const std::string trace = job.trace();
    if (trace.empty()) {
        return;
    }
    const std::string parent = trace_parent_of(trace, spec.fence);
    const bool is_http = node.kind == NodeKind::http || node.kind == NodeKind::notify;
    auto& named = is_http ? spec.http.headers : spec.env;
    const bool is_given = std::ranges::any_of(named, [](const auto& entry) {
        return std::ranges::equal(entry.first, std::string_view("traceparent"), {}, lower);
    });
    if (!is_given) {
        named.emplace_back(is_http ? "traceparent" : "TRACEPARENT", parent);
    }
}

Result<void> add_target(const Json& value, std::vector<std::string>& targets) {
    if (value.is_string()) {
        targets.push_back(value.as_string());
        return {};
    }
    if (!value.is_array()) {
        return fail(Problem::wrong_type, "`scan.targets`: a target is a text, or a list of texts");
    }
    for (const Json& element : value.as_array()) {
        if (!element.is_string()) {
            return fail(Problem::wrong_type, "`scan.targets`: a target is a text");
        }
        targets.push_back(element.as_string());
    }
    return {};
}

// A string option may be a template; other values stand as they are.
Result<Json> render_option(const Json& value, const Names& names) {
    if (!value.is_string()) {
        return Json(value);
    }
    ATTACCA_TRY(const Template text, Template::parse(value.as_string()));
    return text.value(names);
}

// What the expressions yielded passes the same gate as literals did when the job was submitted.
Result<void> render_scan(const Job& job,
                         const NodeDef& node,
                         const Names& names,
                         AttemptSpec& spec) {
    spec.tool = node.scan.tool;
    for (const Template& target : node.scan.targets) {
        Result<Json> value = target.value(names);
        if (!value) {
            return of_field(value.error(), "scan.targets");
        }
        const Result<void> added = add_target(*value, spec.targets);
        if (!added) {
            return added.error();
        }
    }
    for (const auto& [name, value] : node.scan.options) {
        Result<Json> rendered = render_option(value, names);
        if (!rendered) {
            return of_field(rendered.error(), "scan.options." + name);
        }
        spec.options.emplace_back(name, std::move(*rendered));
    }
    ATTACCA_TRY(spec.targets,
                check_scan(job.definition->scope, spec.tool, spec.options, spec.targets));
    return {};
}

void add_results_files(const Job& job, const NodeDef& node, AttemptSpec& spec) {
    std::vector<std::string> nodes;
    for (const Template& part : node.run.argv) {
        note_results(part, nodes);
    }
    for (const auto& entry : node.env) {
        note_results(entry.second, nodes);
    }
    for (const std::string& id : nodes) {
        const NodeIndex index = job.definition->find(id);
        if (index != no_index) {
            spec.files.push_back({results_path(id), results_lines(job, index)});
        }
    }
}

}  // namespace

Result<AttemptSpec> render_attempt(const Job& job,
                                   InstanceIndex instance,
                                   FenceToken fence,
                                   const std::string& work_root) {
    const Instance& own = job.instances[instance];
    const NodeDef& node = job.node_of(own);
    AttemptSpec spec;
    spec.job = job.id;
    spec.instance = instance;
    spec.fence = fence;
    spec.attempt = own.attempts + 1U;
    spec.tenant = job.tenant;
    spec.node = node.id;
    spec.kind = node.kind;
    if (node.kind == NodeKind::noop) {
        return spec;
    }
    spec.job_name = job.name;
    spec.timeout = node.timeout;
    spec.heartbeat = node.heartbeat;
    spec.outputs = node.outputs;
    spec.artifacts = node.artifacts;

    const JobNames names(job, instance, work_root + "/" + std::to_string(fence.value));
    if (own.item != no_index) {
        spec.item_key = std::to_string(own.item);
        if (node.map->key) {
            ATTACCA_TRY(spec.item_key, node.map->key->render(names));
        }
    }
    Result<void> rendered = render_env(node, names, spec);
    if (rendered && (node.kind == NodeKind::run || node.kind == NodeKind::test)) {
        spec.is_shell = node.run.is_shell;
        spec.script = node.run.script;
        spec.dir = node.run.dir;
        rendered = render_argv(node, names, spec);
    }
    if (rendered && (node.kind == NodeKind::http || node.kind == NodeKind::notify)) {
        rendered = render_http(job, node, names, spec.http);
    }
    add_trace(job, node, spec);
    if (node.kind == NodeKind::test) {
        spec.tool = "junit";
        spec.junit = node.extras->test.junit;
    }
    if (rendered && node.kind == NodeKind::scan) {
        rendered = render_scan(job, node, names, spec);
    }
    if (!rendered) {
        return rendered.error();
    }
    add_results_files(job, node, spec);
    return spec;
}

Result<std::string> render_message(const Job& job, InstanceIndex instance) {
    const NodeDef& node = job.node_of(job.instances[instance]);
    std::string message;
    if (node.extras && node.extras->approve.message) {
        const JobNames names(job, instance);
        Result<std::string> text = node.extras->approve.message->render(names);
        if (!text) {
            return of_field(text.error(), "approve.message");
        }
        message = is_utf8(*text) ? std::move(*text) : quoted(*text);
    }
    if (message.empty()) {
        message = "Approve `" + node.id + "`?";
    }
    if (message.size() > inline_text_bytes_max) {
        std::size_t end = inline_text_bytes_max - 3;
        while (end > 0 && (static_cast<unsigned char>(message[end]) & 0xC0U) == 0x80U) {
            --end;  // not in the middle of a character
        }
        message = message.substr(0, end) + "…";
    }
    return message;
}

Result<Json> render_values(const Job& job, InstanceIndex instance) {
    const NodeExtras& extras = *job.node_of(job.instances[instance]).extras;
    const JobNames names(job, instance);
    Json values = Json::object();
    if (extras.condition) {
        Result<bool> holds = extras.condition->holds(names);
        if (!holds) {
            return of_field(holds.error(), "condition");
        }
        values.set("result", *holds);
    }
    for (const auto& [name, text] : extras.checkpoint.values) {
        Result<Json> value = text.value(names);
        if (!value) {
            return of_field(value.error(), "checkpoint." + name);
        }
        values.set(name, std::move(*value));
    }
    if (values.text().size() > body_bytes_max) {
        return fail(Problem::out_of_range, "the values take more than 64 KiB");
    }
    return values;
}

Result<Json> render_child_params(const Job& job, InstanceIndex instance) {
    const JobNames names(job, instance);
    Json params = Json::object();
    for (const auto& [name, value] : job.node_of(job.instances[instance]).extras->child.params) {
        ATTACCA_TRY(Json rendered, render_option(value, names));
        params.set(name, std::move(rendered));
    }
    return params;
}

Result<WallTime> render_until(const Job& job, InstanceIndex instance, WallTime at) {
    const NodeDef& node = job.node_of(job.instances[instance]);
    if (node.wait.length) {
        return at + *node.wait.length;
    }
    if (!node.wait.until) {
        return at;
    }
    const JobNames names(job, instance);
    ATTACCA_TRY(const std::string text, node.wait.until->render(names));
    return parse_rfc3339(text);
}

Result<Json> render_items(const Job& job, NodeIndex node) {
    const MapDef& map = *job.definition->nodes[node].map;
    const JobNames names(job, node);
    Json all = Json::array();
    if (map.over) {
        ATTACCA_TRY(all, map.over->evaluate(names));
    } else {
        for (const Json& element : map.over_items.as_array()) {
            ATTACCA_TRY(Json value, render_option(element, names));
            all.push(std::move(value));
        }
    }
    if (all.is_null()) {
        all = Json::array();
    }
    if (!all.is_array()) {
        return fail(Problem::wrong_type, "`map.over` is no list");
    }
    Json items = Json::array();
    for (const Json& item : all.as_array()) {
        if (map.where) {
            const JobNames item_names(job, node, {}, &item);
            ATTACCA_TRY(const bool holds, map.where->holds(item_names));
            if (!holds) {
                continue;
            }
        }
        items.push(item);
    }
    if (items.as_array().size() > map.max_items) {
        return fail(Problem::out_of_range,
                    "`map.over` has " + std::to_string(items.as_array().size()) +
                        " items, more than max_items " + std::to_string(map.max_items));
    }
    return items;
}

Json render_outputs(const Job& job) {
    Json outputs = Json::object();
    const JobNames names(job, 0);
    for (const auto& [name, text] : job.definition->outputs) {
        Result<Json> value = text.value(names);
        outputs.set(name, value ? std::move(*value) : Json{});
    }
    return outputs;
}

}  // namespace attacca::core
