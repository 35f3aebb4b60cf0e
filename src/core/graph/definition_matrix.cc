// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "core/graph/definition_expand.h"

namespace attacca::core {
namespace {

constexpr std::int64_t matrix_items_max = 10000;
constexpr std::string_view own_keys[] = {"include", "exclude", "parallel", "on_error"};

bool is_own(std::string_view key) {
    return std::find(std::begin(own_keys), std::end(own_keys), key) != std::end(own_keys);
}

bool is_scalar(const Json& value) {
    return value.is_string() || value.is_bool() || value.is_integer() || value.is_decimal();
}

bool check_values(const Input& list, Faults& faults) {
    if (!check_array(list, faults)) {
        return false;
    }
    if (list.json().as_array().empty()) {
        return faults.add(list, Problem::invalid_value, "the list is empty");
    }
    for (std::size_t i = 0; i < list.json().as_array().size(); ++i) {
        const Json& value = list.json().as_array()[i];
        if (!is_scalar(value)) {
            return faults.add(Input(list, i, value), Problem::wrong_type,
                              "a value of a matrix is a string, a number or a boolean");
        }
    }
    return true;
}

// `include` and `exclude`: a list of objects with scalar members.
bool check_entries(const Input& list, Faults& faults) {
    if (!check_array(list, faults)) {
        return false;
    }
    for (std::size_t i = 0; i < list.json().as_array().size(); ++i) {
        const Input entry(list, i, list.json().as_array()[i]);
        if (!check_object(entry, faults)) {
            return false;
        }
        for (const Json::Member& member : entry.json().as_object()) {
            const Input value(entry, member.key, member.value);
            if (!is_id(member.key) || !is_scalar(member.value)) {
                return faults.add(value, Problem::invalid_value,
                                  "an entry holds names with strings, numbers or booleans");
            }
        }
    }
    return true;
}

bool matches(const Json& item, const Json& entry) {
    const Json::Object& members = entry.as_object();
    return !members.empty() &&
           std::all_of(members.begin(), members.end(), [&](const Json::Member& member) {
               const Json* value = item.find(member.key);
               return value != nullptr && *value == member.value;
           });
}

class Product {
  public:
    explicit Product(const Input& matrix) : matrix_(matrix) {}

    bool read(Faults& faults) {
        std::int64_t count = 1;
        for (const Json::Member& member : matrix_.json().as_object()) {
            if (is_own(member.key) || member.key.starts_with("x-")) {
                continue;
            }
            const Input list(matrix_, member.key, member.value);
            if (!is_id(member.key) || member.key.find('-') != std::string::npos) {
                return faults.add(list, Problem::invalid_value,
                                  "`" + quoted(member.key) +
                                      "` cannot name a list: letters, digits and `_`");
            }
            if (!check_values(list, faults)) {
                return false;
            }
            count *= static_cast<std::int64_t>(member.value.as_array().size());
            if (count > matrix_items_max) {
                return faults.add(matrix_, Problem::out_of_range,
                                  "the product has more than 10000 items");
            }
            lists_.push_back(&member);
        }
        return true;
    }

    // The last list varies fastest.
    [[nodiscard]] Json items() const {
        Json items = Json::array();
        if (lists_.empty()) {
            return items;
        }
        std::vector<std::size_t> at(lists_.size());
        for (;;) {
            Json item = Json::object();
            for (std::size_t i = 0; i < lists_.size(); ++i) {
                item.set(lists_[i]->key, lists_[i]->value.as_array()[at[i]]);
            }
            items.push(std::move(item));
            std::size_t i = lists_.size();
            while (i > 0 && ++at[i - 1] == lists_[i - 1]->value.as_array().size()) {
                at[--i] = 0;
            }
            if (i == 0) {
                return items;
            }
        }
    }

    // A name of an item for people: its values, in order.
    [[nodiscard]] std::string key() const {
        std::string key;
        for (const Json::Member* list : lists_) {
            key += (key.empty() ? "" : ",") + ("${{ default(matrix." + list->key + ", '') }}");
        }
        return key;
    }

  private:
    const Input& matrix_;
    std::vector<const Json::Member*> lists_;
};

}  // namespace

bool map_of_matrix(const Input& matrix, Json& out, Faults& faults) {
    if (!check_object(matrix, faults)) {
        return false;
    }
    const auto include = matrix.member("include");
    const auto exclude = matrix.member("exclude");
    Product product(matrix);
    if (!product.read(faults) || (include && !check_entries(*include, faults)) ||
        (exclude && !check_entries(*exclude, faults))) {
        return false;
    }
    Json items = product.items();
    if (exclude) {
        std::erase_if(items.as_array(), [&](const Json& item) {
            const Json::Array& entries = exclude->json().as_array();
            return std::any_of(entries.begin(), entries.end(),
                               [&](const Json& entry) { return matches(item, entry); });
        });
    }
    if (include) {
        for (const Json& entry : include->json().as_array()) {
            items.push(entry);
        }
    }
    if (items.as_array().empty()) {
        return faults.add(matrix, Problem::invalid_value, "the matrix has no items");
    }
    out = Json::object();
    out.set("over", std::move(items));
    out.set("as", "matrix");
    if (const std::string key = product.key(); !key.empty()) {
        out.set("key", key);
    }
    for (const std::string_view name : {"parallel", "on_error"}) {
        if (const auto value = matrix.member(name)) {
            out.set(name, value->json());
        }
    }
    return true;
}

}  // namespace attacca::core
