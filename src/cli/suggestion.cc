// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <vector>

#include "base/pattern.h"
#include "cli/diagnostic.h"
#include "cli/pointer.h"

// What could have been meant, taken from the schema and from the document itself.

namespace attacca::cli {
namespace {

const Json* resolved(const Json& schema, const Json* part) {
    // Bounded, because a schema may refer to itself.
    for (int hops = 0; part != nullptr && hops < 8; ++hops) {
        const Json* reference = part->find("$ref");
        if (reference == nullptr || !reference->is_string()) {
            return part;
        }
        const std::string& target = reference->as_string();
        part = target.starts_with('#') ? value_at(schema, target.substr(1)) : nullptr;
    }
    return part;
}

// The first alternative that knows the key by name.
const Json* in_alternatives(const Json& schema, const Json& here, const std::string& key) {
    for (const char* word : {"oneOf", "anyOf", "allOf"}) {
        const Json* list = here.find(word);
        if (list == nullptr || !list->is_array()) {
            continue;
        }
        for (const Json& alternative : list->as_array()) {
            const Json* part = resolved(schema, &alternative);
            const Json* properties = part == nullptr ? nullptr : part->find("properties");
            const Json* found = properties == nullptr ? nullptr : properties->find(key);
            if (found != nullptr) {
                return resolved(schema, found);
            }
        }
    }
    return nullptr;
}

const Json* child_of(const Json& schema, const Json& here, const std::string& key) {
    const Json* properties = here.find("properties");
    if (properties != nullptr && properties->find(key) != nullptr) {
        return resolved(schema, properties->find(key));
    }
    const Json* items = here.find("items");
    const bool is_index =
        !key.empty() && std::all_of(key.begin(), key.end(),
                                    [](char byte) { return byte >= '0' && byte <= '9'; });
    if (items != nullptr && items->is_object() && is_index) {
        return resolved(schema, items);
    }
    const Json* others = here.find("additionalProperties");
    if (others != nullptr && others->is_object()) {
        return resolved(schema, others);
    }
    return in_alternatives(schema, here, key);
}

std::vector<std::string> keys_of(const Json* object) {
    std::vector<std::string> keys;
    if (object != nullptr && object->is_object()) {
        for (const Json::Member& member : object->as_object()) {
            keys.push_back(member.key);
        }
    }
    return keys;
}

std::vector<std::string> texts_of(const Json* list) {
    std::vector<std::string> texts;
    if (list != nullptr && list->is_array()) {
        for (const Json& element : list->as_array()) {
            if (element.is_string()) {
                texts.push_back(element.as_string());
            }
        }
    }
    return texts;
}

std::vector<std::string> node_ids(const Json& document) {
    std::vector<std::string> ids = keys_of(document.find("nodes"));
    for (std::string& id : keys_of(document.find("finally"))) {
        ids.push_back(std::move(id));
    }
    return ids;
}

}  // namespace

const Json* schema_at(const Json& schema, std::string_view pointer) {
    const Json* here = resolved(schema, &schema);
    for (const std::string& part : pointer_parts(pointer)) {
        if (here == nullptr) {
            return nullptr;
        }
        here = child_of(schema, *here, part);
    }
    return here;
}

std::optional<std::string> suggestion_for(Problem problem, std::string_view pointer,
                                          const Json& document, const Json* schema) {
    const std::vector<std::string> parts = pointer_parts(pointer);
    if (problem == Problem::unknown_field && schema != nullptr && !parts.empty()) {
        const Json* parent = schema_at(*schema, pointer_parent(pointer));
        const std::vector<std::string> keys =
            keys_of(parent == nullptr ? nullptr : parent->find("properties"));
        return nearest(parts.back(), keys);
    }
    const Json* value = value_at(document, pointer);
    if (value == nullptr || !value->is_string()) {
        return std::nullopt;
    }
    if (problem == Problem::dag_unknown_node) {
        const std::vector<std::string> ids = node_ids(document);
        return nearest(value->as_string(), ids);
    }
    if (problem == Problem::invalid_value && schema != nullptr) {
        const Json* here = schema_at(*schema, pointer);
        const std::vector<std::string> choices =
            texts_of(here == nullptr ? nullptr : here->find("enum"));
        return nearest(value->as_string(), choices);
    }
    return std::nullopt;
}

}  // namespace attacca::cli
