// SPDX-License-Identifier: Apache-2.0
#include "core/graph/pipeline.h"

#include <algorithm>
#include <utility>

#include "core/graph/definition_read.h"
#include "core/graph/input.h"

namespace attacca::core {
namespace {

bool read_format(const Input& file, Faults& faults) {
    const auto format = file.member("attacca");
    if (!format) {
        return faults.add(file, Problem::missing_field,
                          "the file must say which format it has: `attacca: v1`");
    }
    return format->json() == Json("v1") ||
           faults.add(*format, Problem::invalid_value, "the only format is `v1`");
}

bool read_name(const Input& file, std::string& out, Faults& faults) {
    const auto name = file.member("name");
    if (!name) {
        return faults.add(file, Problem::missing_field, "`name` is missing");
    }
    if (!read_text(*name, out, faults)) {
        return false;
    }
    return is_pipeline_name(out) ||
           faults.add(*name, Problem::invalid_value,
                      "`" + quoted(out) + "` is no name: a small letter, then at most 62 small "
                                          "letters, digits and `-`");
}

bool read_labels(const Input& file, Json& out, Faults& faults) {
    const auto labels = file.member("labels");
    out = Json::object();
    if (!labels) {
        return true;
    }
    if (!check_object(*labels, faults)) {
        return false;
    }
    bool is_read = true;
    for (const Json::Member& member : labels->json().as_object()) {
        std::string text;
        is_read = read_scalar_text(Input(*labels, member.key, member.value), text, faults) &&
                  is_read;
        out.as_object().push_back({member.key, Json(std::move(text))});
    }
    return is_read;
}

constexpr std::string_view trigger_keys[] = {"schedule"};
constexpr std::string_view trigger_later_keys[] = {"webhook", "event"};

bool read_triggers(const Input& file, std::vector<ScheduleSpec>& out, Faults& faults) {
    const auto triggers = file.member("triggers");
    if (!triggers) {
        return true;
    }
    bool is_read = check_keys(*triggers, Keys{trigger_keys, trigger_later_keys}, faults);
    const auto schedules = triggers->member("schedule");
    if (!schedules) {
        return is_read;
    }
    if (!check_array(*schedules, faults)) {
        return false;
    }
    const Json::Array& elements = schedules->json().as_array();
    if (elements.size() > triggers_max) {
        return faults.add(*schedules, Problem::out_of_range,
                          "a file has at most " + std::to_string(triggers_max) + " schedules");
    }
    for (std::size_t i = 0; i < elements.size(); ++i) {
        const Input element(*schedules, i, elements[i]);
        is_read = check_keys(element, Keys{schedule_rule_keys}, faults) &&
                  read_schedule_rules(element, out.emplace_back(), faults) && is_read;
    }
    return is_read;
}

}  // namespace

bool is_pipeline_name(std::string_view name) {
    constexpr std::size_t name_bytes_max = 63;
    const auto is_small = [](char c) { return c >= 'a' && c <= 'z'; };
    return !name.empty() && name.size() <= name_bytes_max && is_small(name.front()) &&
           std::all_of(name.begin(), name.end(), [&](char c) {
               return is_small(c) || (c >= '0' && c <= '9') || c == '-';
           });
}

Result<Pipeline> parse_pipeline(const Json& file, const FindWorkflow& find) {
    const Input input(file, "");
    Faults faults;
    Pipeline out;
    const auto description = input.member("description");
    // Another format would have other rules.
    if (!check_object(input, faults) || !read_format(input, faults)) {
        return faults.take();
    }
    const bool has_head = all_read({read_name(input, out.name, faults),
                                    !description ||
                                        read_text(*description, out.description, faults),
                                    read_labels(input, out.labels, faults),
                                    read_triggers(input, out.triggers, faults)});
    Result<Definition> definition = read_definition(file, "", DefinitionForm::file, find);
    if (!definition) {
        faults.add_all("", std::move(definition.error()));
    }
    if (!has_head || !definition) {
        return faults.take();
    }
    out.definition = std::move(*definition);
    out.priority = out.definition.priority.value_or(Priority::medium);
    return out;
}

}  // namespace attacca::core
