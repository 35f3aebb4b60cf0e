// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/time.h"

// JSON objects and arrays appended to a text, without a tree: answers are hot.

namespace attacca::http {

class ObjectOut {
  public:
    // Appends to `out`, which must outlive the writer; end() closes the object.
    explicit ObjectOut(std::string& out) : out_(out) { out_ += '{'; }

    // Where the member's value is to be appended. Keys are our own and need no escapes.
    std::string& key(std::string_view name) {
        out_ += is_first_ ? "\"" : ",\"";
        is_first_ = false;
        out_ += name;
        out_ += "\":";
        return out_;
    }
    void text(std::string_view name, std::string_view value) {
        append_json_string(key(name), value);
    }
    // No member when there are none.
    void texts_if_any(std::string_view name, const std::vector<std::string>& values) {
        for (std::size_t i = 0; i < values.size(); ++i) {
            append_json_string(i == 0 ? key(name) += '[' : out_ += ',', values[i]);
        }
        out_ += values.empty() ? "" : "]";
    }
    void number(std::string_view name, std::uint64_t value) { key(name) += std::to_string(value); }
    void integer(std::string_view name, std::int64_t value) { append_integer(key(name), value); }
    void boolean(std::string_view name, bool value) { key(name) += value ? "true" : "false"; }
    void time(std::string_view name, WallTime at) {
        key(name) += '"';
        out_ += rfc3339_ms(at);
        out_ += '"';
    }
    // JSON text.
    void raw(std::string_view name, std::string_view json) { key(name) += json; }
    // The members of an object's JSON text.
    void splice(std::string_view object) {
        if (object.size() > 2) {
            out_ += is_first_ ? "" : ",";
            is_first_ = false;
            out_ += object.substr(1, object.size() - 2);
        }
    }
    void end() { out_ += '}'; }

  private:
    std::string& out_;
    bool is_first_ = true;
};

class ArrayOut {
  public:
    explicit ArrayOut(std::string& out) : out_(out) { out_ += '['; }
    // Where the next element is to be appended.
    std::string& element() {
        out_ += is_first_ ? "" : ",";
        is_first_ = false;
        return out_;
    }
    void end() { out_ += ']'; }

  private:
    std::string& out_;
    bool is_first_ = true;
};

}  // namespace attacca::http
