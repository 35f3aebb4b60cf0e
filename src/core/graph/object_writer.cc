// SPDX-License-Identifier: Apache-2.0
#include "core/graph/object_writer.h"

#include <algorithm>
#include <utility>

#include "core/graph/expression_functions.h"

namespace attacca::core {
namespace {

std::vector<const Json::Member*> sorted_members(const Json& object) {
    std::vector<const Json::Member*> members;
    for (const Json::Member& member : object.as_object()) {
        members.push_back(&member);
    }
    std::sort(members.begin(), members.end(),
              [](const auto* a, const auto* b) { return a->key < b->key; });
    return members;
}

}  // namespace

void append_texts(std::string& out, const std::vector<std::string>& values) {
    append_array(out, values, [&](const std::string& value) { append_json_string(out, value); });
}

void append_integers(std::string& out, const std::vector<std::int64_t>& values) {
    append_array(out, values, [&](std::int64_t value) { append_integer(out, value); });
}

std::string text_of_scalar(const Json& value) {
    auto text = scalar_text(value);
    ATTACCA_CHECK(text.has_value());
    return std::move(*text);
}

void append_text_members(std::string& out, const Json& object) {
    ObjectWriter writer(out);
    for (const Json::Member* member : sorted_members(object)) {
        writer.text(member->key, text_of_scalar(member->value));
    }
    writer.close();
}

}  // namespace attacca::core
