// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>
#include <utility>

#include "core/graph/capabilities.h"
#include "core/graph/definition_parts.h"

namespace attacca::core {
namespace {

constexpr std::string_view task_keys[] = {"lane",  "capabilities", "type", "args",
                                          "input", "owner",        "stay"};

bool read_lane(const Input& task, std::string& out, Faults& faults) {
    const auto lane = task.member("lane");
    if (!lane) {
        return faults.add(task, Problem::missing_field, "a task needs `lane`");
    }
    if (!read_text(*lane, out, faults)) {
        return false;
    }
    return is_lane_name(out) ||
           faults.add(*lane, Problem::invalid_value,
                      "`" + quoted(out) + "` is no lane: a letter or digit, then at most 62 "
                                          "letters, digits, `.`, `_` and `-`");
}

bool read_owner(const Input& task, Sight sight, TaskDef& out, Reading& reading) {
    const auto value = task.member("owner");
    if (!value) {
        return true;
    }
    Template owner;
    if (!read_template(*value, sight, owner, reading)) {
        return false;
    }
    if (owner.is_literal() && owner.text().empty()) {
        return reading.faults.add(
            *value, Problem::invalid_value,
            "an empty text is nobody: leave it out, and the task is its job's");
    }
    out.owner = std::make_shared<const Template>(std::move(owner));
    return true;
}

}  // namespace

bool is_lane_name(std::string_view text) {
    constexpr std::size_t lane_bytes_max = 63;
    const auto is_plain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    };
    return !text.empty() && text.size() <= lane_bytes_max && is_plain(text.front()) &&
           std::all_of(text.begin(), text.end(), [&](char c) {
               return is_plain(c) || c == '.' || c == '_' || c == '-';
           });
}

bool read_task(const Input& node, Sight sight, std::shared_ptr<const TaskDef>& out,
               Reading& reading) {
    Faults& faults = reading.faults;
    const auto task = node.member("task");
    if (!task) {
        return faults.add(node, Problem::missing_field, "a node of type task needs `task`");
    }
    TaskDef read;
    const bool has_keys = check_keys(*task, {task_keys}, faults);
    const auto type = task->member("type");
    const auto args = task->member("args");
    const auto input = task->member("input");
    const auto stay = task->member("stay");
    std::string type_name;
    if (!all_read({has_keys, read_lane(*task, read.lane, faults),
                   read_capabilities(*task, task_capabilities_max, read.capabilities, faults),
                   !type || read_text(*type, type_name, faults),
                   !args || (check_array(*args, faults) && check_templates(*args, sight, reading)),
                   !input || check_templates(*input, sight, reading),
                   read_owner(*task, sight, read, reading),
                   !stay || read_bool(*stay, read.stays, faults)})) {
        return false;
    }
    if (type_name.find("${{") != type_name.npos) {
        return faults.add(*type, Problem::expression_invalid, "`type` takes no expression");
    }
    read.spec = Json::object();
    for (const auto& [key, value] : {std::pair("args", args), std::pair("input", input),
                                     std::pair("type", type)}) {
        if (value) {
            read.spec.set(key, value->json());
        }
    }
    out = std::make_shared<const TaskDef>(std::move(read));
    return true;
}

}  // namespace attacca::core
