// SPDX-License-Identifier: Apache-2.0
#include "app/yaml_file.h"

#include <string>
#include <utility>
#include <vector>

#include "adapters/yaml/yaml_reader.h"

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

cli::Positions positions_of(const yaml::Located& located) {
    cli::Positions positions;
    std::vector<Part> open{{&located.json, &located.place, ""}};
    while (!open.empty()) {
        const Part part = std::move(open.back());
        open.pop_back();
        positions.emplace(part.pointer, position_of(part.place->key));
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
    return positions;
}

}  // namespace

std::variant<cli::Located, cli::LoadError> load_yaml(std::string_view text) {
    yaml::Position fault_at;
    Result<yaml::Located> located = yaml::parse_yaml(text, fault_at);
    if (!located) {
        return cli::LoadError{located.error(), position_of(fault_at)};
    }
    cli::Positions positions = positions_of(*located);
    return cli::Located{std::move(located->json), std::move(positions)};
}

}  // namespace attacca::app
