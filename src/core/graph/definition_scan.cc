// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "core/graph/definition_parts.h"
#include "core/scan/nmap_options.h"
#include "core/scan/scan_check.h"

namespace attacca::core {
namespace {

constexpr std::string_view scan_keys[] = {"tool", "targets", "options"};
constexpr std::string_view scan_later[] = {"profile"};

bool add_error(const Input& at, const Error& error, Faults& faults) {
    return faults.add(at, error.problem, error.detail);
}

// What is known now is checked now; expressions are checked when they have values.
bool check_literal_target(const Input& value, const std::string& text, Reading& reading) {
    const auto target = parse_target(text);
    if (!target) {
        return add_error(value, target.error(), reading.faults);
    }
    const auto checked = reading.scope->check(*target);
    return checked || add_error(value, checked.error(), reading.faults);
}

bool read_target(const Input& value, Sight sight, ScanDef& out, Reading& reading) {
    // Elsewhere a NUL is an odd text; what a tool would get is judged as an argument.
    if (value.json().is_string() && value.json().as_string().find('\0') != std::string::npos) {
        return reading.faults.add(value, Problem::tool_argument_rejected,
                                  "a target holds a NUL byte");
    }
    std::string text;
    Template target;
    if (!read_text(value, text, reading.faults) || !read_template(value, sight, target, reading)) {
        return false;
    }
    if (target.is_literal() && !check_literal_target(value, text, reading)) {
        return false;
    }
    out.targets.push_back(std::move(target));
    return true;
}

bool read_targets(const Input& value, Sight sight, ScanDef& out, Reading& reading) {
    if (!value.json().is_array()) {
        return read_target(value, sight, out, reading);
    }
    const Json::Array& elements = value.json().as_array();
    if (elements.empty() || elements.size() > scan_targets_max) {
        return reading.faults.add(value, Problem::invalid_value,
                                  "a scan has from 1 to 4096 targets");
    }
    bool is_read = true;
    for (std::size_t i = 0; i < elements.size(); ++i) {
        is_read = read_target(Input(value, i, elements[i]), sight, out, reading) && is_read;
    }
    return is_read;
}

bool is_template(const Json& value) {
    return value.is_string() && value.as_string().find("${{") != std::string::npos;
}

bool read_options(const Input& object, Sight sight, ScanDef& out, Reading& reading) {
    if (!check_object(object, reading.faults)) {
        return false;
    }
    bool is_read = true;
    for (const Json::Member& member : object.json().as_object()) {
        const Input value(object, member.key, member.value);
        if (is_template(member.value) && is_nmap_option(member.key)) {
            Template text;
            is_read = read_template(value, sight, text, reading) && is_read;
        } else {
            const auto checked = check_nmap_option(member.key, member.value);
            is_read = (checked || add_error(value, checked.error(), reading.faults)) && is_read;
        }
        out.options.emplace_back(member.key, member.value);
    }
    std::sort(out.options.begin(), out.options.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    return is_read;
}

bool read_tool(const Input& scan, ScanDef& out, Faults& faults) {
    const auto tool = scan.member("tool");
    if (!tool) {
        return faults.add(scan, Problem::missing_field, "a scan needs `tool`");
    }
    if (!read_text(*tool, out.tool, faults)) {
        return false;
    }
    return out.tool == nmap_name ||
           faults.add(*tool, Problem::not_supported,
                      "the tool `" + quoted(out.tool) + "` is not served yet; nmap is");
}

// The rules that join several values, where no expression is among them.
bool check_whole(const Input& scan, const ScanDef& out, Faults& faults) {
    std::vector<std::string> targets;
    for (const Template& target : out.targets) {
        if (!target.is_literal()) {
            return true;
        }
        targets.push_back(target.text());
    }
    for (const auto& option : out.options) {
        if (is_template(option.second)) {
            return true;
        }
    }
    const auto argv = nmap_argv(out.options, targets);
    return argv || add_error(scan, argv.error(), faults);
}

}  // namespace

bool read_scan(const Input& node, Sight sight, ScanDef& out, Reading& reading) {
    Faults& faults = reading.faults;
    const auto scan = node.member("scan");
    if (!scan) {
        return faults.add(node, Problem::missing_field, "a node of type scan needs `scan`");
    }
    const bool has_keys = check_keys(*scan, {scan_keys, scan_later}, faults);
    // What the options mean, the tool says.
    if (!read_tool(*scan, out, faults)) {
        return false;
    }
    const auto targets = scan->member("targets");
    const auto options = scan->member("options");
    if (!targets) {
        return faults.add(*scan, Problem::missing_field, "a scan needs `targets`");
    }
    if (!reading.scope) {
        return !reading.is_scope_refused && add_error(*scan, no_scope_error(), faults);
    }
    return all_read({has_keys, read_targets(*targets, sight, out, reading),
                     !options || read_options(*options, sight, out, reading)}) &&
           check_whole(*scan, out, faults);
}

}  // namespace attacca::core
