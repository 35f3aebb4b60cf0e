// SPDX-License-Identifier: Apache-2.0
#include "core/graph/input.h"

#include <algorithm>
#include <utility>

#include "base/bytes.h"
#include "base/check.h"
#include "core/graph/expression_functions.h"
#include "core/graph/suggest.h"

namespace attacca::core {
namespace {

constexpr std::string_view server_keys[] = {"status", "tenant_id", "role",
                                                         "fence",  "state",     "attempt"};

bool is_among(std::string_view key, std::span<const std::string_view> keys) {
    return std::find(keys.begin(), keys.end(), key) != keys.end();
}

bool add_wrong_type(const Input& value, std::string_view expected, Faults& faults) {
    return faults.add(value, Problem::wrong_type,
                      "expected " + std::string(expected) + ", found " +
                          std::string(type_name_of(value.json())));
}

bool add_unknown_key(const Input& at, std::string_view key, const Keys& keys, Faults& faults) {
    const std::string name = "`" + quoted(key) + "`";
    if (is_among(key, keys.later)) {
        return faults.add(at, Problem::not_supported, name + " is not served yet");
    }
    if (is_among(key, server_keys)) {
        return faults.add(at, Problem::read_only_field, name + " is set by the server");
    }
    return faults.add(at, Problem::unknown_field,
                      name + " is not known here" + suggestion(key, keys.served));
}

// Whether a percent sign hides a dot, slash or backslash.
bool hides_separator(std::string_view path) {
    for (const std::string_view code : {"%2e", "%2E", "%2f", "%2F", "%5c", "%5C"}) {
        if (path.find(code) != path.npos) {
            return true;
        }
    }
    return false;
}

bool is_relative_path(std::string_view path) {
    constexpr std::size_t path_bytes_max = 255;
    const auto is_odd = [](char c) {
        return static_cast<unsigned char>(c) < 0x20U || c == 0x7F || c == '\\';
    };
    if (path.empty() || path.size() > path_bytes_max || hides_separator(path) ||
        std::any_of(path.begin(), path.end(), is_odd)) {
        return false;
    }
    std::size_t at = 0;
    while (at <= path.size()) {
        const std::size_t end = std::min(path.find('/', at), path.size());
        const std::string_view part = path.substr(at, end - at);
        if (part.empty() || part == "." || part == "..") {
            return false;
        }
        at = end + 1;
    }
    return true;
}

}  // namespace

void append_pointer_part(std::string& pointer, std::string_view part) {
    pointer += '/';
    for (const char c : part) {
        if (c == '~') {
            pointer += "~0";
        } else if (c == '/') {
            pointer += "~1";
        } else {
            pointer += c;
        }
    }
}

std::string Input::pointer() const {
    std::vector<const Input*> path;
    const Input* root = this;
    for (; root->parent_ != nullptr; root = root->parent_) {
        path.push_back(root);
    }
    std::string out(root->key_);
    for (auto at = path.rbegin(); at != path.rend(); ++at) {
        append_pointer_part(out, (*at)->is_element_ ? std::to_string((*at)->index_)
                                                    : std::string((*at)->key_));
    }
    return out;
}

std::optional<Input> Input::member(std::string_view key) const {
    const Json* value = json_.find(key);
    if (value == nullptr) {
        return std::nullopt;
    }
    return Input(*this, key, *value);
}

bool Faults::keep(FieldError field) {
    const auto is_same = [&](const FieldError& told) {
        return told.pointer == field.pointer && told.code == field.code &&
               told.detail == field.detail;
    };
    if (is_full() || std::any_of(error_->fields.begin(), error_->fields.end(), is_same)) {
        return false;
    }
    error_->fields.push_back(std::move(field));
    ++count_;
    return true;
}

bool Faults::add(std::string pointer, Problem problem, std::string detail) {
    if (!error_) {
        error_ = fail(problem, detail);
    }
    was_kept_ = keep({std::move(pointer), std::string(slug_of(problem)), std::move(detail)});
    return false;
}

bool Faults::add_all(std::string pointer, Error error) {
    if (error.fields.empty()) {
        return add(std::move(pointer), error.problem, std::move(error.detail));
    }
    if (!error_) {
        error_ = fail(error.problem, std::move(error.detail));
    }
    for (FieldError& field : error.fields) {
        was_kept_ = keep(std::move(field));
    }
    return false;
}

void Faults::add_place(std::string pointer, std::string detail) {
    ATTACCA_CHECK(error_.has_value());
    if (was_kept_) {
        std::string code = error_->fields.back().code;
        error_->fields.push_back({std::move(pointer), std::move(code), std::move(detail)});
    }
}

Error Faults::take() {
    ATTACCA_CHECK(error_.has_value());
    return std::move(*error_);
}

bool check_keys(const Input& object, const Keys& keys, Faults& faults) {
    if (!check_object(object, faults)) {
        return false;
    }
    bool is_read = true;
    for (const Json::Member& member : object.json().as_object()) {
        if (!is_among(member.key, keys.served) && !member.key.starts_with("x-")) {
            is_read = add_unknown_key(Input(object, member.key, member.value), member.key, keys,
                                      faults);
            if (faults.is_full()) {
                break;
            }
        }
    }
    return is_read;
}

bool check_object(const Input& value, Faults& faults) {
    return value.json().is_object() || add_wrong_type(value, "an object", faults);
}

bool check_array(const Input& value, Faults& faults) {
    return value.json().is_array() || add_wrong_type(value, "an array", faults);
}

bool read_bool(const Input& value, bool& out, Faults& faults) {
    if (!value.json().is_bool()) {
        return add_wrong_type(value, "true or false", faults);
    }
    out = value.json().as_bool();
    return true;
}

bool read_integer(const Input& value, Range range, std::int64_t& out, Faults& faults) {
    if (value.json().is_decimal()) {
        return faults.add(value, Problem::json_number,
                          "expected an integer, found " + value.json().text());
    }
    if (!value.json().is_integer()) {
        return add_wrong_type(value, "an integer", faults);
    }
    out = value.json().as_integer();
    if (out < range.min || out > range.max) {
        return faults.add(value, range.problem,
                          std::to_string(out) + " is not between " + std::to_string(range.min) +
                              " and " + std::to_string(range.max));
    }
    return true;
}

bool read_text(const Input& value, std::string& out, Faults& faults) {
    if (!value.json().is_string()) {
        return add_wrong_type(value, "a string", faults);
    }
    return read_scalar_text(value, out, faults);
}

bool read_scalar_text(const Input& value, std::string& out, Faults& faults) {
    auto text = scalar_text(value.json());
    if (!text) {
        return add_wrong_type(value, "a string, a number or a boolean", faults);
    }
    if (text->find('\0') != std::string::npos) {
        return faults.add(value, Problem::invalid_value, "the text holds a NUL byte");
    }
    out = std::move(*text);
    return true;
}

bool read_duration(const Input& value, Duration& out, Faults& faults) {
    const Json& json = value.json();
    if (json.is_integer() || json.is_decimal()) {
        return faults.add(value, Problem::out_of_range,
                          "a duration is a text with a unit, such as 90s, 1m30s or 250ms");
    }
    if (!json.is_string()) {
        return add_wrong_type(value, "a duration such as 1m30s", faults);
    }
    const auto duration = parse_duration(json.as_string());
    if (!duration) {
        return faults.add(value, Problem::out_of_range, duration.error().detail);
    }
    out = *duration;
    return true;
}

bool read_choice(const Input& value,
                 std::span<const std::string_view> names,
                 std::size_t& out,
                 Faults& faults) {
    std::string text;
    if (!read_text(value, text, faults)) {
        return false;
    }
    const auto found = std::find(names.begin(), names.end(), text);
    if (found != names.end()) {
        out = static_cast<std::size_t>(found - names.begin());
        return true;
    }
    std::string all;
    for (const std::string_view name : names) {
        all += all.empty() ? "" : ", ";
        all += name;
    }
    return faults.add(value, Problem::invalid_value,
                      "`" + quoted(text) + "` is none of " + all + suggestion(text, names));
}

bool read_relative_path(const Input& value, std::string& out, Faults& faults) {
    if (!read_text(value, out, faults)) {
        return false;
    }
    return is_relative_path(out) ||
           faults.add(value, Problem::invalid_value,
                      "`" + quoted(out) + "` is not a relative path below the working directory");
}

bool is_id(std::string_view text) {
    constexpr std::size_t id_bytes_max = 63;
    const auto is_letter = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    };
    const auto is_part = [&](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '-'; };
    return !text.empty() && text.size() <= id_bytes_max && is_letter(text.front()) &&
           std::all_of(text.begin(), text.end(), is_part);
}

}  // namespace attacca::core
