// SPDX-License-Identifier: Apache-2.0
#include "core/schedule/schedule_records.h"

#include <algorithm>
#include <array>

namespace attacca::core {
namespace {

constexpr std::array<std::string_view, 5> cause_names = {"due", "catch_up", "queue", "backfill",
                                                         "trigger"};
constexpr std::array<std::string_view, 4> outcome_names = {"started", "queued", "skipped",
                                                           "refused"};

template <typename Enum>
std::optional<Enum> value_of(std::string_view name, const auto& names) {
    const auto found = std::find(names.begin(), names.end(), name);
    return found == names.end() ? std::nullopt
                                : std::optional(static_cast<Enum>(found - names.begin()));
}

}  // namespace

std::string_view name_of(FireCause cause) { return cause_names[static_cast<std::size_t>(cause)]; }

std::string_view name_of(FireOutcome outcome) {
    return outcome_names[static_cast<std::size_t>(outcome)];
}

std::optional<FireCause> fire_cause_of(std::string_view name) {
    return value_of<FireCause>(name, cause_names);
}

std::optional<FireOutcome> fire_outcome_of(std::string_view name) {
    return value_of<FireOutcome>(name, outcome_names);
}

}  // namespace attacca::core
