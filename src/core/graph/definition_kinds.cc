// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "core/graph/definition_parts.h"
#include "core/graph/suggest.h"

namespace attacca::core {
namespace {

// Names that say where a node stands or how often it runs; what it does, its own key says.
constexpr std::string_view open_type_names[] = {"cleanup", "map"};
constexpr std::string_view later_type_names[] = {"amqp"};

struct OwnedKey {
    std::string_view key;
    bool is_for_scan;  // as well as for `run`
    bool is_for_test;
    bool is_for_task;
};
constexpr std::array owned_keys = {
    OwnedKey{"shell", false, false, false},   OwnedKey{"dir", false, true, false},
    OwnedKey{"env", false, true, false},      OwnedKey{"outputs", false, false, false},
    OwnedKey{"artifacts", false, true, false}, OwnedKey{"heartbeat", true, true, true},
};
// What a kind that is no attempt of a command, or cannot fail, has no use for.
struct VoidKey {
    NodeKind kind;
    std::string_view key;
};
constexpr std::array void_keys = {
    VoidKey{NodeKind::approve, "retry"},   VoidKey{NodeKind::condition, "retry"},
    VoidKey{NodeKind::condition, "timeout"}, VoidKey{NodeKind::checkpoint, "retry"},
    VoidKey{NodeKind::checkpoint, "timeout"}, VoidKey{NodeKind::group, "retry"},
    VoidKey{NodeKind::group, "timeout"},   VoidKey{NodeKind::group, "map"},
    VoidKey{NodeKind::group, "on_failure"}, VoidKey{NodeKind::group, "if"},
    VoidKey{NodeKind::group, "needs_when"},
};

bool refuse_type(const Input& value, std::string_view text, Faults& faults) {
    std::vector<std::string_view> names;
    for (const NodeKindName& row : node_kind_names) {
        if (is_served(row.kind)) {
            names.push_back(row.name);
        }
    }
    for (const NodeKindName& row : other_type_names) {
        names.push_back(row.name);
    }
    return faults.add(value, Problem::invalid_value,
                      "`" + quoted(text) + "` is no type of node" + suggestion(text, names));
}

bool check_open_type(const Input& node, const Input& value, std::string_view text,
                     const NodeDef& out, Faults& faults) {
    if (text == "cleanup" && !out.is_finally) {
        return faults.add(value, Problem::invalid_value,
                          "a node of type cleanup stands in `finally`");
    }
    if (text == "map" && !node.member("map") && !node.member("matrix")) {
        return faults.add(node, Problem::missing_field, "a node of type map needs `map`");
    }
    return true;
}

// `kind` stays empty where the type does not tell it.
bool read_type(const Input& node, const NodeDef& out, std::optional<NodeKind>& kind,
               Faults& faults) {
    const auto value = node.member("type");
    std::string text;
    if (!value) {
        return true;
    }
    if (!read_text(*value, text, faults)) {
        return false;
    }
    if (std::find(std::begin(open_type_names), std::end(open_type_names), text) !=
        std::end(open_type_names)) {
        return check_open_type(node, *value, text, out, faults);
    }
    kind = kind_of_type(text);
    const bool is_later =
        kind ? !is_served(*kind)
             : std::find(std::begin(later_type_names), std::end(later_type_names), text) !=
                   std::end(later_type_names);
    if (is_later) {
        return faults.add(*value, Problem::not_supported,
                          "nodes of type `" + text + "` are not served yet");
    }
    return kind || refuse_type(*value, text, faults);
}

bool refuse_key(const Input& value, std::string_view key, NodeKind kind, Faults& faults) {
    return faults.add(value, Problem::invalid_value,
                      "`" + std::string(key) + "` has no effect on a node of type " +
                          std::string(name_of(kind)));
}

// What would be silently without effect is refused.
bool check_owned_keys(const Input& node, NodeKind kind, Faults& faults) {
    bool is_read = true;
    for (const OwnedKey& owned : owned_keys) {
        const auto value = node.member(owned.key);
        const bool is_right = kind == NodeKind::run ||
                              (kind == NodeKind::scan && owned.is_for_scan) ||
                              (kind == NodeKind::test && owned.is_for_test) ||
                              (kind == NodeKind::task && owned.is_for_task);
        if (value && !is_right) {
            is_read = refuse_key(*value, owned.key, kind, faults);
        }
    }
    for (const VoidKey& row : void_keys) {
        const auto value = node.member(row.key);
        if (value && kind == row.kind) {
            is_read = refuse_key(*value, row.key, kind, faults);
        }
    }
    return is_read;
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
    if (!all_read({read_command(*run, sight, out.run, reading),
                   !shell || read_text(*shell, shell_name, faults),
                   !dir || read_text(*dir, out.run.dir, faults),
                   check_plain(dir.value_or(node), out.run.dir, "cannot be used in `dir`", faults),
                   !outputs || read_outputs(*outputs, out.outputs, faults),
                   !artifacts || read_artifacts(*artifacts, out.artifacts, faults)})) {
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

// What stood in it has become nodes of their own (definition_expand.h).
bool read_group(const Input& node, Faults& faults) {
    const auto value = node.member("group");
    return value ? check_keys(*value, {}, faults)
                 : faults.add(node, Problem::missing_field, "a group needs `group`");
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

bool read_artifacts(const Input& value, std::vector<std::string>& out, Faults& faults) {
    constexpr std::size_t artifacts_max = 1000;
    if (!check_array(value, faults)) {
        return false;
    }
    const Json::Array& elements = value.json().as_array();
    if (elements.size() > artifacts_max) {
        return faults.add(value, Problem::out_of_range, "there are more than 1000 artifacts");
    }
    bool is_read = true;
    for (std::size_t i = 0; i < elements.size(); ++i) {
        std::string path;
        is_read = read_text(Input(value, i, elements[i]), path, faults) && is_read;
        out.push_back(std::move(path));
    }
    return is_read;
}

bool read_command(const Input& value, Sight sight, RunDef& out, Reading& reading) {
    if (value.json().is_string()) {
        out.is_shell = true;
        if (!reading.is_stored &&
            value.json().as_string().find_first_not_of(" \t\r\n") == std::string::npos) {
            return reading.faults.add(value, Problem::invalid_value, "the script is empty");
        }
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
    bool is_read = true;
    for (std::size_t i = 0; i < elements.size() && !reading.faults.is_full(); ++i) {
        const Input element(value, i, elements[i]);
        Template text;
        is_read = (!elements[i].is_bool() ||
                   reading.faults.add(element, Problem::wrong_type,
                                      "an argument is a string or a number")) &&
                  read_template(element, sight, text, reading) && is_read;
        out.argv.push_back(std::move(text));
    }
    if (!is_read) {
        return false;
    }
    const bool has_name = !out.argv[0].is_literal() || !out.argv[0].text().empty();
    return has_name || reading.faults.add(Input(value, 0, elements[0]), Problem::invalid_value,
                                          "the name of the program is empty");
}

bool names_kind(const Input& node) {
    return node.member("type") ||
           std::any_of(std::begin(node_kind_names), std::end(node_kind_names),
                       [&](const NodeKindName& row) { return node.member(row.name).has_value(); });
}

bool read_kind_name(const Input& node, NodeDef& out, Faults& faults) {
    std::optional<NodeKind> kind;
    if (!read_type(node, out, kind, faults)) {
        return false;
    }
    std::string_view first_key;
    // Each kind has a key of its name.
    for (const NodeKindName& row : node_kind_names) {
        const auto value = node.member(row.name);
        if (!value || !is_served(row.kind)) {
            continue;
        }
        if (!first_key.empty()) {
            return faults.add(*value, Problem::invalid_value,
                              "the node has both `" + std::string(first_key) + "` and `" +
                                  std::string(row.name) + "`; a node does one thing");
        }
        if (kind && *kind != row.kind) {
            return faults.add(*node.member("type"), Problem::invalid_value,
                              "the type is " + std::string(name_of(*kind)) +
                                  ", but the node has `" + std::string(row.name) + "`");
        }
        kind = row.kind;
        first_key = row.name;
    }
    if (!kind) {
        return faults.add(node, Problem::missing_field,
                          "the node does nothing: it needs `run`, `scan`, `task`, `wait`, "
                          "`approve`, `noop` or another key that says what it does");
    }
    out.kind = *kind;
    return check_owned_keys(node, out.kind, faults);
}

bool read_kind(const Input& node, Sight sight, NodeDef& out, Reading& reading) {
    switch (out.kind) {
        case NodeKind::noop: return read_noop(node, reading.faults);
        case NodeKind::run: return read_run(node, sight, out, reading);
        case NodeKind::wait: return read_wait(node, sight, out.wait, reading);
        case NodeKind::scan: return read_scan(node, sight, out.scan, reading);
        case NodeKind::task: return read_task(node, sight, out.task, reading);
        case NodeKind::approve:
        case NodeKind::test:
        case NodeKind::condition:
        case NodeKind::checkpoint:
        case NodeKind::job:
        case NodeKind::http:
        case NodeKind::notify: return read_extras(node, sight, out, reading);
        case NodeKind::group: return read_group(node, reading.faults);
    }
    return false;
}

}  // namespace attacca::core
