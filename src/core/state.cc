// SPDX-License-Identifier: Apache-2.0
#include "core/state.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "base/seeded_bug.h"
#include "core/breaker/hold.h"
#include "core/exclusion/lock.h"
#include "core/exclusion/turn.h"
#include "core/job/image.h"
#include "core/reservation/owner.h"
#include "core/tenant/accounts.h"
#include "core/tenant/admission.h"

namespace attacca::core {

namespace {

std::uint32_t slot_of_job(const State& state, const JobId& id) {
    return state.index.find(id, [&](std::uint32_t slot) { return state.slots[slot]->id == id; });
}

// What a choice finds that may start: tenants without slot time left wait for tomorrow, and what a
// breaker or a lock holds leaves the queue until that lets it go.
template <typename Choice>
ReadyQueue::Handle permitted(State& state, WallTime at, const Choice& choice) {
    for (;;) {
        offer_locks(state);
        const ReadyQueue::Handle found = choice();
        if (found == ReadyQueue::no_handle) {
            return found;
        }
        const Tenant& tenant = state.tenants.at(state.queue.tenant_of(found));
        if (tenant.settings.slot_seconds_per_day && is_slot_time_used_up(tenant, at)) {
            state.queue.hold_today(tenant.number, at);
            continue;
        }
        // The queue's time may have gone forth with a clock that was set back since.
        if (tenant.settings.start_rate && slow_starts(state, tenant, at)) {
            continue;
        }
        state.queue.offer(found);
        const ReadyEntry entry = *state.queue.chosen();
        const Job& job = *state.slots[entry.slot];
        // Not looked at since the job was made; its first start takes the turn there.
        state.exclusion.keys.expect(job.key_line);
        const ReadyEntry own{entry.slot, entry.instance, job.generation};
        if (const Breaker* breaker = holding_breaker(state, job, entry.instance)) {
            hold_back(state, own, *breaker);
        } else if (!wait_for_lock(state, own)) {
            return found;
        }
    }
}

}  // namespace

ReadyNode ready_node(const Job& job, InstanceIndex index) {
    const Instance& instance = job.instances[index];
    ReadyNode node;
    node.tenant = job.tenant_number;
    if (!job.takes_local_slot(instance)) {
        const TaskDef& task = *job.node_of(instance).task;
        node.lane = LaneKey{job.tenant, task.lane, task.capabilities};
    }
    node.priority = job.priority;
    node.since = instance.state == NodeState::retrying ? instance.due_at : instance.since_at;
    node.entry = {job.slot, index, 0};
    return node;
}

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

void State::choose(bool has_slot, WallTime at) {
    offer_probes(*this);
    for (const ReadyEntry* head = queue.unslotted_head();
         head != nullptr && live(*head) == nullptr;
         head = queue.unslotted_head()) {
        queue.pop_unslotted();
    }
    const bool is_wanted = has_slot && queue.unslotted_head() == nullptr;
    queue.offer(is_wanted ? permitted(*this, at, [&] { return queue.choose(at); })
                          : ReadyQueue::no_handle);
}

void State::choose_task(const std::string& tenant, const std::vector<std::string>& lanes,
                        const std::vector<std::string>& capabilities, WallTime at) {
    offer_probes(*this);
    ReadyQueue::Handle found = ReadyQueue::no_handle;
    for (auto lane = lanes.begin(); lane != lanes.end() && found == ReadyQueue::no_handle; ++lane) {
        const LaneKey worker{tenant, *lane, capabilities};
        const Reservation* kept =
            ATTACCA_BUG(BUG_RESERVATION_IGNORED) ? nullptr : registry.reservation(tenant, *lane);
        found = permitted(*this, at, [&] {
            return kept == nullptr ? queue.choose_of(worker, at)
                                   : queue.choose_of_owner(worker, kept->owner, at);
        });
    }
    queue.offer(found);
}

ReadyEntry State::chosen(bool has_slot) const {
    if (const ReadyEntry* head = queue.unslotted_head()) {
        return *head;
    }
    const std::optional<ReadyEntry> entry = has_slot ? queue.chosen() : std::nullopt;
    return entry.value_or(ReadyEntry{no_index, no_index, 0});
}

void State::push_ready(Job& job, InstanceIndex instance) {
    Instance& ready = job.instances[instance];
    if (job.takes_no_slot(ready)) {
        queue.push_unslotted({job.slot, instance, job.generation});
    } else {
        ReadyNode node = ready_node(job, instance);
        if (node.lane && !queue.is_suspended()) {
            // Without one, because its `owner` has no value, it fails when it is given out.
            Result<std::string> owner = owner_of(*this, job, instance);
            node.owner = owner ? std::move(*owner) : std::string();
        }
        ready.entry = queue.push(node, last_at);
    }
}

void State::cancel_ready(Instance& instance) {
    drop_offer(*this, instance.entry);
    queue.cancel(std::exchange(instance.entry, no_index), last_at);
}

void State::note_started(Job& job, InstanceIndex instance, const AttemptStarted& started,
                         WallTime at) {
    Instance& running = job.instances[instance];
    if (job.takes_no_slot(running)) {
        return;
    }
    if (running.entry == no_index) {  // in a replay, which saw no timer
        running.entry = queue.push(ready_node(job, instance), at);
    }
    queue.start(running.entry, at);
    account_started(*this, job, at);
    if (job.takes_local_slot(running)) {
        ++slots_used;
    } else {
        Result<std::string> owner = owner_of(*this, job, instance);
        leases[started.fence] =
            Lease{job.id,         instance, at, started.ttl_ms, started.worker,
                  owner ? std::move(*owner) : std::string(), MonoTime{}};
    }
}

void State::note_ended(Job& job, InstanceIndex instance, WallTime at) {
    Instance& running = job.instances[instance];
    account_ended(*this, job, running, at);
    queue.complete(std::exchange(running.entry, no_index), at);
    if (job.takes_local_slot(running)) {
        --slots_used;
    } else {
        const Reservation* kept = reservation_at(*this, job, instance);
        if (kept != nullptr && leases.at(running.fence).owner == kept->owner) {
            registry.note_end_in(*kept);
        }
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

void State::note_key(const JobCreated& created, const JobId& id, WallTime at) {
    if (!created.key_hash || !created.request_hash) {
        return;
    }
    const auto [it, is_added] = keys.try_emplace(*created.key_hash);
    HotKey& key = it->second;
    if (is_added || at - key.at >= key_life) {
        key_ids -= key.ids.size();
        key = {*created.request_hash, {}, at, size + 1};
        key_order.push_back({*created.key_hash, key.at, key.stored_from});
        new_keys.push_back(*created.key_hash);
    }
    key.ids.push_back(id);
    ++key_ids;
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
    drop_key(*this, job);
    for (Instance& instance : job.instances) {
        leases.erase(instance.fence);
        note_unlock(*this, instance);
        if (instance.entry != no_index) {
            instance.is_queued ? cancel_ready(instance)
                               : queue.complete(std::exchange(instance.entry, no_index), last_at);
        }
    }
    remove_job(job);
}

}  // namespace attacca::core
