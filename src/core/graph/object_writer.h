// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "base/json.h"
#include "base/time.h"

// Normalised JSON objects, appended to a text. Private to definition_body.cc.

namespace attacca::core {

// Writes an object's members, which must come in the order of their keys.
class ObjectWriter {
  public:
    explicit ObjectWriter(std::string& out) : out_(out) { out_ += '{'; }

    std::string& key(std::string_view name) {
        ATTACCA_CHECK(last_ < name);
        last_ = name;
        out_ += is_first_ ? "" : ",";
        is_first_ = false;
        append_json_string(out_, name);
        out_ += ':';
        return out_;
    }
    void text(std::string_view name, std::string_view value) {
        append_json_string(key(name), value);
    }
    void integer(std::string_view name, std::int64_t value) { append_integer(key(name), value); }
    void duration_ms(std::string_view name, std::int64_t value) {
        text(name, format_duration(milliseconds(value)));
    }
    void close() { out_ += '}'; }

  private:
    std::string& out_;
    std::string_view last_;
    bool is_first_ = true;
};

template <typename Values, typename Append>
void append_array(std::string& out, const Values& values, Append append) {
    out += '[';
    bool is_first = true;
    for (const auto& value : values) {
        out += is_first ? "" : ",";
        is_first = false;
        append(value);
    }
    out += ']';
}

void append_texts(std::string& out, const std::vector<std::string>& values);
void append_integers(std::string& out, const std::vector<std::int64_t>& values);
// Precondition: a string, a number or a boolean.
[[nodiscard]] std::string text_of_scalar(const Json& value);
// An object whose values are texts: env, and the job's outputs.
void append_text_members(std::string& out, const Json& object);

}  // namespace attacca::core
