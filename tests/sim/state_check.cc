// SPDX-License-Identifier: Apache-2.0
#include "state_check.h"

#include <bit>
#include <map>

#include "invariants/i01_acknowledged_jobs_exist.h"
#include "invariants/i23_counters_equal_a_recount.h"
#include "invariants/i23_limits_and_slots.h"

namespace attacca::sim {
namespace {

class Digest {
  public:
    // Two numbers take turns, so that one need not wait for the other's multiplication.
    void add(std::uint64_t value) {
        const std::uint64_t next = std::rotl(value_ ^ value, 29) * 0x9E3779B97F4A7C15ULL + 1;
        value_ = other_;
        other_ = next;
    }
    void add(WallTime at) { add(static_cast<std::uint64_t>(at.us)); }
    void add(std::string_view text) {
        add(text.size());
        while (text.size() >= 8) {
            add(read_u64(text, 0));
            text.remove_prefix(8);
        }
        for (const char c : text) {
            add(static_cast<std::uint64_t>(static_cast<unsigned char>(c)));
        }
    }
    [[nodiscard]] std::uint64_t value() const { return value_ ^ std::rotl(other_, 32); }

  private:
    std::uint64_t value_ = 0;
    std::uint64_t other_ = 1;
};

void add_instance(Digest& digest, const core::Instance& instance) {
    digest.add((std::uint64_t{instance.node} << 32U) | instance.item);
    digest.add((std::uint64_t{static_cast<std::uint8_t>(instance.state)} << 4U) |
               (instance.is_halted ? 4096U : 0U) | (instance.has_fallen_back ? 8192U : 0U) |
               (instance.is_escalated ? 8U : 0U) | (instance.is_given_up ? 4U : 0U) |
               (instance.is_skipped_by_if ? 2U : 0U) | (instance.has_condition_error ? 1U : 0U));
    digest.add((std::uint64_t{instance.attempts} << 16U) | instance.lost);
    digest.add((std::uint64_t{instance.crashes} << 8U) |
               static_cast<std::uint64_t>(instance.parked));
    digest.add((std::uint64_t{instance.needs_done} << 48U) |
               (std::uint64_t{instance.needs_succeeded} << 32U) |
               (std::uint64_t{instance.needs_failed} << 16U) | instance.needs_bad);
    digest.add(instance.fence.value);
    digest.add(instance.due_at);
    digest.add(instance.started_at);
    digest.add(instance.ended_at);
}

void add_job(Digest& digest, const core::Job& job) {
    digest.add(job.id.uuid.view());
    digest.add(job.tenant);
    digest.add(job.definition->digest.view());
    digest.add(static_cast<std::uint64_t>(job.state));
    digest.add((job.is_cancelling ? 4U : 0U) | (job.is_finally_begun ? 2U : 0U) |
               (job.is_finally_stopped ? 1U : 0U));
    digest.add(job.created_at);
    digest.add(job.started_at);
    digest.add((std::uint64_t{job.main_left} << 32U) | job.finally_left);
    digest.add((std::uint64_t{job.done} << 32U) | job.failed);
    digest.add(job.eseq);
    digest.add((std::uint64_t{job.tries} << 8U) | static_cast<std::uint64_t>(job.recovery));
    for (const core::Instance& instance : job.instances) {
        add_instance(digest, instance);
    }
    for (const core::MapRun& run : job.maps) {
        digest.add((std::uint64_t{run.node} << 32U) | run.count);
        digest.add((std::uint64_t{run.next} << 32U) | run.active);
        digest.add((std::uint64_t{run.succeeded} << 32U) | run.failed);
    }
    for (const auto& [instance, output] : job.outputs) {
        digest.add(instance);
        digest.add(output.text);
    }
}

void add_tenant(Digest& digest, const core::Tenant& tenant) {
    digest.add(tenant.name);
    digest.add(core::json_of(tenant.settings).text());
    digest.add(tenant.created_at);
    digest.add(tenant.changed_at);
    for (const std::uint64_t used : {tenant.usage.jobs, tenant.usage.slot_us, tenant.usage.day_jobs,
                                     tenant.usage.day_slot_us, tenant.live_jobs,
                                     tenant.unstarted_jobs, tenant.running, tenant.begin_us_sum}) {
        digest.add(used);
    }
    digest.add(static_cast<std::uint64_t>(tenant.usage.day));
    digest.add(static_cast<std::uint64_t>(tenant.usage.job_tat_ns));
    digest.add(static_cast<std::uint64_t>(tenant.usage.start_tat_ns));
}

void add_schedule(Digest& digest, const core::Schedule& schedule) {
    digest.add((schedule.is_paused ? 2U : 0U) | (schedule.is_deleted ? 1U : 0U));
    digest.add(schedule.set_at);
    digest.add(schedule.decided_to);
    for (const std::uint64_t count : {schedule.started, schedule.skipped, schedule.missed}) {
        digest.add(count);
    }
    for (const WallTime nominal : schedule.queued) {
        digest.add(nominal);
    }
}

void add_locks(Digest& digest, const core::Exclusion& exclusion) {
    std::map<core::FenceToken, std::string_view> held;  // lines have no order of their own
    exclusion.locks.visit([&](core::LineNumber line) {
        for (const core::LockHolder& holder : exclusion.locks[line].held_by) {
            held.emplace(holder.fence, exclusion.locks.text_of(line));
        }
    });
    for (const auto& [fence, name] : held) {
        digest.add(fence.value);
        digest.add(name);
    }
}

void check_job(Violations& violations, const core::Job& job, const RefJob& told) {
    const bool is_same = job.state == told.state && job.is_cancelling == told.is_cancelling &&
                         job.is_finally_begun == told.is_finally_begun &&
                         job.is_finally_stopped == told.is_finally_stopped &&
                         job.eseq == told.records &&
                         job.instances.size() == told.instances.size();
    if (!is_same) {
        violations.report("I26", "job " + told.id.text() + " is not what its records tell");
        return;
    }
    for (std::size_t i = 0; i < told.instances.size(); ++i) {
        const core::Instance& own = job.instances[i];
        const RefInstance& other = told.instances[i];
        if (own.state != other.state || own.attempts != other.attempts ||
            own.lost != other.lost || own.parked != other.parked ||
            own.fence.value != other.fence) {
            violations.report("I26", "instance " + std::to_string(i) + " of " + told.id.text() +
                                         " is " + std::string(core::name_of(own.state)) +
                                         ", its records tell " +
                                         std::string(core::name_of(other.state)));
            return;
        }
    }
}

}  // namespace

std::uint64_t digest_of(const core::State& state) {
    Digest digest;
    digest.add(state.last_fence.value);
    digest.add(state.last_at);
    digest.add(state.size);
    for (const auto& [id, slot] : state.slot_of) {
        add_job(digest, *state.slots[slot]);
    }
    for (const auto& [name, number] : state.tenants.by_name()) {
        add_tenant(digest, state.tenants.at(number));
    }
    add_locks(digest, state.exclusion);
    for (const auto& [name, breaker] : state.registry.breakers()) {
        digest.add(core::image_of(breaker));
    }
    for (const auto& [name, lane] : state.registry.lanes()) {
        digest.add(core::image_of(lane));
    }
    for (const auto& [name, eseq] : state.entity_eseq) {
        digest.add(name);
        digest.add(eseq);
    }
    for (const auto& [name, schedule] : state.registry.schedules()) {
        add_schedule(digest, schedule);
    }
    for (const auto& [tenant, letters] : state.registry.letters()) {
        for (const auto& [job, letter] : letters) {
            digest.add(core::image_of(letter));
        }
    }
    for (const auto& [name, workflow] : state.registry.workflows()) {
        digest.add((std::uint64_t{workflow.newest().version} << 1U) |
                   (workflow.is_enabled ? 1U : 0U));
    }
    return digest.value();
}

void check_counters(Violations& violations, const core::State& state) {
    std::uint64_t slots_used = 0;
    std::uint64_t ready_nodes = 0;
    std::vector<core::Tenant> counted(state.tenants.size());
    std::uint64_t leased = 0;
    for (const auto& [id, slot] : state.slot_of) {
        const core::Job& job = *state.slots[slot];
        const JobCount count = count_of(job);
        check_job_counters(violations, job, count);
        slots_used += count.holding;
        ready_nodes += count.queued;
        leased += count.leased;
        core::Tenant& tenant = counted[job.tenant_number];
        ++tenant.live_jobs;
        tenant.unstarted_jobs += job.started_at.us == 0 ? 1U : 0U;
        tenant.running += count.holding + count.leased;
        tenant.ready += count.queued;
        tenant.task_kinds.add(*job.definition);
    }
    for (std::uint32_t number = 0; number < counted.size(); ++number) {
        check_tenant_counters(violations, state.tenants.at(number), counted[number]);
    }
    check_leases(violations, state, leased);
    check_entries(violations, state);
    check_state_counters(violations, state, slots_used, ready_nodes);
}

void check_against_reference(Violations& violations, const core::State& state, Durable& durable) {
    for (const std::uint32_t index : durable.live_jobs()) {
        const RefJob& told = durable.at(index);
        const core::Job* job = state.find(told.id);
        check_job_recovered(violations, told, job != nullptr);
        if (violations.is_broken()) {
            return;
        }
        if (job != nullptr) {
            check_job(violations, *job, told);
        }
    }
    for (const auto& [name, number] : state.tenants.by_name()) {
        durable.tenants().check_running(violations, name, state.tenants.at(number).running);
    }
    durable.schedules().check_state(state.registry);
    durable.letters().check_state(state.registry);
    durable.retention().check_state(state.registry);
    if (state.exclusion.locks_held != durable.exclusion().held()) {
        violations.report("I23", "the locks that are held are not those of open attempts");
    }
    const bool is_same = state.slot_of.size() == durable.live_count() &&
                         state.last_fence == durable.last_fence() &&
                         state.last_at == durable.last_at() && state.size == durable.size();
    if (!is_same) {
        violations.report("I26", "the state's jobs, fence, time or size are not the ledger's");
    }
}

}  // namespace attacca::sim
