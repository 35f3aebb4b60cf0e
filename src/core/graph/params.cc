// SPDX-License-Identifier: Apache-2.0
#include "core/graph/params.h"

#include <algorithm>
#include <optional>

#include "base/pattern.h"
#include "core/graph/definition.h"
#include "core/graph/number.h"
#include "core/graph/suggest.h"
#include "core/scan/target.h"

namespace attacca::core {
namespace {

constexpr std::size_t params_max = 1000;
constexpr std::size_t list_items_max = 100000;
constexpr std::string_view declaration_keys[] = {
    "type", "items", "default", "required", "enum", "pattern", "minimum", "maximum", "description"};
constexpr std::string_view type_names[] = {"string",  "integer", "number", "boolean",
                                           "list",    "target",  "secret"};
enum class ParamType : std::uint8_t { string, integer, number, boolean, list, target, secret };

struct Declaration {
    ParamType type = ParamType::string;
    ParamType items = ParamType::string;
    bool is_required = false;
    const Json* fallback = nullptr;
    const Json* choices = nullptr;
    const Json* minimum = nullptr;
    const Json* maximum = nullptr;
    std::optional<Pattern> pattern;
};

bool is_of(const Json& value, ParamType type) {
    switch (type) {
        case ParamType::string:
        case ParamType::target:
        case ParamType::secret: return value.is_string();
        case ParamType::integer: return value.is_integer();
        case ParamType::number: return is_number(value);
        case ParamType::boolean: return value.is_bool();
        case ParamType::list: return value.is_array();
    }
    return false;
}

bool check_scalar(const Input& value, ParamType type, Faults& faults) {
    if (!is_of(value.json(), type)) {
        return faults.add(value, Problem::wrong_type,
                          "expected the type " +
                              std::string(type_names[static_cast<std::size_t>(type)]));
    }
    if (type == ParamType::target) {
        const auto target = parse_target(value.json().as_string());
        return target || faults.add(value, Problem::invalid_value, target.error().detail);
    }
    return true;
}

bool is_choice(const Json& value, const Json& choices) {
    return std::find(choices.as_array().begin(), choices.as_array().end(), value) !=
           choices.as_array().end();
}

// `enum`, `pattern`, `minimum` and `maximum` of one value, or of each item of a list.
bool check_limits(const Input& value, const Declaration& declaration, Faults& faults) {
    const Json& json = value.json();
    if (declaration.choices != nullptr && !is_choice(json, *declaration.choices)) {
        return faults.add(value, Problem::invalid_value,
                          "the value is none of " + quoted(declaration.choices->text()));
    }
    if (declaration.pattern && json.is_string() &&
        !declaration.pattern->matches_part(json.as_string())) {
        return faults.add(value, Problem::invalid_value, "the value does not match the pattern");
    }
    if (!is_number(json)) {
        return true;
    }
    if (declaration.minimum != nullptr && compare_numbers(json, *declaration.minimum) < 0) {
        return faults.add(value, Problem::out_of_range,
                          "the value is less than " + declaration.minimum->text());
    }
    if (declaration.maximum != nullptr && compare_numbers(json, *declaration.maximum) > 0) {
        return faults.add(value, Problem::out_of_range,
                          "the value is greater than " + declaration.maximum->text());
    }
    return true;
}

bool check_value(const Input& value, const Declaration& declaration, Faults& faults) {
    if (!check_scalar(value, declaration.type, faults)) {
        return false;
    }
    if (declaration.type != ParamType::list) {
        return check_limits(value, declaration, faults);
    }
    const Json::Array& items = value.json().as_array();
    if (items.size() > list_items_max) {
        return faults.add(value, Problem::out_of_range, "the list has more than 100000 items");
    }
    bool is_read = true;
    for (std::size_t i = 0; i < items.size() && !faults.is_full(); ++i) {
        const Input item(value, i, items[i]);
        is_read = check_scalar(item, declaration.items, faults) &&
                  check_limits(item, declaration, faults) && is_read;
    }
    return is_read;
}

bool read_type(const Input& value, ParamType& out, Faults& faults) {
    std::size_t type = 0;
    if (!read_choice(value, type_names, type, faults)) {
        return false;
    }
    out = static_cast<ParamType>(type);
    return out != ParamType::secret ||
           faults.add(value, Problem::not_supported, "secret parameters are not served yet");
}

bool read_types(const Input& object, Declaration& out, Faults& faults) {
    const auto type = object.member("type");
    const auto items = object.member("items");
    if ((type && !read_type(*type, out.type, faults)) ||
        (items && !read_type(*items, out.items, faults))) {
        return false;
    }
    if (items && out.type != ParamType::list) {
        return faults.add(*items, Problem::invalid_value, "only a list has `items`");
    }
    return out.items != ParamType::list ||
           faults.add(*items, Problem::not_supported, "lists of lists are not served");
}

bool read_bound(const Input& object, std::string_view key, const Json*& out, Faults& faults) {
    const auto value = object.member(key);
    if (!value) {
        return true;
    }
    out = &value->json();
    return is_number(*out) || faults.add(*value, Problem::wrong_type, "expected a number");
}

bool read_pattern(const Input& object, Declaration& out, Faults& faults) {
    const auto value = object.member("pattern");
    std::string text;
    if (!value) {
        return true;
    }
    if (!read_text(*value, text, faults)) {
        return false;
    }
    auto pattern = Pattern::compile(text);
    if (!pattern) {
        return faults.add(*value, Problem::invalid_value, pattern.error().detail);
    }
    out.pattern = std::move(*pattern);
    return true;
}

// The Declaration refers to the object's JSON.
bool read_declaration(const Input& object, Declaration& out, Faults& faults) {
    const bool has_keys = check_keys(object, {declaration_keys}, faults);
    std::string description;
    const auto given_description = object.member("description");
    const auto required = object.member("required");
    const auto choices = object.member("enum");
    const auto fallback = object.member("default");
    if (!all_read({has_keys, read_types(object, out, faults),
                   !given_description || read_text(*given_description, description, faults),
                   !required || read_bool(*required, out.is_required, faults),
                   !choices || check_array(*choices, faults),
                   read_bound(object, "minimum", out.minimum, faults),
                   read_bound(object, "maximum", out.maximum, faults),
                   read_pattern(object, out, faults)})) {
        return false;
    }
    out.choices = choices ? &choices->json() : nullptr;
    if (!fallback) {
        return true;
    }
    out.fallback = &fallback->json();
    return check_value(*fallback, out, faults);
}

std::optional<Json> value_of_text(std::string_view text, ParamType type) {
    if (type == ParamType::list || type == ParamType::string || type == ParamType::target ||
        type == ParamType::secret) {
        return Json(text);
    }
    auto parsed = parse_json(text);
    if (!parsed || !is_of(*parsed, type)) {
        return std::nullopt;
    }
    return std::move(*parsed);
}

std::optional<Json> list_of_text(std::string_view text, ParamType items) {
    if (text.starts_with('[')) {
        auto parsed = parse_json(text);
        return parsed && parsed->is_array() ? std::optional(std::move(*parsed)) : std::nullopt;
    }
    Json out = Json::array();
    std::size_t at = 0;
    while (!text.empty() && at <= text.size()) {
        const std::size_t end = std::min(text.find(',', at), text.size());
        auto item = value_of_text(text.substr(at, end - at), items);
        if (!item) {
            return std::nullopt;
        }
        out.push(std::move(*item));
        at = end + 1;
    }
    return out;
}

}  // namespace

bool check_params(const Input& declarations, std::vector<std::string>& names, Faults& faults) {
    if (!check_object(declarations, faults)) {
        return false;
    }
    const Json::Object& members = declarations.json().as_object();
    if (members.size() > params_max) {
        return faults.add(declarations, Problem::out_of_range,
                          "there are more than 1000 parameters");
    }
    bool is_read = true;
    for (const Json::Member& member : members) {
        const Input object(declarations, member.key, member.value);
        Declaration declaration;
        is_read = (is_id(member.key) ||
                   faults.add(object, Problem::invalid_value,
                              "`" + quoted(member.key) + "` cannot name a parameter")) &&
                  read_declaration(object, declaration, faults) && is_read;
        names.push_back(member.key);
    }
    return is_read;
}

Result<Json> bind_params(const Json& declarations, const Json& given) {
    Faults faults;
    const Input declared(declarations, "/dag_definition/params");
    const Json nothing = Json::object();
    const Json& object = given.is_null() ? nothing : given;
    const Input values(object, "/params");
    if (!check_object(values, faults)) {
        return faults.take();
    }
    if (!declarations.is_object() || declarations.as_object().empty()) {
        return Json(object);
    }
    std::vector<std::string_view> names;
    Json out = Json::object();
    for (const Json::Member& member : declarations.as_object()) {
        names.emplace_back(member.key);
        Declaration declaration;
        if (!read_declaration(Input(declared, member.key, member.value), declaration, faults)) {
            continue;
        }
        const Json* value = object.find(member.key);
        if (value == nullptr && declaration.is_required && declaration.fallback == nullptr) {
            faults.add(values, Problem::missing_field,
                       "the parameter `" + member.key + "` is required");
            continue;
        }
        if (value != nullptr &&
            !check_value(Input(values, member.key, *value), declaration, faults)) {
            continue;
        }
        value = value == nullptr ? declaration.fallback : value;
        if (value != nullptr) {
            out.as_object().push_back({member.key, *value});
        }
    }
    for (const Json::Member& member : object.as_object()) {
        if (std::find(names.begin(), names.end(), member.key) == names.end()) {
            faults.add(Input(values, member.key, member.value), Problem::unknown_field,
                       "the parameter `" + quoted(member.key) + "` is not declared" +
                           suggestion(member.key, names));
            if (faults.is_full()) {
                break;
            }
        }
    }
    if (faults.has_any()) {
        return faults.take();
    }
    return out;
}

Result<Json> param_of_text(const Json& declarations,
                           std::string_view name,
                           std::string_view text) {
    const Json* object = declarations.find(name);
    if (object == nullptr) {
        return Json(text);
    }
    Faults faults;
    Declaration declaration;
    if (!read_declaration(Input(*object, "/params"), declaration, faults)) {
        return faults.take();
    }
    auto value = declaration.type == ParamType::list ? list_of_text(text, declaration.items)
                                                     : value_of_text(text, declaration.type);
    if (!value) {
        return fail(Problem::invalid_value,
                    "`" + quoted(text) + "` is no value for the parameter `" + quoted(name) +
                        "` of type " +
                        std::string(type_names[static_cast<std::size_t>(declaration.type)]));
    }
    return std::move(*value);
}

}  // namespace attacca::core
