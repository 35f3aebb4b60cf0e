// SPDX-License-Identifier: Apache-2.0
#include "core/tenant/accounts.h"

#include <algorithm>

#include "base/check.h"
#include "core/schedule/gcra.h"

namespace attacca::core {
namespace {

Tenant& tenant_of_job(State& state, const Job& job) {
    return state.tenants.at(job.tenant_number);
}

void note_waiting(State& state, std::uint64_t jobs) {
    state.unstarted_jobs = jobs;
    state.water.update(state.tenants, jobs);
}

void count_lease(Tenant& tenant, const Instance& instance) {
    ++tenant.running;
    tenant.begin_us_sum += static_cast<std::uint64_t>(instance.since_at.us);
}

// A limit that is lower than before must not hold back for longer than its own burst.
void bound_tat(const std::optional<RateLimit>& rate, std::int64_t& tat_ns, WallTime at) {
    if (rate) {
        tat_ns = std::min(tat_ns, charged(*rate, 0, rate->burst, at));
    }
}

}  // namespace

bool slow_starts(State& state, const Tenant& tenant, WallTime at) {
    const std::optional<RateLimit>& rate = tenant.settings.start_rate;
    const WallTime fits = rate ? fits_at(*rate, tenant.usage.start_tat_ns, 1, at) : WallTime{};
    state.queue.slow_until(tenant.number, fits > at ? fits : WallTime{}, at);
    return fits > at;
}

void limit_starts(State& state, const Tenant& tenant, WallTime at) {
    state.queue.set_limits(tenant.number, tenant.settings, at);
    slow_starts(state, tenant, at);
}

void account_created(State& state, Job& job, WallTime at) {
    Tenant& tenant = state.tenants.of(job.tenant);
    job.tenant_number = tenant.number;
    ++tenant.live_jobs;
    ++tenant.unstarted_jobs;
    tenant.task_kinds.add(*job.definition);
    note_waiting(state, state.unstarted_jobs + 1);
    if (job.sem < sem_counts_usage) {
        return;
    }
    roll_day(tenant.usage, at);
    ++tenant.usage.jobs;
    ++tenant.usage.day_jobs;
    if (tenant.settings.rate_limit) {
        tenant.usage.job_tat_ns =
            charged(*tenant.settings.rate_limit, tenant.usage.job_tat_ns, 1, at);
    }
    state.mark_dirty(tenant);
}

void account_started(State& state, const Job& job, WallTime at) {
    Tenant& tenant = tenant_of_job(state, job);
    ++tenant.running;
    tenant.begin_us_sum += static_cast<std::uint64_t>(at.us);
    if (job.sem >= sem_counts_usage && tenant.settings.start_rate) {
        tenant.usage.start_tat_ns =
            charged(*tenant.settings.start_rate, tenant.usage.start_tat_ns, 1, at);
        slow_starts(state, tenant, at);
        state.mark_dirty(tenant);
    }
}

void account_ended(State& state, const Job& job, const Instance& instance, WallTime at) {
    Tenant& tenant = tenant_of_job(state, job);
    ATTACCA_CHECK(tenant.running > 0);
    --tenant.running;
    tenant.begin_us_sum -= static_cast<std::uint64_t>(instance.since_at.us);
    if (job.sem < sem_counts_usage) {
        return;
    }
    const std::int64_t held_us = (at - instance.since_at).us;
    roll_day(tenant.usage, at);
    tenant.usage.slot_us += static_cast<std::uint64_t>(std::max<std::int64_t>(0, held_us));
    tenant.usage.day_slot_us += static_cast<std::uint64_t>(std::max<std::int64_t>(0, held_us));
    state.mark_dirty(tenant);
}

void account_first_start(State& state, const Job& job) {
    --tenant_of_job(state, job).unstarted_jobs;
    note_waiting(state, state.unstarted_jobs - 1);
    state.starts.note(job.started_at);
}

void account_left(State& state, const Job& job) {
    Tenant& tenant = tenant_of_job(state, job);
    --tenant.live_jobs;
    tenant.task_kinds.remove(*job.definition);
    if (job.started_at.us == 0) {
        --tenant.unstarted_jobs;
        note_waiting(state, state.unstarted_jobs - 1);
    }
}

void account_set(State& state, Tenant& tenant, const TenantSettings& settings, WallTime at) {
    tenant.settings = settings;
    if (tenant.created_at.us == 0) {
        tenant.created_at = at;
    }
    tenant.changed_at = at;
    bound_tat(settings.rate_limit, tenant.usage.job_tat_ns, at);
    bound_tat(settings.start_rate, tenant.usage.start_tat_ns, at);
    limit_starts(state, tenant, at);
    state.mark_dirty(tenant);
}

void recount_tenants(State& state) {
    for (const auto& [name, number] : state.tenants.by_name()) {
        Tenant& tenant = state.tenants.at(number);
        tenant.live_jobs = 0;
        tenant.unstarted_jobs = 0;
        tenant.ready = 0;
        tenant.running = 0;
        tenant.begin_us_sum = 0;
        tenant.task_kinds = {};
    }
    std::uint64_t unstarted_jobs = 0;
    for (const auto& [id, slot] : state.slot_of) {
        const Job& job = *state.slots[slot];
        Tenant& tenant = tenant_of_job(state, job);
        ++tenant.live_jobs;
        tenant.task_kinds.add(*job.definition);
        tenant.unstarted_jobs += job.started_at.us == 0 ? 1U : 0U;
        for (const Instance& instance : job.instances) {
            const bool takes_slot = !job.takes_no_slot(instance);
            if (instance.state == NodeState::running && takes_slot) {
                count_lease(tenant, instance);
            }
            tenant.ready += instance.is_queued && takes_slot ? 1U : 0U;
        }
        unstarted_jobs += job.started_at.us == 0 ? 1U : 0U;
    }
    note_waiting(state, unstarted_jobs);
}

}  // namespace attacca::core
