// SPDX-License-Identifier: Apache-2.0
#include "core/graph/expression.h"

#include "base/bytes.h"
#include "core/graph/sample_names.h"
#include "fuzz.h"

// Any text is parsed and evaluated in bounded time and memory, twice with the same result, which
// is a JSON value; a template of one literal is that literal.

namespace attacca::core {
namespace {

// Twice what a function may yield, and what the names hold.
constexpr std::size_t value_bytes_max = std::size_t{64} << 20U;

const SampleNames& names() {
    static const SampleNames fixed(R"({"params":{"ports":[22,80],"name":"a-b","n":7,"x":null,
        "deep":{"a":{"b":[{"c":"\"\\"}]}},"big":9007199254740993,"d":1.50,"text":"[1,{\"a\":2}]"},
        "env":{"HOME":"/"},"job":{"id":"j","status":"completed"},
        "nodes":{"a":{"status":"completed","outputs":{"hosts":["h"]},"counts":{"failed":0}}},
        "item":"x"})");
    return fixed;
}

void check_value(const Result<Json>& value) {
    if (!value) {
        ATTACCA_CHECK(value.error().problem == Problem::expression_invalid);
        ATTACCA_CHECK(is_utf8(value.error().detail));
        return;
    }
    const std::string text = value->text();
    ATTACCA_CHECK(text.size() <= value_bytes_max);
    const auto again = parse_json(text, json_depth_limit);
    ATTACCA_CHECK(again.has_value() && *again == *value);
}

void check_expression(std::string_view input) {
    const auto expression = Expression::parse(input);
    if (!expression) {
        ATTACCA_CHECK(expression.error().problem == Problem::expression_invalid);
        ATTACCA_CHECK(is_utf8(expression.error().detail));
        return;
    }
    const auto value = expression->evaluate(names());
    check_value(value);
    const auto again = expression->evaluate(names());
    ATTACCA_CHECK(value.has_value() == again.has_value());
    ATTACCA_CHECK(!value || *value == *again);
    const auto holds = expression->holds(names());
    ATTACCA_CHECK(holds.has_value() == value.has_value());
    ATTACCA_CHECK(!value || *holds == is_true(*value));
    static_cast<void>(expression->references().size());
}

void check_template(std::string_view input) {
    const auto text = Template::parse(input);
    if (!text) {
        return;
    }
    check_value(text->value(names()));
    const auto rendered = text->render(names());
    ATTACCA_CHECK(!rendered || is_utf8(*rendered));
    if (text->is_literal()) {
        ATTACCA_CHECK(rendered.has_value() && *rendered == text->text());
        ATTACCA_CHECK(text->references().empty());
    }
    ATTACCA_CHECK(!text->starts_with_expression() || !text->is_literal());
}

}  // namespace
}  // namespace attacca::core

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input = attacca::fuzz::text_of(data, size);
    // Expressions stand in JSON or YAML, which are UTF-8.
    if (attacca::is_utf8(input)) {
        attacca::core::check_expression(input);
        attacca::core::check_template(input);
    }
    return 0;
}
