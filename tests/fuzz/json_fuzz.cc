// SPDX-License-Identifier: Apache-2.0
#include "base/json.h"

#include "base/bytes.h"
#include "fuzz.h"

// What is read can be written in three forms, each of which reads as the same document.

namespace attacca {
namespace {

void check_document(const Json& json) {
    const std::string text = json.text();
    ATTACCA_CHECK(is_utf8(text));
    const auto again = parse_json(text);
    ATTACCA_CHECK(again.has_value());
    ATTACCA_CHECK(*again == json);
    ATTACCA_CHECK(again->text() == text);

    const auto pretty = parse_json(json.pretty_text());
    ATTACCA_CHECK(pretty.has_value());
    ATTACCA_CHECK(*pretty == json);

    const std::string canonical = json.canonical_text();
    const auto sorted = parse_json(canonical);
    ATTACCA_CHECK(sorted.has_value());
    ATTACCA_CHECK(sorted->text() == canonical);
    ATTACCA_CHECK(sorted->canonical_text() == canonical);
}

void check_refusal(const Error& error) {
    ATTACCA_CHECK(is_utf8(error.detail));
    ATTACCA_CHECK(class_of(error.problem) != ErrorClass::internal);
}

void check_string(std::string_view text) {
    std::string literal;
    append_json_string(literal, text);
    const auto read = parse_json(literal);
    ATTACCA_CHECK(read.has_value());
    ATTACCA_CHECK(read->is_string() && read->as_string() == text);
}

void test(std::string_view input) {
    const auto json = parse_json(input);
    const auto deep = parse_json(input, json_depth_limit);
    if (json) {
        ATTACCA_CHECK(is_utf8(input));
        ATTACCA_CHECK(deep.has_value());
        ATTACCA_CHECK(*deep == *json);
        check_document(*json);
    } else {
        check_refusal(json.error());
    }
    if (is_utf8(input)) {
        check_string(input);
    }
}

}  // namespace
}  // namespace attacca

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    attacca::test(attacca::fuzz::text_of(data, size));
    return 0;
}
