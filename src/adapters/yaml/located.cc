// SPDX-License-Identifier: Apache-2.0
#include "adapters/yaml/located.h"

#include <algorithm>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/check.h"

namespace attacca::yaml {
namespace {

std::string unescaped(std::string_view part) {
    std::string out;
    for (std::size_t i = 0; i < part.size(); ++i) {
        if (part[i] == '~' && i + 1 < part.size()) {
            ++i;
            out += part[i] == '1' ? '/' : '~';
        } else {
            out += part[i];
        }
    }
    return out;
}

std::optional<std::size_t> child_of(const Json& json, std::string_view part) {
    if (json.is_array()) {
        const auto index = parse_u64(part);
        return index && *index < json.as_array().size() ? std::optional<std::size_t>(*index)
                                                        : std::nullopt;
    }
    if (!json.is_object()) {
        return std::nullopt;
    }
    const std::string key = unescaped(part);
    const Json::Object& members = json.as_object();
    const auto found = std::find_if(members.begin(), members.end(),
                                    [&](const Json::Member& member) { return member.key == key; });
    return found == members.end()
               ? std::nullopt
               : std::optional(static_cast<std::size_t>(found - members.begin()));
}

}  // namespace

Position Located::find(std::string_view pointer, Part part) const {
    const Json* json_at = &json;
    const Place* place_at = &place;
    while (pointer.starts_with('/')) {
        pointer.remove_prefix(1);
        const std::size_t end = std::min(pointer.find('/'), pointer.size());
        const auto child = child_of(*json_at, pointer.substr(0, end));
        if (!child) {
            break;
        }
        ATTACCA_CHECK(*child < place_at->children.size());
        place_at = &place_at->children[*child];
        json_at = json_at->is_array() ? &json_at->as_array()[*child]
                                      : &json_at->as_object()[*child].value;
        pointer.remove_prefix(end);
    }
    return part == Part::key ? place_at->key : place_at->value;
}

}  // namespace attacca::yaml
