// SPDX-License-Identifier: Apache-2.0
#include "schedule_plan.h"

#include <algorithm>

namespace attacca::sim {
namespace {

constexpr std::int64_t second_us = 1'000'000;
constexpr std::int64_t minute_us = 60 * second_us;

WallTime whole_ms(std::int64_t us) { return {us / 1000 * 1000}; }

void draw_cron(Prng& prng, SchedulePlan& plan) {
    core::Timing& timing = plan.spec.timing;
    timing.kind = core::TimingKind::cron;
    if (prng.chance(700)) {
        static constexpr std::int64_t steps[] = {1, 2, 5, 15};
        const std::int64_t step = steps[prng.below(4)];
        timing.cron = "*/" + std::to_string(step) + " * * * *";
        plan.first_us = 0;
        plan.period_us = step * minute_us;
    } else {
        const std::int64_t minute = prng.between(0, 59);
        timing.cron = std::to_string(minute) + " * * * *";
        plan.first_us = minute * minute_us;
        plan.period_us = 60 * minute_us;
    }
    timing.fields = core::parse_cron(timing.cron).value();
}

void draw_interval(Prng& prng, WallTime now, SchedulePlan& plan) {
    static constexpr std::int64_t seconds_long[] = {1, 1, 3, 20};
    core::Timing& timing = plan.spec.timing;
    timing.kind = core::TimingKind::interval;
    timing.every = seconds(seconds_long[prng.below(4)]);
    plan.period_us = timing.every.us;
    if (prng.chance(500)) {
        timing.from = whole_ms(now.us + prng.between(-500, 1500) * 1000);
        plan.first_us = timing.from->us;
    }
}

}  // namespace

std::string schedule_name(std::uint32_t number) { return "s" + std::to_string(number); }
std::string workflow_name(std::uint32_t number) { return "w" + std::to_string(number); }

std::int64_t SchedulePlan::patience_us() const {
    return std::max(catch_up == core::CatchUp::skip ? 0 : window_us, minute_us);
}

std::optional<std::int64_t> SchedulePlan::next(std::int64_t set_at, std::int64_t after) const {
    const std::int64_t first = first_us.value_or(set_at + period_us);
    if (after < first) {
        return first;
    }
    if (period_us == 0) {
        return std::nullopt;
    }
    return after + period_us - (after - first) % period_us;
}

SchedulePlan draw_plan(Prng& prng, WallTime now) {
    SchedulePlan plan;
    const std::uint32_t kind = prng.below(10);
    if (kind < 5) {
        draw_interval(prng, now, plan);
    } else if (kind < 8) {
        draw_cron(prng, plan);
    } else {
        plan.spec.timing.kind = core::TimingKind::once;
        plan.spec.timing.at = whole_ms(now.us + prng.between(-10, 3000) * 1000);
        plan.first_us = plan.spec.timing.at.us;
    }
    plan.overlap = static_cast<core::Overlap>(prng.below(4));
    plan.catch_up = static_cast<core::CatchUp>(prng.below(3));
    if (plan.catch_up != core::CatchUp::skip) {
        // Few occurrences at once: a jump of the wall clock passes hours.
        plan.window_us = std::max(plan.period_us, minute_us) * prng.between(1, 4);
    }
    plan.spec.overlap = plan.overlap;
    plan.spec.catch_up = plan.catch_up;
    plan.spec.window = Duration{plan.window_us};
    return plan;
}

}  // namespace attacca::sim
