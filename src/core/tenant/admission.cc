// SPDX-License-Identifier: Apache-2.0
#include "core/tenant/admission.h"

#include <algorithm>
#include <utility>

#include "core/schedule/gcra.h"

namespace attacca::core {
namespace {

constexpr std::int64_t us_per_second = 1'000'000;

// Whole seconds, and never 0: who comes at once comes in vain.
std::int64_t seconds_up(Duration length) {
    return std::max<std::int64_t>(1, (length.us + us_per_second - 1) / us_per_second);
}

Throttled throttled(Problem problem, std::string_view policy, Duration wait, std::string detail) {
    return {fail(problem, std::move(detail)), std::string(policy), seconds_up(wait)};
}

Throttled never(std::string_view policy, std::uint32_t count, std::uint64_t most) {
    return {fail(Problem::out_of_range,
                 "the request holds " + std::to_string(count) + " jobs, and the tenant's limit `" +
                     std::string(policy) + "` lets " + std::to_string(most) + " in at once"),
            std::string(policy), 0};
}

TenantUsage usage_at(const Tenant& tenant, WallTime at) {
    TenantUsage usage = tenant.usage;
    roll_day(usage, at);
    return usage;
}

std::optional<Throttled> rate_refusal(const Tenant& tenant, std::uint32_t count, WallTime at) {
    const std::optional<RateLimit>& rate = tenant.settings.rate_limit;
    if (!rate) {
        return std::nullopt;
    }
    if (count > rate->burst) {
        return never(policy_rate, count, rate->burst);
    }
    const WallTime fits = fits_at(*rate, tenant.usage.job_tat_ns, count, at);
    if (fits <= at) {
        return std::nullopt;
    }
    return throttled(Problem::rate_limited, policy_rate, fits - at,
                     "the tenant may make " + std::to_string(rate->count) +
                         (rate->count == 1 ? " job in " : " jobs in ") +
                         format_duration(milliseconds(rate->per_ms)));
}

std::optional<Throttled> quota_refusal(const Tenant& tenant, std::uint32_t count, WallTime at) {
    const TenantUsage usage = usage_at(tenant, at);
    const Duration until_midnight = end_of_day(at) - at;
    if (const auto& most = tenant.settings.jobs_per_day) {
        if (count > *most) {
            return never(policy_jobs, count, *most);
        }
        if (usage.day_jobs + count > *most) {
            return throttled(Problem::rate_limited, policy_jobs, until_midnight,
                             "the tenant has made its " + std::to_string(*most) +
                                 " jobs of this day (UTC)");
        }
    }
    if (is_slot_time_used_up(tenant, at)) {
        return throttled(Problem::rate_limited, policy_slot_time, until_midnight,
                         "the tenant has used its slot time of this day (UTC)");
    }
    return std::nullopt;
}

// How long until so many jobs have left the queue, by what started of late.
Duration drain_time(const State& state, std::uint64_t jobs, WallTime at) {
    constexpr std::uint64_t most = 60;
    const std::uint64_t rate = state.starts.per_window(at);
    const std::uint64_t length =
        rate == 0 ? most : jobs * static_cast<std::uint64_t>(StartCount::window_s) / rate;
    return seconds(static_cast<std::int64_t>(std::min(length, most)));
}

std::optional<Throttled> queue_refusal(const State& state, const Tenant& tenant,
                                       std::uint32_t count, WallTime at) {
    if (const auto& most = tenant.settings.max_queued) {
        if (count > *most) {
            return never(policy_queued, count, *most);
        }
        if (tenant.unstarted_jobs + count > *most) {
            return throttled(Problem::rate_limited, policy_queued,
                             drain_time(state, tenant.unstarted_jobs + count - *most, at),
                             "the tenant has " + std::to_string(tenant.unstarted_jobs) +
                                 " jobs that have not started");
        }
    }
    const WaterLevel& water = state.water;
    if (state.unstarted_jobs + count > water.queued_max && water.is_above(tenant, count)) {
        return throttled(Problem::rate_limited, policy_water,
                         drain_time(state, state.unstarted_jobs + count - water.queued_max, at),
                         "too many jobs wait, and the tenant has more than its share of them");
    }
    return std::nullopt;
}

// A batch mostly repeats one definition.
std::vector<const Definition*> with_tasks(std::span<const NewJob> jobs) {
    std::vector<const Definition*> all;
    const Definition* previous = nullptr;
    for (const NewJob& job : jobs) {
        if (job.definition.get() != previous && !job.definition->task_kinds.empty()) {
            all.push_back(job.definition.get());
        }
        previous = job.definition.get();
    }
    return all;
}

std::optional<Throttled> lane_refusal(const Tenant& tenant, std::span<const NewJob> jobs) {
    constexpr Duration unknown = seconds(60);  // when jobs end nobody knows
    const std::optional<CrowdedLane> crowded = crowded_by(tenant.task_kinds, with_tasks(jobs));
    if (!crowded) {
        return std::nullopt;
    }
    const std::string most = std::to_string(task_kinds_max);
    const std::string lane = " different sets of capabilities on the lane `" + crowded->lane + "`";
    if (crowded->own > task_kinds_max) {
        return Throttled{fail(Problem::out_of_range,
                              "the request asks for " + std::to_string(crowded->own) + lane +
                                  ", and the limit `" + std::string(policy_capabilities) +
                                  "` is " + most),
                         std::string(policy_capabilities), 0};
    }
    return throttled(Problem::rate_limited, policy_capabilities, unknown,
                     "the tenant's live jobs ask for " + std::to_string(crowded->now) + lane +
                         ", the request for " + std::to_string(crowded->more) +
                         " more, and the limit is " + most);
}

}  // namespace

bool is_slot_time_used_up(const Tenant& tenant, WallTime at) {
    const std::optional<std::uint64_t>& most = tenant.settings.slot_seconds_per_day;
    const std::uint64_t used_us = usage_at(tenant, at).day_slot_us + tenant.open_slot_us(at);
    return most && used_us >= *most * static_cast<std::uint64_t>(us_per_second);
}

std::optional<Throttled> admission_refusal(const State& state, const Tenant& tenant,
                                           std::span<const NewJob> jobs, WallTime at) {
    const auto count = static_cast<std::uint32_t>(jobs.size());
    std::optional<Throttled> refusal = lane_refusal(tenant, jobs);
    if (!refusal) {
        refusal = rate_refusal(tenant, count, at);
    }
    if (!refusal) {
        refusal = quota_refusal(tenant, count, at);
    }
    if (!refusal) {
        refusal = queue_refusal(state, tenant, count, at);
    }
    return refusal;
}

std::vector<LimitNotice> notices_of(const Tenant& tenant, std::uint32_t count, WallTime at) {
    constexpr std::size_t policies = 4;
    std::vector<LimitNotice> notices;
    const TenantSettings& own = tenant.settings;
    if (own.rate_limit || own.jobs_per_day || own.slot_seconds_per_day || own.max_queued) {
        notices.reserve(policies);
    }
    const auto left = [](std::uint64_t most, std::uint64_t used) {
        return most > used ? most - used : 0;
    };
    if (const auto& rate = tenant.settings.rate_limit) {
        const std::int64_t window_s = std::max<std::int64_t>(1, (rate->per_ms + 999) / 1000);
        const std::int64_t tat_ns = charged(*rate, tenant.usage.job_tat_ns, count, at);
        notices.push_back({policy_rate, rate->burst, window_s, left_of(*rate, tat_ns, at),
                           seconds_up(full_in(*rate, tat_ns, at))});
    }
    const TenantUsage usage = usage_at(tenant, at);
    const std::int64_t midnight_s = seconds_up(end_of_day(at) - at);
    constexpr std::int64_t day_s = 86'400;
    if (const auto& most = tenant.settings.jobs_per_day) {
        notices.push_back({policy_jobs, *most, day_s, left(*most, usage.day_jobs + count),
                           midnight_s});
    }
    if (const auto& most = tenant.settings.slot_seconds_per_day) {
        const std::uint64_t used_us = usage.day_slot_us + tenant.open_slot_us(at);
        const std::uint64_t used_s = used_us / static_cast<std::uint64_t>(us_per_second);
        notices.push_back({policy_slot_time, *most, day_s, left(*most, used_s), midnight_s});
    }
    if (const auto& most = tenant.settings.max_queued) {
        notices.push_back({policy_queued, *most, 0, left(*most, tenant.unstarted_jobs + count),
                           0});
    }
    return notices;
}

}  // namespace attacca::core
