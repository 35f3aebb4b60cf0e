// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>
#include <variant>

#include "durable.h"
#include "invariants/i03_one_job_per_key.h"

// What is durable of idempotency keys, of the server itself, of schedules and workflows, and of
// jobs that were set aside.

namespace attacca::sim {
namespace {

std::uint32_t key_of_hash(const Sha256& hash) {
    std::uint32_t key = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        key |= std::uint32_t{hash.bytes[i]} << (8 * i);
    }
    return key;
}

bool names_job(const std::string& what, const core::JobId& id) {
    return what == id.text() || what == "job/" + id.text();
}

}  // namespace

// Which of the rare ends this is.
void Durable::mark_end(const core::AttemptEnded& ended, bool is_task, bool is_halted) {
    if (ended.parked != core::Parked::no) {
        const bool is_poison = ended.parked == core::Parked::poison;
        marks_.hit(is_poison ? Mark::poison_parked : Mark::attempts_ran_out);
    }
    if (ended.outcome == core::Outcome::stopped) {
        marks_.hit(is_halted ? Mark::attempt_stopped_by_pause : Mark::attempt_stopped_by_restart);
    } else if (ended.outcome == core::Outcome::lost && !is_task) {
        marks_.hit(Mark::attempt_lost_by_restart);
    } else if (ended.outcome == core::Outcome::lost) {
        marks_.hit(Mark::lease_ran_out);
        on_lease_lost(ended.fence.value, decided_.until);
    } else if (is_task && ended.outcome == core::Outcome::timeout) {
        marks_.hit(Mark::task_timed_out);
    } else if (is_task && ended.outcome == core::Outcome::cancelled && !ended.exit_code) {
        marks_.hit(Mark::lease_grace_over);
    }
}

void Durable::set_aside(std::uint32_t index) {
    RefJob& job = *jobs_[index];
    job.is_set_aside = true;
    --live_count_;
    paused_count_ -= job.state == core::JobState::paused ? 1U : 0U;
    set_aside_.push_back(index);
    exclusion_.left(intents[index].tenant, job);
    if (!job.is_started) {
        tenants_.left_queue(intents[index].tenant);
    }
    for (const RefInstance& instance : job.instances) {
        if (instance.is_open) {
            tenants_.set_aside(intents[index].tenant, instance.fence);
            breakers_.set_aside(instance.fence);
            exclusion_.ended(instance.fence);
            lanes_.set_aside(instance.fence);
        }
    }
}

bool Durable::is_set_aside(const std::string& what) const {
    return std::any_of(set_aside_.begin(), set_aside_.end(), [&](std::uint32_t index) {
        return names_job(what, jobs_[index]->id);
    });
}

std::vector<core::JobId> Durable::newly_set_aside() const {
    std::vector<core::JobId> found;
    for (const std::uint32_t index : set_aside_) {
        if (!jobs_[index]->is_named) {
            found.push_back(jobs_[index]->id);
        }
    }
    return found;
}

void Durable::check_set_aside_are_named(bool is_at_rest) {
    if (is_at_rest && !newly_set_aside().empty()) {
        violations_.report("I01", "job " + newly_set_aside().front().text() +
                                      " was set aside, and the ledger does not say so");
    }
}

// A record that is of no job.
void Durable::take_other(const core::Record& record) {
    ++entities_[record.entity.name];
    if (const auto* set = std::get_if<core::TenantSet>(&record.payload)) {
        tenants_.set(record, *set);
    }
    if (record.entity.name.starts_with("breaker/")) {
        breakers_.take(violations_, marks_, record);
    }
    if (record.entity.name.starts_with("lane/")) {
        lanes_.take(violations_, marks_, record, decided_.until);
    }
    const auto job_of = [this](const core::JobId& id) -> const RefJob* { return job(id); };
    retention_.take(record, job_of);
    if (record.entity.name.starts_with("dead-letter/")) {
        letters_.take(record, job_of);
    } else if (record.entity.name == "ledger") {
        take_note(record);
    } else {
        take_named(record);
    }
}

void Durable::take_note(const core::Record& record) {
    is_stop_noted_ = std::holds_alternative<core::LedgerStopped>(record.payload);
    const auto* quarantined = std::get_if<core::Quarantined>(&record.payload);
    for (const std::uint32_t index : set_aside_) {
        RefJob& job = *jobs_[index];
        job.is_named = job.is_named ||
                       (quarantined != nullptr && names_job(quarantined->what, job.id));
    }
}

// Of a schedule or a workflow. A job that it starts is asked for by this record.
void Durable::take_named(const core::Record& record) {
    if (!record.entity.name.starts_with("schedule/") &&
        !record.entity.name.starts_with("workflow/")) {
        return;
    }
    const auto promise = schedules_.take(
        record, decided_.wall, [this](const core::JobId& id) -> const RefJob* { return job(id); });
    if (!promise || violations_.is_broken()) {
        return;
    }
    const std::uint32_t index = index_of(promise->job);
    const bool is_fresh = index < intents.size() && intents[index].id == promise->job &&
                          intents[index].blueprint == nullptr;
    if (!is_fresh) {
        violations_.report("I02", "an occurrence started a job under an id that is another's");
        return;
    }
    intents[index].blueprint = promise->blueprint;
    intents[index].tenant = record.tenant;
}

const DurableKey* Durable::key(std::uint32_t key) const {
    return key < keys_.size() && keys_[key].request != 0 ? &keys_[key] : nullptr;
}

bool Durable::forget_keys(WallTime wall) {
    if (wall - keys_looked_at_ < seconds(60)) {
        return false;
    }
    keys_looked_at_ = wall;
    for (DurableKey& key : keys_) {
        key.is_forgotten = key.is_forgotten || key.at + seconds(86400) <= wall;
    }
    return true;
}

void Durable::note_key(const core::Record& record, const core::JobCreated& created,
                       const Intent& intent) {
    const std::uint32_t key = key_of_hash(*created.key_hash);
    if (keys_.size() <= key) {
        keys_.resize(key + std::size_t{1});
    }
    DurableKey& own = keys_[key];
    // A clock that ran ahead made the store forget it a little early, and was then set back.
    const bool is_of_another = own.request != intent.request && own.request != 0;
    const bool is_forgotten =
        is_of_another && (own.is_forgotten || record.at - own.at >= seconds(86400));
    if (is_forgotten) {
        marks_.hit(Mark::key_used_after_a_day);
        own.former.push_back({own.request_hash, std::move(own.ids)});
        own.ids.clear();
    }
    if (own.request == 0 || is_forgotten) {
        own.request = intent.request;
        own.request_hash = *created.request_hash;
        own.at = record.at;
        own.is_forgotten = false;
    }
    check_key_owner(violations_, own.request, intent.request);
    own.ids.push_back(intent.id);
}

const std::vector<Durable::Logged>& Durable::live_records() {
    std::erase_if(log_, [](const Logged& logged) { return logged.job->is_gone(); });
    return log_;
}

}  // namespace attacca::sim
