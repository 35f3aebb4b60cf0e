// SPDX-License-Identifier: Apache-2.0
#include "http/json_diff.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "core/graph/input.h"

namespace attacca::http {
namespace {

void add_change(Json& out, const std::string& pointer, const Json* from, const Json* to) {
    Json change = Json::object();
    change.set("pointer", pointer);
    if (from != nullptr) {
        change.set("from", *from);
    }
    if (to != nullptr) {
        change.set("to", *to);
    }
    out.push(std::move(change));
}

std::string below(const std::string& pointer, std::string_view part) {
    std::string out = pointer;
    core::append_pointer_part(out, part);
    return out;
}

// The elements by their ids; empty when one of them has none, or two have the same.
std::map<std::string, const Json*> by_id(const Json::Array& elements) {
    std::map<std::string, const Json*> out;
    for (const Json& element : elements) {
        const Json* id = element.find("id");
        if (id == nullptr || !id->is_string() || !out.emplace(id->as_string(), &element).second) {
            return {};
        }
    }
    return out;
}

void compare(Json& out, const std::string& pointer, const Json& from, const Json& to);

void compare_parts(Json& out,
                   const std::string& pointer,
                   const std::map<std::string, const Json*>& from,
                   const std::map<std::string, const Json*>& to) {
    for (const auto& [key, value] : from) {
        const auto other = to.find(key);
        if (other == to.end()) {
            add_change(out, below(pointer, key), value, nullptr);
        } else {
            compare(out, below(pointer, key), *value, *other->second);
        }
    }
    for (const auto& [key, value] : to) {
        if (!from.contains(key)) {
            add_change(out, below(pointer, key), nullptr, value);
        }
    }
}

std::map<std::string, const Json*> members_of(const Json& object) {
    std::map<std::string, const Json*> out;
    for (const Json::Member& member : object.as_object()) {
        out.emplace(member.key, &member.value);
    }
    return out;
}

void compare_arrays(Json& out, const std::string& pointer, const Json& from, const Json& to) {
    const auto from_ids = by_id(from.as_array());
    const auto to_ids = by_id(to.as_array());
    if (!from_ids.empty() && !to_ids.empty()) {
        compare_parts(out, pointer, from_ids, to_ids);
        return;
    }
    const std::size_t count = std::max(from.as_array().size(), to.as_array().size());
    for (std::size_t i = 0; i < count; ++i) {
        const std::string place = below(pointer, std::to_string(i));
        const bool is_in_from = i < from.as_array().size();
        const bool is_in_to = i < to.as_array().size();
        if (is_in_from && is_in_to) {
            compare(out, place, from.as_array()[i], to.as_array()[i]);
        } else {
            add_change(out, place, is_in_from ? &from.as_array()[i] : nullptr,
                       is_in_to ? &to.as_array()[i] : nullptr);
        }
    }
}

void compare(Json& out, const std::string& pointer, const Json& from, const Json& to) {
    if (from == to) {
        return;
    }
    if (from.is_object() && to.is_object()) {
        compare_parts(out, pointer, members_of(from), members_of(to));
    } else if (from.is_array() && to.is_array()) {
        compare_arrays(out, pointer, from, to);
    } else {
        add_change(out, pointer, &from, &to);
    }
}

}  // namespace

Json json_diff(const Json& from, const Json& to) {
    Json out = Json::array();
    compare(out, "", from, to);
    return out;
}

}  // namespace attacca::http
