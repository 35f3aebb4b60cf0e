// SPDX-License-Identifier: Apache-2.0
#include "durable.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "invariants/i01_acknowledged_jobs_exist.h"
#include "invariants/i02_jobs_have_a_cause.h"
#include "invariants/i04_legal_transitions.h"
#include "invariants/i05_attempts_count_up.h"
#include "invariants/i06_fences_grow.h"
#include "invariants/i07_one_lease.h"
#include "invariants/i08_one_accepted_end.h"
#include "invariants/i10_nodes_start_in_order.h"
#include "invariants/i11_jobs_end_with_their_nodes.h"
#include "invariants/i13_retries_wait.h"
#include "invariants/i17_poison_is_parked.h"
#include "invariants/i26_ledger_is_whole.h"

namespace attacca::sim {

using core::JobState;

std::uint32_t index_of(const core::JobId& id) {
    return read_u32(id.uuid.view(), 12);
}

Sha256 hash_of_key(std::uint32_t key) {
    Sha256 hash;
    for (std::size_t i = 0; i < 4; ++i) {
        hash.bytes[i] = static_cast<std::uint8_t>(key >> (8 * i));
    }
    hash.bytes[31] = 1;
    return hash;
}

Sha256 hash_of_request(std::uint64_t number) {
    Sha256 hash;
    for (std::size_t i = 0; i < 8; ++i) {
        hash.bytes[i] = static_cast<std::uint8_t>(number >> (8 * i));
    }
    hash.bytes[31] = 2;
    return hash;
}

namespace {

// No sooner than so long: a restart may have to count by a wall clock that drifts a little.
std::int64_t at_least(std::int64_t ms) {
    const std::int64_t us = ms * 1000;
    return us - us / 500 - 2000;
}

}  // namespace

RefJob* Durable::job(const core::JobId& id) {
    const std::uint32_t index = index_of(id);
    if (index >= jobs_.size() || jobs_[index] == nullptr || jobs_[index]->id != id) {
        return nullptr;
    }
    return jobs_[index].get();
}

const std::string* Durable::body(const Sha256& digest) const {
    const auto it = bodies_.find(digest);
    return it == bodies_.end() ? nullptr : &it->second;
}

void Durable::begin_process(bool is_wall_honest) {
    breakers_.forget();
    for (const std::uint32_t index : live_) {
        for (RefInstance& instance : jobs_[index]->instances) {
            instance.due_mono = is_wall_honest ? instance.due_mono : 0;
        }
        jobs_[index]->started_virtual = 0;
    }
}

void Durable::store(engine::Batch& batch, Decided decided) {
    decided_ = decided;
    prunings_.bodies().begin_batch(batch.collected, batch.bodies);
    for (const Sha256& digest : batch.collected) {
        bodies_.erase(digest);
    }
    for (const ports::StoredBody& body : batch.bodies) {
        bodies_.try_emplace(body.digest, body.bytes);
    }
    for (engine::PlacedRecord& placed : batch.records) {
        lanes_.check_next(violations_, placed.record);
        take(placed);
        if (violations_.is_broken()) {
            return;
        }
    }
    prunings_.end_batch(last_at_);
    for (const engine::BatchJob& changed : batch.jobs) {
        const RefJob* shown = job(changed.row.id);
        if (shown == nullptr) {
            violations_.report("I26", "a row shows a job without records");
            return;
        }
        check_row(violations_, *shown, changed.row);
    }
    for (const ports::NodeChunk& chunk : batch.chunks) {
        marks_.hit(Mark::job_with_chunks);
        const RefJob* shown = job(chunk.job);
        if (shown != nullptr) {
            check_chunk(violations_, *shown, chunk);
        }
    }
    for (const auto& [entity, image] : batch.images) {
        images_[entity] = image;
    }
    for (const ports::TenantRow& row : batch.tenants) {
        tenants_.store(violations_, row);
    }
    lanes_.check_overdue(violations_, decided.from);
    schedules_.check_made();
    letters_.check_replays();
    if (!begin_again_.empty()) {
        violations_.report("I16", "a job that was to begin again did not");
    }
    fair_ledger_ = batch.fair_ledger.value_or(std::move(fair_ledger_));
    if (batch.last_fence != last_fence_ || batch.last_at != last_at_) {
        violations_.report("I26", "the batch row disagrees with the records");
    }
    trace_.add(size_, last_fence_.value);
    trace_.add(static_cast<std::uint64_t>(last_at_.us));
    for (RefJob* ended : ended_) {
        lanes_.check_ended(violations_, intents[index_of(ended->id)].tenant, ended->id);
        ended->instances = {};
        ended->maps = {};
    }
    ended_.clear();
    if (live_.size() > 2 * live_count_ + 16) {
        std::erase_if(live_, [&](std::uint32_t index) { return jobs_[index]->is_gone(); });
    }
}

void Durable::take(engine::PlacedRecord& placed) {
    core::Record& record = placed.record;
    RefJob* of = record.entity.job ? job(*record.entity.job) : nullptr;
    const std::uint64_t expected = of != nullptr ? of->records
                                   : record.entity.job ? 0
                                                       : entities_[record.entity.name];
    check_place(violations_, expected, placed.eseq, last_at_, record.at);
    last_at_ = record.at;
    ++size_;
    trace_.add((std::uint64_t{record.payload.index()} << 56U) | placed.eseq);
    prunings_.take(record, size_ - 1,
                   record.entity.job ? index_of(*record.entity.job) : core::no_index);
    if (!record.entity.job) {
        take_other(record);
        return;
    }
    if (const auto* created = std::get_if<core::JobCreated>(&record.payload)) {
        if (of != nullptr) {
            violations_.report("I04", "a job was created twice");
            return;
        }
        create(record, *created);
        of = violations_.is_broken() ? nullptr : job(*record.entity.job);
    } else if (of == nullptr) {
        violations_.report("I02", "a record is about a job that was never created");
        return;
    } else {
        take_job_record(record, *of);
    }
    log_.push_back({of, std::make_unique<const core::Record>(std::move(record))});
}

void Durable::create(const core::Record& record, const core::JobCreated& created) {
    const core::JobId& id = *record.entity.job;
    const std::uint32_t index = index_of(id);
    const bool is_known = index < intents.size() && intents[index].id == id;
    if (is_known && created.tries > 0) {
        promise_again(intents[index], created, record.tenant);
    }
    check_cause(violations_, is_known && intents[index].has_reached_server &&
                                 intents[index].blueprint != nullptr);
    if (violations_.is_broken()) {
        return;
    }
    Intent& intent = intents[index];
    if (jobs_.size() <= index) {
        jobs_.resize(intents.size());
    }
    jobs_[index] = std::make_unique<RefJob>();
    RefJob& job = *jobs_[index];
    tenants_.created(violations_, record.tenant, record.at);
    schedules_.made(id);
    job.id = id;
    job.blueprint = intent.blueprint;
    job.records = 1;
    job.tries = created.tries;
    letters_.created(id, created.tries > 0 ? std::nullopt : created.retry_of);
    if (created.definition != intent.blueprint->definition->digest) {
        violations_.report("I02", "a job was stored with another definition");
    }
    need_body(created.definition);
    if (created.details.body) {
        marks_.hit(Mark::details_as_body);
        need_body(*created.details.body);
    }
    if (created.key_hash) {
        note_key(record, created, intent);
    }
    exclusion_.created(violations_, {record.tenant, created.concurrency_key}, job,
                       intent.held_until == 0 && !created.scheduled_at, record.at);
    ref_create(job, created.tries > 0 ? take_kept(created) : nullptr);
    if (intent.held_until != 0) {
        for (RefInstance& instance : job.instances) {
            instance.due_mono = intent.held_until;
        }
    }
    live_.push_back(index);
    ++live_count_;
}

void Durable::need_body(const Sha256& digest) {
    check_body(violations_, body(digest) != nullptr);
}

RefInstance* Durable::instance_of(RefJob& job, const std::string& node,
                                  const std::optional<std::uint32_t>& item,
                                  std::uint32_t& index) {
    index = job.instance_of(node_of_name(node), item.value_or(core::no_index));
    if (index == core::no_index) {
        violations_.report("I10", "a record names node " + node + ", which the job has not");
        return nullptr;
    }
    return &job.instances[index];
}

void Durable::take_job_record(const core::Record& record, RefJob& job) {
    const std::string_view type = core::type_name_of(record.payload);
    if (record.tenant != intents[index_of(job.id)].tenant) {
        violations_.report("I22", "a record of a job is another tenant's");
    }
    check_job_is_live(violations_, job, type);
    if (violations_.is_broken()) {
        return;
    }
    ++job.records;
    if (const auto* started = std::get_if<core::AttemptStarted>(&record.payload)) {
        start(job, *started, record);
    } else if (const auto* ended = std::get_if<core::AttemptEnded>(&record.payload)) {
        end(job, *ended, record);
    } else if (const auto* expanded = std::get_if<core::MapExpanded>(&record.payload)) {
        std::uint32_t index = 0;
        const RefInstance* map = instance_of(job, expanded->node, std::nullopt, index);
        if (map == nullptr) {
            return;
        }
        check_may_start(violations_, job, *map, decided_.until);
        need_body(expanded->body);
        if (expanded->count != job.blueprint->nodes[index].item_count()) {
            violations_.report("I10", "a map was expanded to another number of items");
        }
        if (!violations_.is_broken()) {
            ref_expand(job, index, expanded->count);
            if (expanded->count == 0) {
                marks_.hit(Mark::map_empty);
            }
        }
    } else if (const auto* paused = std::get_if<core::JobPaused>(&record.payload)) {
        pause(job, *paused);
    } else if (std::holds_alternative<core::JobResumed>(record.payload)) {
        check_job_state(violations_, job, JobState::paused, type);
        const bool is_settled = job.are_all_final(false) && job.are_all_final(true);
        if (is_settled) {
            marks_.hit(Mark::job_ended_while_paused);
        }
        job.state = JobState::running;
        --paused_count_;
    } else if (const auto* given = std::get_if<core::ApprovalGiven>(&record.payload)) {
        approve(job, *given);
    } else if (const auto* taken = std::get_if<core::RecoveryTaken>(&record.payload)) {
        recover(job, *taken);
    } else if (const auto* cancelled = std::get_if<core::CancelRequested>(&record.payload)) {
        cancel(job, *cancelled);
    } else if (const auto* end_of_job = std::get_if<core::JobEnded>(&record.payload)) {
        finish(job, *end_of_job);
    }
}

void Durable::start(RefJob& job, const core::AttemptStarted& started,
                    const core::Record& record) {
    std::uint32_t index = 0;
    RefInstance* instance = instance_of(job, started.node, started.item, index);
    if (instance == nullptr) {
        return;
    }
    check_new_fence(violations_, last_fence_.value, started.fence.value);
    check_no_lease(violations_, *instance);
    check_may_start(violations_, job, *instance, decided_.until);
    check_attempt_number(violations_, job, *instance, started.attempt);
    if (started.is_first == job.is_started) {
        violations_.report("I04", "the first attempt of a job is not marked so, or another one is");
    }
    last_fence_ = started.fence;
    if (!job.is_started) {
        job.started_virtual = decided_.until;
        tenants_.left_queue(record.tenant);
        exclusion_.begun(violations_, record.tenant, job);
    }
    ref_start(job, *instance, started);
    instance->due_mono = 0;
    const BlueNode& node = job.blueprint->nodes[instance->node];
    if (started.until && node.kind == core::NodeKind::wait) {
        instance->due_mono = decided_.from + at_least(node.wait_ms);
    }
    if (!job.is_map(*instance)) {  // a map that cannot be expanded ends as it starts
        check_parallel(violations_, job);
    }
    exclusion_.started(violations_, {record.tenant, started.lock}, started.fence.value,
                       job.is_map(*instance) || instance->is_broken ? std::string()
                                                                    : lock_text(node));
    if (node.kind == core::NodeKind::task && !job.is_map(*instance)) {
        lanes_.started(violations_, {record.tenant, node.lane},
                       owner_text(*job.blueprint, node, job.id), started.fence.value,
                       instance->is_broken ? RefLanes::Word::nothing
                       : node.stays        ? RefLanes::Word::stay
                                           : RefLanes::Word::go);
    }
    if (core::has_runner(node.kind) && !job.is_map(*instance)) {
        tenants_.started(violations_, marks_, record.tenant, started.fence.value, record.at);
        breakers_.started(violations_, breaker_key(record.tenant, node), started.fence.value,
                          instance->attempts - instance->lost <= 1, record.at);
    }
    if (instance->is_broken) {
        marks_.hit(Mark::condition_broken);
    }
    trace_.add(started.fence.value);
}

void Durable::end(RefJob& job, const core::AttemptEnded& ended, const core::Record& record) {
    std::uint32_t index = 0;
    RefInstance* instance = instance_of(job, ended.node, ended.item, index);
    if (instance == nullptr) {
        return;
    }
    check_attempt_is_open(violations_, *instance);
    check_end_fence(violations_, *instance, ended.fence.value);
    const bool has_budget = end_call(job, *instance, ended, record);
    check_retry(violations_, job, *instance, ended, has_budget);
    check_parked(violations_, job, *instance, ended, has_budget);
    check_halted(violations_, job, *instance, ended.outcome);
    check_retry_delay(violations_, job.blueprint->nodes[instance->node], ended);
    if (ended.outcome == core::Outcome::succeeded) {
        check_due(violations_, job, *instance, decided_.until);
    }
    const bool is_task = job.blueprint->nodes[instance->node].kind == core::NodeKind::task;
    mark_end(ended, is_task, instance->is_halted);
    std::string output = ended.output.text;
    if (ended.output.body) {
        need_body(*ended.output.body);
        const std::string* stored = body(*ended.output.body);
        output = stored == nullptr ? output : *stored;
        marks_.hit(Mark::output_as_body);
    }
    if (violations_.is_broken()) {
        return;
    }
    tenants_.ended(record.tenant, ended.fence.value, record.at);
    exclusion_.ended(ended.fence.value);
    lanes_.ended(ended.fence.value, decided_.from + at_least(lanes_.quiet.ms()));
    trace_.add(ended.fence.value, static_cast<std::uint64_t>(ended.outcome));
    const bool is_stop = job.blueprint->nodes[instance->node].map_stops && ended.item;
    ref_end(job, index, ended, output);
    RefInstance& own = job.instances[index];
    own.ended_at = record.at;
    own.due_mono = ended.retry_in_ms ? decided_.from + at_least(*ended.retry_in_ms) : 0;
    if (is_stop && own.state == core::NodeState::failed) {
        marks_.hit(Mark::map_stopped);
    }
    trace_.add(static_cast<std::uint64_t>(ended.retry_in_ms.value_or(-1)));
}

void Durable::finish(RefJob& job, const core::JobEnded& ended) {
    if (!job.is_started) {
        tenants_.left_queue(intents[index_of(job.id)].tenant);
    }
    check_nodes_are_final(violations_, job);
    check_job_end(violations_, job, ended);
    letters_.check_end(job, ended, tenants_.is_limited(intents[index_of(job.id)].tenant));
    if (is_to_begin_again(job, ended.reason) && !letters_.has(job.id)) {
        begin_again_.insert(job.id);
    }
    ref_finish(job, ended);
    job.ended_at = last_at_;
    exclusion_.left(intents[index_of(job.id)].tenant, job);
    ended_.push_back(&job);
    --live_count_;
    trace_.add(static_cast<std::uint64_t>(ended.state), static_cast<std::uint64_t>(ended.reason));
}

}  // namespace attacca::sim
