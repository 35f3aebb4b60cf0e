// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "adapters/yaml/yaml_reader.h"
#include "base/bytes.h"
#include "core/graph/number.h"
#include "fuzz.h"

// YAML into JSON. What is read is a JSON document with a place for each of its parts, and where
// the text is JSON as well, the same document.

namespace attacca::yaml {
namespace {

void check_position(const Position& at, std::string_view text) {
    // A last line that the library adds counts as one more, and a lone CR ends a line.
    const auto ends = std::count_if(text.begin(), text.end(),
                                    [](char c) { return c == '\n' || c == '\r'; });
    ATTACCA_CHECK(at.line >= 1 && at.line <= static_cast<std::uint64_t>(ends) + 2);
    ATTACCA_CHECK(at.column >= 1 && at.column <= text.size() + 2);
}

// The recursion is as deep as the document, which is at most json_depth_max.
void check_places(const Json& json, const Place& place, std::string_view text) {
    check_position(place.key, text);
    check_position(place.value, text);
    if (json.is_array()) {
        ATTACCA_CHECK(place.children.size() == json.as_array().size());
        for (std::size_t i = 0; i < place.children.size(); ++i) {
            check_places(json.as_array()[i], place.children[i], text);
        }
    } else if (json.is_object()) {
        ATTACCA_CHECK(place.children.size() == json.as_object().size());
        for (std::size_t i = 0; i < place.children.size(); ++i) {
            check_places(json.as_object()[i].value, place.children[i], text);
        }
    } else {
        ATTACCA_CHECK(place.children.empty());
    }
}

// Equal but for the spelling of numbers.
bool are_same(const Json& a, const Json& b) {
    if (core::is_number(a) && core::is_number(b)) {
        return core::compare_numbers(a, b) == std::strong_ordering::equal;
    }
    if (a.is_array() && b.is_array()) {
        return std::equal(a.as_array().begin(), a.as_array().end(), b.as_array().begin(),
                          b.as_array().end(), are_same);
    }
    if (a.is_object() && b.is_object()) {
        return std::equal(a.as_object().begin(), a.as_object().end(), b.as_object().begin(),
                          b.as_object().end(), [](const auto& one, const auto& other) {
                              return one.key == other.key && are_same(one.value, other.value);
                          });
    }
    return a == b;
}

void test(std::string_view input) {
    Position fault_at;
    const auto located = parse_yaml(input, fault_at);
    if (!located) {
        check_position(fault_at, input);
        ATTACCA_CHECK(is_utf8(located.error().detail));
        ATTACCA_CHECK(class_of(located.error().problem) != ErrorClass::internal);
        return;
    }
    check_places(located->json, located->place, input);
    const auto again = parse_json(located->json.text());
    ATTACCA_CHECK(again.has_value() && *again == located->json);
    check_position(located->find(input, Part::key), input);
    if (const auto json = parse_json(input)) {
        ATTACCA_CHECK(are_same(*json, located->json));
    }
}

}  // namespace
}  // namespace attacca::yaml

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    attacca::yaml::test(attacca::fuzz::text_of(data, size));
    return 0;
}
