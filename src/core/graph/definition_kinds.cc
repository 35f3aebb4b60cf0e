// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <utility>

#include "core/graph/definition_parts.h"
#include "core/graph/suggest.h"

namespace attacca::core {
namespace {

struct TypeName {
    std::string_view name;
    NodeKind kind;
};

// The names that `type` may have, those of other systems included (requirement I8).
constexpr std::array type_names = {
    TypeName{"noop", NodeKind::noop}, TypeName{"run", NodeKind::run},
    TypeName{"process", NodeKind::run}, TypeName{"wait", NodeKind::wait},
    TypeName{"scan", NodeKind::scan}, TypeName{"task", NodeKind::task},
};
constexpr std::string_view later_type_names[] = {
    "http",           "test",             "amqp",         "job",
    "sub_job",        "approve",          "notify",     "group",        "map",
    "test_case",      "test_suite",       "condition",  "parallel_group",
    "sequential_group", "checkpoint",     "notification", "cleanup"};

// Each kind has a key of its name.
constexpr std::array kind_keys = {
    TypeName{"noop", NodeKind::noop}, TypeName{"run", NodeKind::run},
    TypeName{"wait", NodeKind::wait}, TypeName{"scan", NodeKind::scan},
    TypeName{"task", NodeKind::task},
};

struct OwnedKey {
    std::string_view key;
    bool is_for_all_work;  // for `scan` and `task` as well as for `run`
};
constexpr std::array owned_keys = {
    OwnedKey{"shell", false},   OwnedKey{"dir", false},       OwnedKey{"env", false},
    OwnedKey{"outputs", false}, OwnedKey{"artifacts", false}, OwnedKey{"heartbeat", true},
};

std::string_view key_of(NodeKind kind) {
    return std::find_if(kind_keys.begin(), kind_keys.end(),
                        [kind](const TypeName& row) { return row.kind == kind; })
        ->name;
}

bool read_type(const Input& value, NodeKind& out, Faults& faults) {
    std::string text;
    if (!read_text(value, text, faults)) {
        return false;
    }
    const auto row = std::find_if(type_names.begin(), type_names.end(),
                                  [&](const TypeName& known) { return known.name == text; });
    if (row != type_names.end()) {
        out = row->kind;
        return true;
    }
    if (std::find(std::begin(later_type_names), std::end(later_type_names), text) !=
        std::end(later_type_names)) {
        return faults.add(value, Problem::not_supported,
                          "nodes of type `" + text + "` are not served yet");
    }
    constexpr std::string_view names[] = {"noop", "run",  "process",
                                          "wait", "scan", "task"};
    return faults.add(value, Problem::invalid_value,
                      "`" + quoted(text) + "` is no type of node" + suggestion(text, names));
}

// What would be silently without effect is refused.
bool check_owned_keys(const Input& node, NodeKind kind, Faults& faults) {
    for (const OwnedKey& owned : owned_keys) {
        const auto value = node.member(owned.key);
        const bool is_right =
            kind == NodeKind::run ||
            (owned.is_for_all_work && (kind == NodeKind::scan || kind == NodeKind::task));
        if (value && !is_right) {
            return faults.add(*value, Problem::invalid_value,
                              "`" + std::string(owned.key) + "` has no effect on a node of type " +
                                  std::string(key_of(kind)));
        }
    }
    return true;
}

bool read_artifacts(const Input& value, std::vector<std::string>& out, Faults& faults) {
    constexpr std::size_t artifacts_max = 1000;
    if (!check_array(value, faults)) {
        return false;
    }
    const Json::Array& elements = value.json().as_array();
    if (elements.size() > artifacts_max) {
        return faults.add(value, Problem::out_of_range, "there are more than 1000 artifacts");
    }
    for (std::size_t i = 0; i < elements.size(); ++i) {
        std::string path;
        if (!read_relative_path(Input(value, i, elements[i]), path, faults)) {
            return false;
        }
        out.push_back(std::move(path));
    }
    return true;
}

bool check_plain(const Input& value, std::string_view text, std::string_view fix, Faults& faults) {
    const std::size_t open = text.find("${{");
    if (open == text.npos) {
        return true;
    }
    const std::size_t close = text.find("}}", open);
    const std::string_view found =
        close == text.npos ? text.substr(open) : text.substr(open, close + 2 - open);
    return faults.add(value, Problem::expression_invalid,
                      "`" + quoted(found) + "` " + std::string(fix));
}

bool read_command(const Input& value, Sight sight, RunDef& out, Reading& reading) {
    if (value.json().is_string()) {
        out.is_shell = true;
        return read_text(value, out.script, reading.faults) &&
               check_plain(value, out.script,
                           "would become part of a shell script, where a value could run as a "
                           "command. Hand it over as a variable, `env: {VALUE: \"${{ … }}\"}`, "
                           "and write \"$VALUE\"; or give `run` as a list of arguments",
                           reading.faults);
    }
    if (!value.json().is_array()) {
        return reading.faults.add(value, Problem::wrong_type,
                                  "`run` is a shell script or a list of arguments");
    }
    const Json::Array& elements = value.json().as_array();
    if (elements.empty()) {
        return reading.faults.add(value, Problem::invalid_value, "`run` is an empty list");
    }
    for (std::size_t i = 0; i < elements.size(); ++i) {
        const Input element(value, i, elements[i]);
        Template text;
        if (elements[i].is_bool()) {
            return reading.faults.add(element, Problem::wrong_type,
                                      "an argument is a string or a number");
        }
        if (!read_template(element, sight, text, reading)) {
            return false;
        }
        out.argv.push_back(std::move(text));
    }
    const bool has_name = !out.argv[0].is_literal() || !out.argv[0].text().empty();
    return has_name || reading.faults.add(Input(value, 0, elements[0]), Problem::invalid_value,
                                          "the name of the program is empty");
}

bool read_run(const Input& node, Sight sight, NodeDef& out, Reading& reading) {
    Faults& faults = reading.faults;
    const auto run = node.member("run");
    const auto shell = node.member("shell");
    const auto dir = node.member("dir");
    const auto outputs = node.member("outputs");
    const auto artifacts = node.member("artifacts");
    if (!run) {
        return faults.add(node, Problem::missing_field, "a node of type run needs `run`");
    }
    std::string shell_name = "sh -eu";
    if (!read_command(*run, sight, out.run, reading) ||
        (shell && !read_text(*shell, shell_name, faults)) ||
        (dir && !read_text(*dir, out.run.dir, faults)) ||
        !check_plain(dir.value_or(node), out.run.dir, "cannot be used in `dir`", faults) ||
        (outputs && !read_outputs(*outputs, out.outputs, faults)) ||
        (artifacts && !read_artifacts(*artifacts, out.artifacts, faults))) {
        return false;
    }
    return shell_name == "sh -eu" ||
           faults.add(*shell, Problem::not_supported,
                      "the only shell is `sh -eu`; for another one give `run` as a list");
}

bool read_wait(const Input& node, Sight sight, WaitDef& out, Reading& reading) {
    constexpr std::string_view wait_keys[] = {"for", "until"};
    const auto value = node.member("wait");
    if (!value) {
        return reading.faults.add(node, Problem::missing_field, "a node of type wait needs `wait`");
    }
    if (!check_keys(*value, {wait_keys}, reading.faults)) {
        return false;
    }
    const auto length = value->member("for");
    const auto until = value->member("until");
    if (length.has_value() == until.has_value()) {
        return reading.faults.add(*value, Problem::invalid_value,
                                  "`wait` needs either `for` or `until`");
    }
    if (length) {
        Duration duration;
        const bool is_read = read_duration(*length, duration, reading.faults);
        out.length = duration;
        return is_read;
    }
    Template text;
    if (!read_template(*until, sight, text, reading)) {
        return false;
    }
    const auto instant = parse_rfc3339(text.is_literal() ? text.text() : "1970-01-01T00:00:00Z");
    out.until = std::move(text);
    return instant || reading.faults.add(*until, Problem::invalid_value, instant.error().detail);
}

bool read_noop(const Input& node, Faults& faults) {
    const auto value = node.member("noop");
    bool is_noop = true;
    if (value && !read_bool(*value, is_noop, faults)) {
        return false;
    }
    return is_noop || faults.add(*value, Problem::invalid_value, "`noop` is true or absent");
}

}  // namespace

bool read_kind_name(const Input& node, NodeKind& out, Faults& faults) {
    const auto type = node.member("type");
    if (type && !read_type(*type, out, faults)) {
        return false;
    }
    bool has_kind = type.has_value();
    std::string_view first_key;
    for (const TypeName& row : kind_keys) {
        const auto value = node.member(row.name);
        if (!value) {
            continue;
        }
        if (!first_key.empty()) {
            return faults.add(*value, Problem::invalid_value,
                              "the node has both `" + std::string(first_key) + "` and `" +
                                  std::string(row.name) + "`; a node does one thing");
        }
        if (has_kind && out != row.kind) {
            return faults.add(*type, Problem::invalid_value,
                              "the type is " + std::string(key_of(out)) + ", but the node has `" +
                                  std::string(row.name) + "`");
        }
        out = row.kind;
        first_key = row.name;
    }
    has_kind = has_kind || !first_key.empty();
    if (!has_kind) {
        return faults.add(node, Problem::missing_field,
                          "the node does nothing: it needs `run`, `scan`, `task`, `wait` or "
                          "`noop`");
    }
    return check_owned_keys(node, out, faults);
}

bool read_kind(const Input& node, Sight sight, NodeDef& out, Reading& reading) {
    switch (out.kind) {
        case NodeKind::noop: return read_noop(node, reading.faults);
        case NodeKind::run: return read_run(node, sight, out, reading);
        case NodeKind::wait: return read_wait(node, sight, out.wait, reading);
        case NodeKind::scan: return read_scan(node, sight, out.scan, reading);
        case NodeKind::task: return read_task(node, sight, out.task, reading);
    }
    return false;
}

}  // namespace attacca::core
