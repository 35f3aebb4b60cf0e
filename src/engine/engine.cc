// SPDX-License-Identifier: Apache-2.0
#include "engine/engine.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "base/seeded_bug.h"
#include "engine/row_image.h"

namespace attacca::engine {
namespace {

// A rough size of a record in the ledger, to keep batches below their limit of bytes.
constexpr std::size_t record_bytes_estimate = 512;

std::size_t bytes_of(const core::Decision& decision) {
    std::size_t bytes = decision.records.size() * record_bytes_estimate;
    for (const core::Body& body : decision.bodies) {
        bytes += body.bytes.size();
    }
    return bytes;
}

// Where Counters keeps the times of jobs that ended so.
std::size_t place_of(core::JobState end) {
    ATTACCA_CHECK(core::is_final(end));
    return end == core::JobState::completed ? 0 : end == core::JobState::failed ? 1 : 2;
}

}  // namespace

Engine::Engine(EngineOptions options,
               ports::StoreReader& reader,
               ports::Runner& runner,
               ports::Entropy& entropy)
    : options_(std::move(options)), runner_(runner), entropy_(entropy),
      definitions_(reader, options_.seal_keys), schedules_(options_.zones) {}

void Engine::load(core::State state, Now now, const core::Payload* first) {
    state_ = std::move(state);
    state_.water.queued_max = options_.queued_max;
    state_.calls.rules = options_.breakers;
    state_.lane_quiet = options_.lane_quiet;
    state_.dirty.clear();
    state_.ended.clear();
    state_.new_keys.clear();
    take_dirty_tenants();  // what recovery marked is stored
    for (const auto& job : state_.slots) {
        if (job != nullptr) {
            job->is_new = false;
            job->is_dirty = false;
            job->dirty_chunks.clear();
        }
    }
    recent_bodies_.reset(state_.size);
    state_.queue.set_slots(options_.slots);
    if (!ATTACCA_BUG(BUG_QUEUE_FROM_REPLAY)) {
        core::rebuild_queue(state_);
    }
    open_ = {};
    open_bytes_ = 0;
    open_pending_ = {};
    open_entities_.clear();
    touched_.clear();
    in_flight_.reset();
    timers_.clear();
    schedules_.clear();
    schedules_.update(state_);
    for (const core::ArmTimer& timer : core::timers_of(state_, now)) {
        timers_.arm(timer);
    }
    for (const auto& [fence, lease] : state_.leases) {
        core::note_heartbeat(state_, fence, now);
    }
    if (first != nullptr) {
        handle(core::NoteLedger{*first}, {}, now);
    }
    // A crash may have fallen between a job's last node and its end.
    for (const auto& [id, slot] : state_.slot_of) {
        if (state_.slots[slot]->is_to_settle()) {
            touched_.push_back(id);
        }
    }
    settle_touched(now);
}

bool Engine::has_room() const {
    return open_.records.size() < options_.batch_records_max &&
           open_bytes_ < options_.batch_bytes_max;
}

void Engine::handle(core::Command command, AnswerHandler handler, Now now) {
    ++counters_.commands;
    core::FenceToken reported;
    if (auto* report = std::get_if<core::ReportAttempt>(&command)) {
        reported = report->report.fence;
        report->seed = entropy_.draw();
    }
    if (auto* report = std::get_if<core::ReportTask>(&command)) {
        report->seed = entropy_.draw();
    }
    if (auto* claim = std::get_if<core::Claim>(&command)) {
        take_claim(std::move(*claim), std::move(handler), now);
        return;
    }
    if (std::holds_alternative<core::EndClaims>(command)) {
        claims_.close();
        end_claims();
    }
    if (const auto* timer = std::get_if<core::FireTimer>(&command)) {
        core::note_due(state_, *timer);
    }
    if (auto* unnamed = std::get_if<core::CollectContent>(&command)) {
        collect(std::move(*unnamed), std::move(handler), now);
        return;
    }
    definitions_.know_command(command);
    core::Decision decision = core::decide(state_, command, now);
    if (reported.value != 0) {
        // Accepted, fenced or not live: the engine needs the report no more once that is durable.
        open_pending_.acknowledged.push_back(reported);
        if (ATTACCA_BUG(BUG_LOST_REPORT_ACK)) {
            runner_.acknowledge(reported);
        }
        const bool is_fenced =
            !decision.answer && decision.answer.error().problem == Problem::fenced;
        counters_.reports_fenced += is_fenced ? 1U : 0U;
    }
    if (const auto* list = std::get_if<core::ListWorkers>(&command)) {
        std::get<core::WorkerList>(*decision.answer).waiting = claims_.list(list->tenant);
    }
    if (const auto* read = std::get_if<core::ReadQueue>(&command)) {
        claims_.count_into(std::get<core::QueueReport>(*decision.answer), read->tenant);
    }
    if (const auto* beat = std::get_if<core::Heartbeat>(&command); beat && decision.answer) {
        core::note_heartbeat(state_, beat->attempt.fence, now);
    }
    take(std::move(decision), std::move(handler));
    settle_touched(now);
    schedules_.update(state_);
}

void Engine::refuse(Error error, AnswerHandler handler) {
    core::Decision decision;
    decision.answer = std::move(error);
    take(std::move(decision), std::move(handler));
}

void Engine::take(core::Decision&& decision, AnswerHandler handler) {
    open_bytes_ += bytes_of(decision);
    definitions_.know_bodies(decision.bodies);
    for (core::Record& record : decision.records) {
        apply_record(std::move(record));
    }
    definitions_.forget_command();
    for (core::Body& body : decision.bodies) {
        if (!definitions_.is_stored(body.digest)) {
            definitions_.note_stored(body.digest);
            open_.bodies.push_back({body.digest, std::move(body.bytes)});
        }
    }
    Pending& pending = newest_pending();
    for (core::Effect& effect : decision.effects) {
        pending.effects.push_back(std::move(effect));
    }
    if (handler) {
        pending.answers.push_back({std::move(handler), std::move(decision.answer)});
    }
}

// What a decision without records could see may still be in flight, so it waits for that.
Engine::Pending& Engine::newest_pending() {
    if (open_.records.empty() && in_flight_) {
        return in_flight_->pending;
    }
    return open_pending_;
}

void Engine::apply_record(core::Record&& record) {
    const bool is_job = record.entity.job.has_value();
    std::uint64_t eseq = 0;
    core::Job* job = is_job ? state_.find(*record.entity.job) : nullptr;
    count(record, job);
    if (job != nullptr) {
        eseq = job->eseq;
    } else if (!is_job) {
        const auto it = state_.entity_eseq.find(record.entity.name);
        eseq = it == state_.entity_eseq.end() ? 0 : it->second;
        open_entities_.insert(record.entity.name);
    }
    recent_bodies_.note(record.payload, state_.size);
    const Result<void> applied = core::apply(state_, record, definitions_);
    ATTACCA_CHECK(applied.has_value());
    std::uint32_t head = core::no_index;
    if (is_job) {
        job = job == nullptr ? state_.find(*record.entity.job) : job;
        ATTACCA_CHECK(job != nullptr);
        head = job->slot;
        job->last_record = static_cast<std::uint32_t>(open_.records.size());
        if (touched_.empty() || touched_.back() != *record.entity.job) {
            touched_.push_back(*record.entity.job);
        }
    }
    if (const auto* ended = std::get_if<core::AttemptEnded>(&record.payload)) {
        timers_.lease_ended(ended->fence);
    }
    PlacedRecord& placed = open_.records.emplace_back();
    placed.record = std::move(record);
    placed.eseq = eseq;
    placed.head = head;
}

void Engine::settle_touched(Now now) {
    // Settling adds a record of the same job, which leaves the state by it: no endless loop.
    for (std::size_t i = 0; i < touched_.size(); ++i) {
        const core::JobId id = touched_[i];  // a copy: settling adds to the list
        settle(id, now);
    }
    touched_.clear();
}

void Engine::settle(const core::JobId& id, Now now) {
    // Where a node ends the job the rest is stopped first, which may be all that was left.
    for (const core::Job* job = state_.find(id); job != nullptr && job->is_to_settle();
         job = state_.find(id)) {
        core::SettleJob command{id, {}};
        if (core::may_begin_again(*job)) {
            command.next = new_job_id(now);
        }
        take(core::decide(state_, command, now), {});
    }
}

bool Engine::has_more(Now now) {
    const bool has_slot = state_.slots_used < options_.slots;
    core::choose_next(state_, has_slot, now);
    return has_room() && (core::has_ready(state_, has_slot) || state_.queue.has_stirred());
}

void Engine::start_ready(Now now) {
    while (has_room()) {
        const bool has_slot = state_.slots_used < options_.slots;
        core::choose_next(state_, has_slot, now);
        if (!core::has_ready(state_, has_slot)) {
            break;
        }
        take(core::decide(state_,
                          core::Dispatch{has_slot, options_.worker, options_.work_root},
                          now),
             {});
        settle_touched(now);
        schedules_.update(state_);
    }
}

void Engine::add_job_image(core::Job& job) {
    open_.jobs.push_back({job_row(job), job.last_record});
    for (ports::NodeChunk& chunk : take_dirty_chunks(job)) {
        open_.chunks.push_back(std::move(chunk));
    }
    job.is_dirty = false;
    job.is_new = false;
}

std::vector<ports::TenantRow> Engine::take_dirty_tenants() {
    std::vector<ports::TenantRow> rows;
    for (const std::uint32_t number : state_.dirty_tenants) {
        core::Tenant& tenant = state_.tenants.at(number);
        tenant.is_dirty = false;
        rows.push_back(tenant_row(tenant));
    }
    state_.dirty_tenants.clear();
    return rows;
}

std::optional<Batch> Engine::cut() {
    if (in_flight_ || (open_.records.empty() && open_pending_.empty())) {
        return std::nullopt;
    }
    if (open_.records.empty()) {
        // Only answers, and nothing in flight that they could have seen.
        release(std::exchange(open_pending_, {}));
        return std::nullopt;
    }
    open_.jobs.reserve(state_.dirty.size() + state_.ended.size());
    for (const std::uint32_t slot : state_.dirty) {
        core::Job* job = state_.slots[slot].get();
        if (job != nullptr && job->is_dirty) {
            add_job_image(*job);
        }
    }
    for (const auto& job : state_.ended) {
        add_job_image(*job);
    }
    for (const Sha256& key : state_.new_keys) {
        const auto it = state_.keys.find(key);
        if (it != state_.keys.end()) {
            open_.keys.push_back(
                {key, it->second.request_hash, it->second.ids, it->second.at});
        }
    }
    open_.tenants = take_dirty_tenants();
    open_.fair_ledger = core::due_fair_ledger(state_);
    open_.images = take_images();
    state_.dirty.clear();
    state_.ended.clear();
    state_.new_keys.clear();
    open_.number = next_number_++;
    open_.last_fence = state_.last_fence;
    open_.last_at = state_.last_at;
    if (!state_.slot_of.empty()) {
        open_.oldest_live = state_.slot_of.begin()->first;
    }
    in_flight_ = InFlight{open_.number, std::exchange(open_pending_, {})};
    if (ATTACCA_BUG(BUG_ACK_BEFORE_FSYNC)) {
        release(std::exchange(in_flight_->pending, {}));
    }
    open_bytes_ = 0;
    ++counters_.batches;
    counters_.records += open_.records.size();
    Batch batch = std::exchange(open_, {});
    // Batches are alike, and growing a vector of large records costs as much as filling it.
    open_.records.reserve(batch.records.size());
    open_pending_.effects.reserve(in_flight_->pending.effects.size());
    return batch;
}

std::vector<Answered> Engine::take_answers() {
    return in_flight_ ? std::exchange(in_flight_->pending.answers, {}) : std::vector<Answered>();
}

void Engine::committed(const BatchResult& result) {
    ATTACCA_CHECK(in_flight_ && in_flight_->number == result.number);
    ATTACCA_CHECK(result.commit.outcome == ports::CommitOutcome::committed);
    counters_.commit_us_sum += static_cast<std::uint64_t>(result.commit_us);
    Pending pending = std::move(in_flight_->pending);
    in_flight_.reset();
    for (const auto& [end, time] : pending.job_times) {
        counters_.job_times[place_of(end)].observe(job_bounds_us, time);
    }
    release(std::move(pending));
}

void Engine::release(Pending pending) {
    for (const core::FenceToken fence : pending.acknowledged) {
        runner_.acknowledge(fence);
    }
    // Answers first: they cross a thread and a socket yet, while a start is at work at once. Most
    // of a batch's are gone already (take_answers).
    for (Answered& answered : pending.answers) {
        answered.handler(std::move(answered.answer));
    }
    for (core::Effect& effect : pending.effects) {
        if (auto* start = std::get_if<core::StartAttempt>(&effect)) {
            runner_.start(std::move(start->spec));
        } else if (const auto* stop = std::get_if<core::StopAttempt>(&effect)) {
            runner_.stop(stop->fence);
        } else if (const auto* arm = std::get_if<core::ArmTimer>(&effect)) {
            if (is_wanted(arm->timer)) {
                timers_.arm(*arm);
            }
        }
    }
    timers_.tidy([this](const core::JobId& job) {
        return job == core::JobId{} || state_.find(job) != nullptr;
    });
}

void Engine::fail_pending(const Error& error) {
    std::vector<Answered> answers;
    if (in_flight_) {
        answers = std::move(in_flight_->pending.answers);
        in_flight_.reset();
    }
    for (Answered& answered : open_pending_.answers) {
        answers.push_back(std::move(answered));
    }
    open_pending_ = {};
    open_ = {};
    open_bytes_ = 0;
    open_entities_.clear();
    definitions_.clear();
    for (Answered& answered : answers) {
        answered.handler(error);
    }
}

}  // namespace attacca::engine
