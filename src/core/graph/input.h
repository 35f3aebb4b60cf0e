// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "base/time.h"

// Reading a document that a person wrote: a value together with its place, and the first fault.
//
// An Input lives on the stack while its value is read; the pointer text is built only for a fault.
// Reading functions return false after a fault, and whoever calls them returns at once.

namespace attacca::core {

class Input {
  public:
    // `pointer` is where the document stands in the request; both must outlive the Input.
    Input(const Json& json, std::string_view pointer) : json_(json), key_(pointer) {}
    Input(const Input& parent, std::string_view key, const Json& json)
        : json_(json), parent_(&parent), key_(key) {}
    Input(const Input& parent, std::size_t index, const Json& json)
        : json_(json), parent_(&parent), index_(index), is_element_(true) {}

    [[nodiscard]] const Json& json() const { return json_; }
    [[nodiscard]] std::string pointer() const;
    [[nodiscard]] std::optional<Input> member(std::string_view key) const;

  private:
    const Json& json_;
    const Input* parent_ = nullptr;
    std::string_view key_;
    std::size_t index_ = 0;
    bool is_element_ = false;
};

// A JSON pointer's next part, escaped (RFC 6901).
void append_pointer_part(std::string& pointer, std::string_view part);

// The first fault that was found; what follows from it is of no interest.
class Faults {
  public:
    // Always false, so that it can be returned.
    bool add(const Input& at, Problem problem, std::string detail) {
        return add(at.pointer(), problem, std::move(detail));
    }
    bool add(std::string pointer, Problem problem, std::string detail);
    // One more place that belongs to the fault just added.
    void add_place(std::string pointer, std::string detail);

    [[nodiscard]] bool has_any() const { return error_.has_value(); }
    // Precondition: has_any().
    [[nodiscard]] Error take();

  private:
    std::optional<Error> error_;
};

// The keys of an object: those served, and those of the schema that nothing serves yet.
struct Keys {
    std::span<const std::string_view> served;
    std::span<const std::string_view> later = {};
};

// An object whose every key is served. Keys that begin with `x-` are the user's own. Faults:
// wrong_type, not_supported, read_only_field, unknown_field.
[[nodiscard]] bool check_keys(const Input& object, const Keys& keys, Faults& faults);
[[nodiscard]] bool check_object(const Input& value, Faults& faults);
[[nodiscard]] bool check_array(const Input& value, Faults& faults);

struct Range {
    std::int64_t min;
    std::int64_t max;
    Problem problem = Problem::out_of_range;  // of an integer outside
};

[[nodiscard]] bool read_bool(const Input& value, bool& out, Faults& faults);
[[nodiscard]] bool read_integer(const Input& value, Range range, std::int64_t& out, Faults& faults);
// Text without NUL bytes: it may become an argument, a path or a variable of a process.
[[nodiscard]] bool read_text(const Input& value, std::string& out, Faults& faults);
// A string, or a number or boolean in JSON form; as read_text().
[[nodiscard]] bool read_scalar_text(const Input& value, std::string& out, Faults& faults);
// Faults: wrong_type, and out_of_range for any text or number that is no duration.
[[nodiscard]] bool read_duration(const Input& value, Duration& out, Faults& faults);
// One of the names; its position. Faults: wrong_type, invalid_value.
[[nodiscard]] bool read_choice(const Input& value,
                               std::span<const std::string_view> names,
                               std::size_t& out,
                               Faults& faults);
// A relative path below a directory. Faults: wrong_type, invalid_value.
[[nodiscard]] bool read_relative_path(const Input& value, std::string& out, Faults& faults);

// `^[A-Za-z_][A-Za-z0-9_-]{0,62}$`
[[nodiscard]] bool is_id(std::string_view text);

}  // namespace attacca::core
