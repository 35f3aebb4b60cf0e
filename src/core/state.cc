// SPDX-License-Identifier: Apache-2.0
#include "core/state.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/seeded_bug.h"
#include "core/breaker/hold.h"
#include "core/job/image.h"
#include "core/tenant/accounts.h"

namespace attacca::core {

namespace {

std::uint32_t slot_of_job(const State& state, const JobId& id) {
    return state.index.find(id, [&](std::uint32_t slot) { return state.slots[slot]->id == id; });
}

}  // namespace

const Job* State::find(const JobId& id) const {
    const std::uint32_t slot = slot_of_job(*this, id);
    return slot == no_index ? nullptr : slots[slot].get();
}

Job* State::find(const JobId& id) {
    const std::uint32_t slot = slot_of_job(*this, id);
    return slot == no_index ? nullptr : slots[slot].get();
}

const Job* State::live(const ReadyEntry& entry) const {
    const Job* job = slots[entry.slot].get();
    if (job == nullptr || job->generation != entry.generation) {
        return nullptr;
    }
    return job->instances[entry.instance].is_queued ? job : nullptr;
}

// That keeps a live entry from starting; nullptr when none does.
const Breaker* State::breaker_of(const ReadyEntry& entry) const {
    const Job* job = live(entry);
    return job == nullptr ? nullptr : holding_breaker(*this, *job, entry.instance);
}

void State::prune_queue() {
    offer_probes(*this);
    for (const ReadyEntry* head = queue.head(); head != nullptr; head = queue.head()) {
        const ReadyEntry entry = *head;
        const Breaker* breaker = breaker_of(entry);
        if (live(entry) != nullptr && breaker == nullptr) {
            break;
        }
        queue.pop();
        if (breaker != nullptr) {
            hold_back(*this, entry, *breaker);
        }
    }
    for (const ReadyEntry* head = queue.unslotted_head();
         head != nullptr && live(*head) == nullptr;
         head = queue.unslotted_head()) {
        queue.pop_unslotted();
    }
}

void State::prune_lane(const LaneKey& lane) {
    for (const ReadyEntry* head = queue.lane_head(lane); head != nullptr;
         head = queue.lane_head(lane)) {
        const ReadyEntry entry = *head;
        const Breaker* breaker = breaker_of(entry);
        if (live(entry) != nullptr && breaker == nullptr) {
            break;
        }
        queue.pop_lane(lane);
        if (breaker != nullptr) {
            hold_back(*this, entry, *breaker);
        }
    }
}

void State::push_ready(const Job& job, InstanceIndex instance) {
    const Instance& ready = job.instances[instance];
    const ReadyEntry entry{job.slot, job.generation, instance};
    if (job.takes_no_slot(ready)) {
        queue.push_unslotted(entry);
    } else if (job.takes_local_slot(ready)) {
        queue.push(job.priority, entry);
    } else {
        queue.push_lane({job.tenant, job.node_of(ready).task->lane}, job.priority, entry);
    }
}

void State::note_started(const Job& job, InstanceIndex instance, const AttemptStarted& started,
                         WallTime at) {
    const Instance& running = job.instances[instance];
    if (job.takes_no_slot(running)) {
        return;
    }
    account_started(*this, job, at);
    if (job.takes_local_slot(running)) {
        ++slots_used;
    } else {
        leases[started.fence] =
            Lease{job.id, instance, at, started.ttl_ms, started.worker, MonoTime{}};
    }
}

void State::note_ended(const Job& job, InstanceIndex instance, WallTime at) {
    const Instance& running = job.instances[instance];
    account_ended(*this, job, running, at);
    if (job.takes_local_slot(running)) {
        --slots_used;
    } else {
        leases.erase(running.fence);
    }
}

void State::mark_dirty(Job& job) {
    if (!job.is_dirty) {
        job.is_dirty = true;
        dirty.push_back(job.slot);
    }
}

void State::mark_dirty(Job& job, InstanceIndex instance) {
    mark_dirty(job);
    if (instance >= chunk_instances) {
        const std::uint32_t chunk = instance / chunk_instances;
        if (job.dirty_chunks.empty() || job.dirty_chunks.back() != chunk) {
            job.dirty_chunks.push_back(chunk);
        }
    }
}

void State::mark_dirty(Tenant& tenant) {
    if (!tenant.is_dirty) {
        tenant.is_dirty = true;
        dirty_tenants.push_back(tenant.number);
    }
}

void State::count_ready(const Job& job) {
    ++ready_nodes;
    ++tenants.at(job.tenant_number).ready;
}

void State::count_unready(const Job& job) {
    --ready_nodes;
    --tenants.at(job.tenant_number).ready;
}

// What is forgotten after a day needs no look-up; what falls out before does.
void State::drop_old_keys(WallTime at) {
    while (!key_order.empty()) {
        const KeyUse& oldest = key_order.front();
        const bool is_forgotten = at - oldest.at >= key_life && !ATTACCA_BUG(BUG_KEY_FOREVER);
        const bool is_too_many = keys.size() > hot_keys_max || key_ids > hot_key_ids_max;
        if (!is_forgotten && !is_too_many) {
            return;
        }
        const auto used = keys.find(oldest.key);
        if (used != keys.end() && used->second.stored_from == oldest.stored_from) {
            newest_dropped_key_at = is_forgotten ? newest_dropped_key_at : oldest.stored_from;
            key_ids -= used->second.ids.size();
            keys.erase(used);
        }
        key_order.pop_front();
    }
}

Job& State::add_job(const JobId& id) {
    std::uint32_t slot = 0;
    if (free_slots.empty()) {
        slot = static_cast<std::uint32_t>(slots.size());
        slots.emplace_back();
        generations.push_back(0);
    } else {
        slot = free_slots.back();
        free_slots.pop_back();
    }
    const bool is_added = slot_of.emplace_hint(slot_of.end(), id, slot)->second == slot;
    ATTACCA_CHECK(is_added);
    slots[slot] = std::make_unique<Job>();
    Job& job = *slots[slot];
    job.id = id;
    job.slot = slot;
    job.generation = generations[slot];
    index.add(id, slot);
    return job;
}

void State::remove_job(Job& job) {
    const std::uint32_t slot = job.slot;
    ATTACCA_CHECK(slots[slot].get() == &job);
    slot_of.erase(job.id);
    index.remove(job.id, slot);
    ++generations[slot];
    free_slots.push_back(slot);
    ended.push_back(std::move(slots[slot]));
}

void State::drop_job(Job& job) {
    slots_used -= std::min(slots_used, job.local_slots());
    for (const Instance& instance : job.instances) {
        leases.erase(instance.fence);
    }
    remove_job(job);
}

}  // namespace attacca::core
