// SPDX-License-Identifier: Apache-2.0
#include "app/yaml_file.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "adapters/yaml/yaml_reader.h"
#include "cli/text.h"

namespace attacca::app {
namespace {

cli::Position position_of(const yaml::Position& at) { return {at.line, at.column}; }

void append_token(std::string& pointer, std::string_view key) {
    pointer += '/';
    for (const char c : key) {
        if (c == '~') {
            pointer += "~0";
        } else if (c == '/') {
            pointer += "~1";
        } else {
            pointer += c;
        }
    }
}

struct Part {
    const Json* json;
    const yaml::Place* place;
    std::string pointer;
};

void add_positions(const yaml::Located& located, cli::Located& out) {
    std::vector<Part> open{{&located.json, &located.place, ""}};
    while (!open.empty()) {
        const Part part = std::move(open.back());
        open.pop_back();
        out.positions.emplace(part.pointer, position_of(part.place->key));
        out.values.emplace(part.pointer, position_of(part.place->value));
        const std::vector<yaml::Place>& children = part.place->children;
        for (std::size_t i = 0; i < children.size(); ++i) {
            std::string pointer = part.pointer;
            const Json* value = nullptr;
            if (part.json->is_object()) {
                const Json::Member& member = part.json->as_object()[i];
                append_token(pointer, member.key);
                value = &member.value;
            } else {
                append_token(pointer, std::to_string(i));
                value = &part.json->as_array()[i];
            }
            open.push_back({value, &children[i], std::move(pointer)});
        }
    }
}

// The library says "illegal map value" and the like of a line that a tab indents.
std::optional<yaml::Position> indenting_tab(std::string_view text, std::uint32_t line) {
    const std::vector<std::string_view> lines = cli::lines_of(text);
    for (std::size_t at = std::min<std::size_t>(line, lines.size()); at > 0; --at) {
        const std::string_view shown = lines[at - 1];
        const std::size_t first = shown.find_first_not_of(" \t");
        if (first == std::string_view::npos) {
            continue;  // a blank line: what went wrong began above it
        }
        const std::size_t tab = shown.substr(0, first).find('\t');
        if (tab != std::string_view::npos) {
            return yaml::Position{static_cast<std::uint32_t>(at),
                                  static_cast<std::uint32_t>(tab + 1)};
        }
        if (at < line) {
            break;  // the line before the fault is the last one to blame
        }
    }
    return std::nullopt;
}

}  // namespace

std::variant<cli::Located, cli::LoadError> load_yaml(std::string_view text) {
    yaml::Position fault_at;
    Result<yaml::Located> located = yaml::parse_yaml(text, fault_at);
    if (!located) {
        Error error = located.error();
        if (const auto tab = error.problem == Problem::yaml_syntax
                                 ? indenting_tab(text, fault_at.line)
                                 : std::nullopt) {
            error.detail = "a tab indents this line: YAML takes spaces only";
            fault_at = *tab;
        }
        return cli::LoadError{std::move(error), position_of(fault_at)};
    }
    cli::Located out;
    add_positions(*located, out);
    out.document = std::move(located->json);
    return out;
}

}  // namespace attacca::app
