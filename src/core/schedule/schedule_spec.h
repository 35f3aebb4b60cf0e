// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/json.h"
#include "core/graph/definition.h"
#include "core/graph/input.h"
#include "core/schedule/timing.h"

// What a person sets of a schedule: when it fires, what an occurrence starts, and what happens to
// an occurrence that meets a job of the one before, or a server that was not there.

namespace attacca::core {

enum class Overlap : std::uint8_t { skip, queue, cancel_running, allow };
enum class CatchUp : std::uint8_t { skip, once, all };

// An occurrence that is decided this long after its time was not missed.
inline constexpr Duration on_time = seconds(60);
inline constexpr Duration catch_up_window_max = seconds(31LL * 86400);
inline constexpr Duration interval_min = seconds(1);

struct ScheduleSpec {
    Timing timing;
    Overlap overlap = Overlap::skip;
    CatchUp catch_up = CatchUp::skip;
    Duration window;  // of catch_up, where that is not skip
    // Either a workflow by its name, in the version that is the newest when it fires…
    std::string workflow;
    std::string params;       // of the workflow: JSON object, as given; empty = {}
    bool is_trigger = false;  // of the workflow's own file, and goes with it
    // … or a job, whose definition stands beside the spec.
    std::string job_name;
    Priority priority = Priority::medium;
    std::string details;  // JSON object, as in JobCreated; may be empty
    friend bool operator==(const ScheduleSpec&, const ScheduleSpec&) = default;
};

// The keys of a schedule that read_schedule_rules() reads.
inline constexpr std::string_view schedule_rule_keys[] = {"cron", "timezone", "every", "from",
                                                          "at",   "overlap",  "catch_up"};

// Reads when and how it fires: exactly one of `cron`, `every`, `at`. Whether the zone exists, only
// the edge can tell. Faults: wrong_type, missing_field, invalid_value, out_of_range, cron_invalid,
// cron_never_fires.
[[nodiscard]] bool read_schedule_rules(const Input& schedule, ScheduleSpec& out, Faults& faults);

// The spec as JSON, in the form of the API; `job` holds name, priority and details.
[[nodiscard]] Json json_of(const ScheduleSpec& spec);
// What json_of() wrote. Errors: corrupt.
[[nodiscard]] Result<ScheduleSpec> load_schedule_spec(std::string_view text);

[[nodiscard]] std::string_view name_of(Overlap overlap);
[[nodiscard]] std::string_view name_of(CatchUp catch_up);

}  // namespace attacca::core
