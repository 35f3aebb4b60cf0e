// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>
#include <utility>

#include "base/check.h"
#include "core/graph/definition_parts.h"
#include "core/graph/node_extras.h"
#include "core/graph/pipeline.h"

namespace attacca::core {
namespace {

bool add_missing(const Input& node, std::string_view key, Faults& faults) {
    return faults.add(node, Problem::missing_field,
                      "a node of type " + std::string(key) + " needs `" + std::string(key) + "`");
}

bool read_approve(const Input& node, Sight sight, ApproveDef& out, Reading& reading) {
    constexpr std::string_view approve_keys[] = {"message"};
    const auto value = node.member("approve");
    if (!value) {
        return true;
    }
    const bool has_keys = check_keys(*value, {approve_keys}, reading.faults);
    const auto message = value->member("message");
    return all_read(
        {has_keys, !message || read_template(*message, sight, out.message.emplace(), reading)});
}

bool read_test(const Input& node, Sight sight, NodeDef& out, TestDef& test, Reading& reading) {
    constexpr std::string_view test_keys[] = {"run", "junit"};
    Faults& faults = reading.faults;
    const auto value = node.member("test");
    if (!value) {
        return add_missing(node, "test", faults);
    }
    if (!check_keys(*value, {test_keys}, faults)) {
        return false;
    }
    const auto run = value->member("run");
    const auto junit = value->member("junit");
    if (!run || !junit) {
        return faults.add(*value, Problem::missing_field, "a test needs `run` and `junit`");
    }
    const auto dir = node.member("dir");
    const auto artifacts = node.member("artifacts");
    if (!all_read({read_command(*run, sight, out.run, reading),
                   read_relative_path(*junit, test.junit, faults),
                   !dir || read_text(*dir, out.run.dir, faults),
                   !artifacts || read_artifacts(*artifacts, out.artifacts, faults)})) {
        return false;
    }
    return out.run.dir.find("${{") == std::string::npos ||
           faults.add(*dir, Problem::expression_invalid, "`dir` holds no expressions");
}

bool read_checkpoint(const Input& node, Sight sight, CheckpointDef& out, Reading& reading) {
    const auto object = node.member("checkpoint");
    if (!object) {
        return true;
    }
    if (object->json().is_bool()) {
        return reading.faults.add(*object, Problem::not_supported,
                                  "a node that is a checkpoint beside its work is not served "
                                  "yet; a node of its own may have `checkpoint: {NAME: value}`");
    }
    if (!check_object(*object, reading.faults)) {
        return false;
    }
    bool is_read = true;
    for (const Json::Member& member : object->json().as_object()) {
        const Input value(*object, member.key, member.value);
        Template text;
        is_read = (is_id(member.key) ||
                   reading.faults.add(value, Problem::invalid_value,
                                      "`" + quoted(member.key) + "` cannot name a value")) &&
                  read_template(value, sight, text, reading) && is_read;
        out.values.emplace_back(member.key, std::move(text));
    }
    std::sort(out.values.begin(), out.values.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    return is_read;
}

bool read_condition(const Input& node, Sight sight, std::optional<Expression>& out,
                    Reading& reading) {
    const auto value = node.member("condition");
    return value ? read_expression(*value, sight, out, reading)
                 : add_missing(node, "condition", reading.faults);
}

bool read_child_params(const Input& object, Sight sight, ChildDef& out, Reading& reading) {
    if (!check_object(object, reading.faults)) {
        return false;
    }
    bool is_read = true;
    for (const Json::Member& member : object.json().as_object()) {
        const Input value(object, member.key, member.value);
        const bool is_declared =
            out.definition == nullptr || out.definition->params.find(member.key) != nullptr;
        Template text;
        is_read =
            (is_declared ||
             reading.faults.add(value, Problem::unknown_field,
                                "the job declares no parameter `" + quoted(member.key) + "`")) &&
            (!member.value.is_string() || read_template(value, sight, text, reading)) && is_read;
        out.params.emplace_back(member.key, member.value);
    }
    return is_read;
}

// `workflow: NAME` and `version: N`, the newest without; beside a definition they say where it came
// from, and nothing is looked up.
bool read_source(const Input& job, ChildDef& out, Reading& reading) {
    constexpr std::int64_t version_max = 1'000'000;
    Faults& faults = reading.faults;
    const auto workflow = job.member("workflow");
    const auto version = job.member("version");
    std::int64_t number = 0;
    if (!workflow) {
        return !version || faults.add(*version, Problem::invalid_value,
                                      "a version is one of a `workflow`");
    }
    if (!read_text(*workflow, out.workflow, faults) ||
        (version && !read_integer(*version, {1, version_max}, number, faults))) {
        return false;
    }
    if (!is_pipeline_name(out.workflow)) {
        return faults.add(*workflow, Problem::invalid_value,
                          "`" + quoted(out.workflow) + "` cannot name a workflow");
    }
    out.version = static_cast<std::uint32_t>(number);
    if (job.member("definition")) {
        return true;
    }
    if (!*reading.find) {
        reading.is_open = true;
        return true;
    }
    Result<FoundWorkflow> found = (*reading.find)(out.workflow, out.version);
    if (!found) {
        return faults.add(version ? *version : *workflow, found.error().problem,
                          found.error().detail);
    }
    out.definition = std::move(found->definition);
    out.version = found->version;
    reading.has_found = true;
    return true;
}

bool read_child_definition(const Input& definition, ChildDef& out, Reading& reading) {
    auto parsed = parse_definition(definition.json(), definition.pointer(), *reading.find);
    if (!parsed) {
        return reading.faults.add_all(definition.pointer(), std::move(parsed.error()));
    }
    reading.is_open = reading.is_open || parsed->is_open;
    out.definition = std::make_shared<const Definition>(std::move(*parsed));
    return true;
}

bool read_child(const Input& node, Sight sight, ChildDef& out, Reading& reading) {
    constexpr std::string_view child_keys[] = {"name", "definition", "params", "workflow",
                                               "version"};
    constexpr std::size_t name_bytes_max = 200;
    Faults& faults = reading.faults;
    const auto value = node.member("job");
    if (!value) {
        return add_missing(node, "job", faults);
    }
    const bool has_keys = check_keys(*value, {child_keys}, faults);
    const auto definition = value->member("definition");
    const auto name = value->member("name");
    const auto params = value->member("params");
    if (!definition && !value->member("workflow")) {
        return faults.add(*value, Problem::missing_field,
                          "a job needs its `definition`, or the `workflow` that it is of");
    }
    if (name && !read_text(*name, out.name, faults)) {
        return false;
    }
    if (name && (out.name.empty() || out.name.size() > name_bytes_max)) {
        return faults.add(*name, Problem::out_of_range, "a name has 1 to 200 bytes");
    }
    return has_keys && read_source(*value, out, reading) &&
           (!definition || read_child_definition(*definition, out, reading)) &&
           (!params || read_child_params(*params, sight, out, reading));
}

}  // namespace

bool read_extras(const Input& node, Sight sight, NodeDef& out, Reading& reading) {
    auto extras = std::make_shared<NodeExtras>();
    bool is_read = false;
    switch (out.kind) {
        case NodeKind::approve:
            is_read = read_approve(node, sight, extras->approve, reading);
            break;
        case NodeKind::test: is_read = read_test(node, sight, out, extras->test, reading); break;
        case NodeKind::condition:
            is_read = read_condition(node, sight, extras->condition, reading);
            break;
        case NodeKind::checkpoint:
            is_read = read_checkpoint(node, sight, extras->checkpoint, reading);
            break;
        case NodeKind::http: is_read = read_http(node, sight, extras->http, reading); break;
        case NodeKind::notify:
            is_read = read_notify(node, sight, extras->notify, reading);
            break;
        case NodeKind::job: is_read = read_child(node, sight, extras->child, reading); break;
        case NodeKind::noop:
        case NodeKind::run:
        case NodeKind::wait:
        case NodeKind::scan:
        case NodeKind::group:
        case NodeKind::task: ATTACCA_CHECK(false);
    }
    out.extras = std::move(extras);
    return is_read;
}

}  // namespace attacca::core
