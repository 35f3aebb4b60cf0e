// SPDX-License-Identifier: Apache-2.0
#include "core/graph/reading.h"

#include <algorithm>
#include <iterator>

#include "core/graph/expression_tree.h"
#include "core/graph/suggest.h"

namespace attacca::core {
namespace {

constexpr std::string_view node_fields[] = {
    "status", "outputs", "counts", "results_file", "duration", "duration_ms"};

bool refuse(const Input& at, std::string detail, Faults& faults) {
    return faults.add(at, Problem::expression_invalid, std::move(detail));
}

bool check_param(const Reference& reference, const Input& at, Reading& reading) {
    if (!reading.params || reference.member.empty()) {
        return true;
    }
    const auto& names = *reading.params;
    if (std::find(names.begin(), names.end(), reference.member) != names.end()) {
        return true;
    }
    const std::vector<std::string_view> views(names.begin(), names.end());
    return refuse(at,
                  "the parameter `" + quoted(reference.member) + "` is not declared" +
                      suggestion(reference.member, views),
                  reading.faults);
}

bool check_node_field(const Reference& reference, const Input& at, Faults& faults) {
    const bool is_known = reference.field.empty() ||
                          std::find(std::begin(node_fields), std::end(node_fields),
                                    reference.field) != std::end(node_fields);
    return is_known || refuse(at,
                              "nodes." + reference.member + " has no `" +
                                  quoted(reference.field) + "`" +
                                  suggestion(reference.field, node_fields),
                              faults);
}

bool check_reference(const Reference& reference, Sight sight, const Input& at, Reading& reading) {
    const std::string& root = reference.root;
    if (!sight.item.empty() && root == sight.item) {
        return true;
    }
    if (root == "params") {
        return check_param(reference, at, reading);
    }
    if (root == "job" || (root == "env" && sight.sees_env)) {
        return true;
    }
    if (root == "nodes" && sight.sees_nodes) {
        reading.uses.push_back({reading.user, reference.member, at.pointer()});
        return check_node_field(reference, at, reading.faults);
    }
    if (root == "secrets") {
        return reading.faults.add(at, Problem::not_supported, "`secrets` is not served yet");
    }
    if (root == "nodes" || root == "env") {
        return refuse(at, "`" + root + "` cannot be read here", reading.faults);
    }
    constexpr std::string_view roots[] = {"params", "nodes", "env", "job"};
    return refuse(at,
                  "`" + quoted(root) + "` is not known here" + suggestion(root, roots),
                  reading.faults);
}

bool check_references(const std::vector<Reference>& references,
                      Sight sight,
                      const Input& at,
                      Reading& reading) {
    bool is_read = true;
    for (const Reference& reference : references) {
        is_read = check_reference(reference, sight, at, reading) && is_read;
    }
    return is_read;
}

bool is_variable_name(std::string_view name) {
    constexpr std::size_t name_bytes_max = 256;
    const auto is_part = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_';
    };
    return !name.empty() && name.size() <= name_bytes_max &&
           !(name.front() >= '0' && name.front() <= '9') &&
           std::all_of(name.begin(), name.end(), is_part) && !name.starts_with("ATTACCA_");
}

}  // namespace

std::string_view bare_expression(std::string_view text) {
    constexpr std::string_view spaces = " \t\r\n";
    const auto trim = [&](std::string_view part) {
        const std::size_t first = std::min(part.find_first_not_of(spaces), part.size());
        return part.substr(first, part.find_last_not_of(spaces) - first + 1);
    };
    const std::string_view outer = trim(text);
    const auto close = outer.starts_with("${{") ? find_closing_braces(outer, 3) : std::nullopt;
    return close && *close + 2 == outer.size() ? trim(outer.substr(3, *close - 3)) : outer;
}

bool read_template(const Input& value, Sight sight, Template& out, Reading& reading) {
    std::string text;
    if (!read_scalar_text(value, text, reading.faults)) {
        return false;
    }
    auto parsed = Template::parse(text);
    if (!parsed) {
        return reading.faults.add(value, parsed.error().problem, parsed.error().detail);
    }
    out = std::move(*parsed);
    return out.is_literal() || check_references(out.references(), sight, value, reading);
}

bool check_templates(const Input& value, Sight sight, Reading& reading) {
    const Json& json = value.json();
    if (json.is_string()) {
        Template text;
        return read_template(value, sight, text, reading);
    }
    bool is_read = true;
    if (json.is_array()) {
        for (std::size_t i = 0; i < json.as_array().size() && !reading.faults.is_full(); ++i) {
            is_read = check_templates(Input(value, i, json.as_array()[i]), sight, reading) &&
                      is_read;
        }
    }
    if (json.is_object()) {
        for (const Json::Member& member : json.as_object()) {
            is_read = check_templates(Input(value, member.key, member.value), sight, reading) &&
                      is_read;
        }
    }
    return is_read;
}

bool read_expression(const Input& value,
                     Sight sight,
                     std::optional<Expression>& out,
                     Reading& reading) {
    std::string text;
    if (value.json().is_bool()) {
        text = value.json().as_bool() ? "true" : "false";
    } else if (!read_text(value, text, reading.faults)) {
        return false;
    }
    auto parsed = Expression::parse(text);
    if (!parsed) {
        return reading.faults.add(value, parsed.error().problem, parsed.error().detail);
    }
    out = std::move(*parsed);
    return check_references(out->references(), sight, value, reading);
}

bool read_environment(const Input& value, Sight sight, Environment& out, Reading& reading) {
    constexpr std::size_t entries_max = 1000;
    if (!check_object(value, reading.faults)) {
        return false;
    }
    if (value.json().as_object().size() > entries_max) {
        return reading.faults.add(value, Problem::out_of_range, "`env` has more than 1000 entries");
    }
    bool is_read = true;
    for (const Json::Member& member : value.json().as_object()) {
        const Input entry(value, member.key, member.value);
        Template text;
        is_read = (is_variable_name(member.key) ||
                   reading.faults.add(entry, Problem::invalid_value,
                                      "`" + quoted(member.key) +
                                          "` cannot name a variable: letters, digits and `_`; "
                                          "ATTACCA_ is reserved")) &&
                  read_template(entry, sight, text, reading) && is_read;
        out.emplace_back(member.key, std::move(text));
    }
    std::sort(out.begin(), out.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    return is_read;
}

}  // namespace attacca::core
