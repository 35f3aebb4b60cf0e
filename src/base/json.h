// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"

// A JSON document (RFC 8259) as a value.
//
// Objects keep the order of their members and never hold a key twice. Numbers are int64 where the
// text is an integer that fits; any other number is kept as its exact text (`Decimal`), because
// core has no floating point. Parsing is strict: duplicate keys, invalid UTF-8, lone surrogates,
// numbers beyond a double's range and nesting beyond the limit are refused, each with its problem.

namespace attacca {

class Json {
  public:
    struct Decimal {
        std::string text;
        friend bool operator==(const Decimal&, const Decimal&) = default;
    };
    struct Member;
    using Array = std::vector<Json>;
    using Object = std::vector<Member>;
    enum class Type { null, boolean, integer, decimal, string, array, object };

    Json() = default;
    Json(bool value);               // NOLINT(google-explicit-constructor)
    Json(std::int64_t value);       // NOLINT(google-explicit-constructor)
    Json(int value);                // NOLINT(google-explicit-constructor)
    Json(Decimal value);            // NOLINT(google-explicit-constructor)
    Json(std::string value);        // NOLINT(google-explicit-constructor)
    Json(std::string_view value);   // NOLINT(google-explicit-constructor)
    Json(const char* value);        // NOLINT(google-explicit-constructor)
    Json(const void*) = delete;     // any other pointer would turn into `true`
    Json(Array value);              // NOLINT(google-explicit-constructor)
    Json(Object value);             // NOLINT(google-explicit-constructor)
    [[nodiscard]] static Json array();
    [[nodiscard]] static Json object();

    [[nodiscard]] Type type() const { return static_cast<Type>(value_.index()); }
    [[nodiscard]] bool is_null() const { return type() == Type::null; }
    [[nodiscard]] bool is_bool() const { return type() == Type::boolean; }
    [[nodiscard]] bool is_integer() const { return type() == Type::integer; }
    [[nodiscard]] bool is_decimal() const { return type() == Type::decimal; }
    [[nodiscard]] bool is_string() const { return type() == Type::string; }
    [[nodiscard]] bool is_array() const { return type() == Type::array; }
    [[nodiscard]] bool is_object() const { return type() == Type::object; }

    // Precondition of each: the value has that type.
    [[nodiscard]] bool as_bool() const;
    [[nodiscard]] std::int64_t as_integer() const;
    [[nodiscard]] const Decimal& as_decimal() const;
    [[nodiscard]] const std::string& as_string() const;
    [[nodiscard]] std::string& as_string();
    [[nodiscard]] const Array& as_array() const;
    [[nodiscard]] Array& as_array();
    [[nodiscard]] const Object& as_object() const;
    [[nodiscard]] Object& as_object();

    // The member, or nullptr when there is none or this is no object. Linear in the member count.
    [[nodiscard]] const Json* find(std::string_view key) const;
    // Adds or replaces a member. Precondition: an object.
    void set(std::string_view key, Json value);
    // Adds an element. Precondition: an array.
    void push(Json value);

    // Compact text, members in their order.
    [[nodiscard]] std::string text() const;
    void append_text(std::string& out) const;
    // Compact text, members sorted by key bytes: equal documents give equal bytes.
    [[nodiscard]] std::string canonical_text() const;
    // Two-space indented text for people.
    [[nodiscard]] std::string pretty_text() const;

    friend bool operator==(const Json&, const Json&);

  private:
    std::variant<std::monostate, bool, std::int64_t, Decimal, std::string, Array, Object> value_;
};

struct Json::Member {
    std::string key;
    Json value;
    friend bool operator==(const Member&, const Member&) = default;
};

// Defined here and not in the class: Clang wants Member to be complete.
inline Json::Json(bool value) : value_(value) {}
inline Json::Json(std::int64_t value) : value_(value) {}
inline Json::Json(int value) : value_(std::int64_t{value}) {}
inline Json::Json(Decimal value) : value_(std::move(value)) {}
inline Json::Json(std::string value) : value_(std::move(value)) {}
inline Json::Json(std::string_view value) : value_(std::string(value)) {}
inline Json::Json(const char* value) : value_(std::string(value)) {}
inline Json::Json(Array value) : value_(std::move(value)) {}
inline Json::Json(Object value) : value_(std::move(value)) {}

inline constexpr std::size_t json_depth_max = 64;
// No caller may ask for more: the parser takes one stack frame per level.
inline constexpr std::size_t json_depth_limit = 1024;

// Errors: json_syntax, json_encoding, json_duplicate_key, json_depth, json_number. `detail` names
// the byte offset and, for a duplicate, the key. Precondition: depth_max <= json_depth_limit.
[[nodiscard]] Result<Json> parse_json(std::string_view text,
                                      std::size_t depth_max = json_depth_max);

// Appends a JSON string literal: the escapes of RFC 8785 (shortest form, lower-case \u00xx).
// Precondition: valid UTF-8.
void append_json_string(std::string& out, std::string_view text);
void append_integer(std::string& out, std::int64_t value);

}  // namespace attacca
