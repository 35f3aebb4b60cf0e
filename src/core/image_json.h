// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/json.h"
#include "core/job/ids.h"
#include "core/job/text_or_body.h"

// Images of folded state as JSON: what the store keeps of things that have a name. A reader that
// met anything unexpected is no longer good, and what it gave is worthless.

namespace attacca::core {

inline void set_text_or_body(Json& out, const std::string& key, const TextOrBody& value) {
    if (value.body) {
        out.set(key + "_body", hex(*value.body));
    } else if (!value.text.empty()) {
        out.set(key, value.text);
    }
}

class ImageReader {
  public:
    explicit ImageReader(const Json& json) : json_(json) {}

    [[nodiscard]] std::string text(std::string_view key) {
        const Json* value = get(key, Json::Type::string);
        return value == nullptr ? std::string{} : value->as_string();
    }
    [[nodiscard]] std::int64_t number(std::string_view key) {
        const Json* value = get(key, Json::Type::integer);
        return value == nullptr ? 0 : value->as_integer();
    }
    [[nodiscard]] bool yes(std::string_view key) {
        const Json* value = get(key, Json::Type::boolean);
        return value != nullptr && value->as_bool();
    }
    [[nodiscard]] const Json::Array& list(std::string_view key) {
        static const Json::Array nothing;
        const Json* value = get(key, Json::Type::array);
        return value == nullptr ? nothing : value->as_array();
    }
    [[nodiscard]] Sha256 digest(std::string_view key) {
        const auto digest = sha256_of_hex(text(key));
        require(digest.has_value());
        return digest.value_or(Sha256{});
    }
    [[nodiscard]] JobId job(std::string_view key) {
        const auto uuid = Uuid::parse(text(key));
        require(uuid.has_value());
        return JobId{uuid.value_or(Uuid{})};
    }
    [[nodiscard]] TextOrBody text_or_body(const std::string& key) {
        TextOrBody out;
        if (has(key + "_body")) {
            out.body = digest(key + "_body");
        } else if (has(key)) {
            out.text = text(key);
        }
        return out;
    }
    [[nodiscard]] bool has(std::string_view key) const { return json_.find(key) != nullptr; }

    void require(bool is_so) { is_good_ = is_good_ && is_so; }
    [[nodiscard]] bool is_good() const { return is_good_; }

  private:
    const Json* get(std::string_view key, Json::Type type) {
        const Json* value = json_.find(key);
        const bool fits = value != nullptr && value->type() == type;
        require(fits);
        return fits ? value : nullptr;
    }

    const Json& json_;
    bool is_good_ = true;
};

}  // namespace attacca::core
