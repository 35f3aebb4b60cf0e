// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "blueprint.h"
#include "core/schedule/schedule_spec.h"
#include "prng.h"

// A schedule as the simulator itself understands it: occurrences at equal distances, or one. The
// product gets it as a spec with a cron expression, an interval or an instant.

namespace attacca::sim {

struct SchedulePlan {
    // Occurrences are `first_us` and every `period_us` after it; a period of 0 has no second one.
    // A `first_us` of nothing is a period after the schedule was set.
    std::optional<std::int64_t> first_us;
    std::int64_t period_us = 0;
    core::Overlap overlap = core::Overlap::skip;
    core::CatchUp catch_up = core::CatchUp::skip;
    std::int64_t window_us = 0;
    std::string workflow;                  // whose newest version it starts, or…
    const Blueprint* blueprint = nullptr;  // …this
    core::ScheduleSpec spec;

    // How its record tells it.
    [[nodiscard]] std::string text() const { return core::json_of(spec).canonical_text(); }
    // How long after its time an occurrence may still be made up for.
    [[nodiscard]] std::int64_t patience_us() const;
    [[nodiscard]] std::optional<std::int64_t> next(std::int64_t set_at, std::int64_t after) const;
};

inline constexpr std::uint32_t schedule_names = 4;
inline constexpr std::uint32_t workflow_names = 2;
[[nodiscard]] std::string schedule_name(std::uint32_t number);
[[nodiscard]] std::string workflow_name(std::uint32_t number);

// Without workflow and blueprint.
[[nodiscard]] SchedulePlan draw_plan(Prng& prng, WallTime now);

}  // namespace attacca::sim
