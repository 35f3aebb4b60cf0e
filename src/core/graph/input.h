// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "base/time.h"

// Reading a document that a person wrote: a value together with its place, and what is wrong.
//
// An Input lives on the stack while its value is read; the pointer text is built only for a fault.
// Reading functions return false after a fault of their part. Who calls them goes on with the parts
// that do not build on it, so that one answer tells all that a person has to mend, and returns
// false too.

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

// The faults that were found, in the order of finding. The first one is what the whole is told as;
// each has its place. Those over faults_max are not kept: a reader of lists stops when it is full.
class Faults {
  public:
    static constexpr std::size_t faults_max = 20;

    // Always false, so that it can be returned.
    bool add(const Input& at, Problem problem, std::string detail) {
        return add(at.pointer(), problem, std::move(detail));
    }
    bool add(std::string pointer, Problem problem, std::string detail);
    // What a part was refused for that was read by itself. `pointer` is for an error without place.
    bool add_all(std::string pointer, Error error);
    // One more place that belongs to the fault just added.
    void add_place(std::string pointer, std::string detail);

    [[nodiscard]] bool has_any() const { return error_.has_value(); }
    [[nodiscard]] bool is_full() const { return count_ >= faults_max; }
    // Precondition: has_any().
    [[nodiscard]] Error take();

  private:
    // Whether there was room for it, and nobody had told it before.
    bool keep(FieldError field);

    std::optional<Error> error_;
    std::size_t count_ = 0;
    bool was_kept_ = false;  // the fault just added
};

// Whether all of these were read: a list in braces reads each of them, in this order.
[[nodiscard]] inline bool all_read(std::initializer_list<bool> parts) {
    for (const bool is_read : parts) {
        if (!is_read) {
            return false;
        }
    }
    return true;
}

// The keys of an object: those served, and those of the schema that nothing serves yet.
struct Keys {
    std::span<const std::string_view> served;
    std::span<const std::string_view> later = {};
};

// An object whose every key is served. Keys that begin with `x-` are the user's own. Each other
// one is a fault:
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
