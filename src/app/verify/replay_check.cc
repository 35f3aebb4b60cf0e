// SPDX-License-Identifier: Apache-2.0
#include "app/verify/replay_check.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "core/apply.h"
#include "core/job/image.h"
#include "core/ledger/profile.h"
#include "engine/history.h"
#include "engine/row_image.h"

namespace attacca::verify {
namespace {

constexpr std::size_t ids_at_once = 1000;

// A chunk is stored when an instance of it first leaves pending, so what is not there is pending.
bool is_same_chunk(std::string_view stored, std::string_view folded) {
    if (stored.size() > folded.size() || folded.substr(0, stored.size()) != stored) {
        return false;
    }
    const std::string_view rest = folded.substr(stored.size());
    for (std::size_t i = 0; i < core::image_count(rest); ++i) {
        const core::InstanceImage image = core::image_at(rest, i);
        if (image.state != core::NodeState::pending || image.attempts != 0) {
            return false;
        }
    }
    return true;
}

void name_if(bool is_different, std::string_view name, std::string& names) {
    if (is_different) {
        names += (names.empty() ? "" : ", ") + std::string(name);
    }
}

std::string differences(const ports::JobRow& a, const ports::JobRow& b) {
    std::string names;
    name_if(a.tenant != b.tenant, "tenant", names);
    name_if(a.name != b.name, "name", names);
    name_if(a.priority != b.priority, "priority", names);
    name_if(a.definition != b.definition, "definition", names);
    name_if(a.details != b.details, "details", names);
    name_if(a.tags != b.tags, "tags", names);
    name_if(a.kinds != b.kinds, "kinds", names);
    name_if(a.created_at != b.created_at, "created_at", names);
    name_if(a.retry_of != b.retry_of, "retry_of", names);
    name_if(a.parent != b.parent, "parent", names);
    name_if(a.state != b.state, "state", names);
    name_if(a.reason != b.reason, "reason", names);
    name_if(a.is_cancelling != b.is_cancelling, "cancelling", names);
    name_if(a.awaits_approval != b.awaits_approval, "awaits_approval", names);
    name_if(a.started_at != b.started_at, "started_at", names);
    name_if(a.ended_at != b.ended_at, "ended_at", names);
    name_if(a.total != b.total || a.done != b.done || a.failed != b.failed ||
                a.running != b.running,
            "counts", names);
    name_if(a.instances != b.instances, "nodes", names);
    name_if(a.eseq != b.eseq, "eseq", names);
    name_if(a.last_gseq != b.last_gseq, "last_gseq", names);
    name_if(a.last_link != b.last_link, "last_link", names);
    return names;
}

}  // namespace

ReplayCheck::ReplayCheck(sqlite::SqliteReader& reader, ports::SealKeys* keys, FaultSink sink)
    : reader_(reader), sink_(std::move(sink)), definitions_(reader, keys) {
    state_.queue.suspend();
}

void ReplayCheck::fail_state(std::optional<std::uint64_t> gseq, std::string detail) {
    sink_(core::Fault::state, gseq, std::move(detail));
}

// Histories and recovery go by this index, which no hash covers.
void ReplayCheck::check_index(const core::StoredRecord& stored, std::uint64_t previous) {
    const core::Entity& entity = stored.record.entity;
    std::uint64_t expected = ports::no_gseq;
    if (!entity.job) {
        const auto found = entity_heads_.find(entity.name);
        expected = found == entity_heads_.end() ? ports::no_gseq : found->second.gseq;
    } else if (const core::Job* job = state_.find(*entity.job); job != nullptr) {
        expected = job_heads_[job->slot].gseq;
    } else if (stored.place.eseq != 0) {
        return;  // of a job that was dropped
    }
    if (previous != expected) {
        fail_state(stored.place.gseq, "the index names another record as the one before it");
    }
}

Result<void> ReplayCheck::fold(const core::StoredRecord& stored,
                               const Sha256& link,
                               std::uint64_t previous) {
    const core::Record& record = stored.record;
    const std::uint64_t gseq = stored.place.gseq;
    check_index(stored, previous);
    jobs_ += std::holds_alternative<core::JobCreated>(record.payload) ? 1U : 0U;
    if (!record.entity.job) {
        entity_heads_[record.entity.name] = {record.tenant, stored.place.eseq, gseq, link};
    }
    if (record.entity.job && unreadable_jobs_.contains(*record.entity.job)) {
        pass_over(record);
        return {};
    }
    if (const Result<void> applied = core::apply(state_, record, definitions_); !applied) {
        if (applied.error().problem == Problem::erased) {
            ++unreadable_;
            unreadable_jobs_.insert(*record.entity.job);
            pass_over(record);
            return {};
        }
        fail_state(gseq, applied.error().detail);
        if (record.entity.job) {
            drop(*record.entity.job);
        }
        ++state_.size;
        return {};
    }
    Result<void> result;
    if (record.entity.job) {
        const Head head{record.tenant, stored.place.eseq, gseq, link};
        if (const core::Job* job = state_.find(*record.entity.job); job != nullptr) {
            if (job_heads_.size() <= job->slot) {
                job_heads_.resize(std::max<std::size_t>(job->slot + 1U, job_heads_.size() * 2));
            }
            job_heads_[job->slot] = head;
        }
        for (const auto& job : std::exchange(state_.ended, {})) {
            if (result) {
                result = compare(*job, head);
            }
        }
    }
    // What an engine takes at the end of a batch, and what its dispatch takes: nobody does here.
    for (const std::uint32_t slot : std::exchange(state_.dirty, {})) {
        if (core::Job* job = state_.slots[slot].get(); job != nullptr) {
            job->is_dirty = false;
            job->dirty_chunks.clear();
        }
    }
    state_.new_keys.clear();
    for (const std::uint32_t number : std::exchange(state_.dirty_tenants, {})) {
        state_.tenants.at(number).is_dirty = false;
    }
    return result;
}

void ReplayCheck::pass_over(const core::Record& record) {
    ++state_.size;
    state_.last_at = std::max(state_.last_at, record.at);
    if (const auto* started = std::get_if<core::AttemptStarted>(&record.payload)) {
        state_.last_fence = std::max(state_.last_fence, started->fence);
    }
    if (std::holds_alternative<core::JobEnded>(record.payload)) {
        unreadable_jobs_.erase(*record.entity.job);
    }
}

// As recovery does it: what is half applied says nothing.
void ReplayCheck::drop(const core::JobId& id) {
    core::Job* job = state_.find(id);
    if (job == nullptr) {
        return;
    }
    ++dropped_;
    state_.drop_job(*job);
    state_.ended.clear();
}

Result<void> ReplayCheck::compare(const core::Job& job, const Head& head) {
    ports::JobRow folded = engine::job_row(job);
    folded.is_new = false;
    folded.last_gseq = head.gseq;
    folded.last_link = head.link;
    Result<std::optional<ports::JobRow>> stored = reader_.job(job.id);
    if (!stored && stored.error().problem != Problem::corrupt) {
        return stored.error();
    }
    if (!stored) {
        fail_state(head.gseq, stored.error().detail);
        return {};
    }
    if (!*stored) {
        fail_state(head.gseq, "job " + job.id.text() + " has records but no row");
        return {};
    }
    (*stored)->is_new = false;
    if (**stored != folded) {
        fail_state(head.gseq, "the row of job " + job.id.text() + " differs from its records: " +
                                  differences(**stored, folded));
    }
    return compare_chunks(job, head.gseq);
}

Result<void> ReplayCheck::compare_chunks(const core::Job& job, std::uint64_t gseq) {
    Result<std::vector<ports::NodeChunk>> stored = reader_.chunks(job.id);
    if (!stored && stored.error().problem != Problem::corrupt) {
        return stored.error();
    }
    if (!stored) {
        fail_state(gseq, stored.error().detail);
        return {};
    }
    std::map<std::uint32_t, std::string> left;
    for (ports::NodeChunk& chunk : *stored) {
        left[chunk.chunk] = std::move(chunk.instances);
    }
    for (const ports::NodeChunk& folded : engine::all_chunks(job)) {
        const auto found = left.find(folded.chunk);
        const std::string_view bytes = found == left.end() ? std::string_view{} : found->second;
        if (!is_same_chunk(bytes, folded.instances)) {
            fail_state(gseq, "nodes of job " + job.id.text() + " from number " +
                                 std::to_string(folded.chunk * core::chunk_instances) +
                                 " on differ from its records");
        }
        if (found != left.end()) {
            left.erase(found);
        }
    }
    if (!left.empty()) {
        fail_state(gseq, "there are rows of nodes that job " + job.id.text() + " does not have");
    }
    return {};
}

Result<void> ReplayCheck::finish(const ports::LedgerTail& tail) {
    for (const auto& [id, slot] : state_.slot_of) {
        if (Result<void> done = compare(*state_.slots[slot], job_heads_[slot]); !done) {
            return done;
        }
    }
    if (Result<void> done = compare_entities(); !done) {
        return done;
    }
    if (Result<void> done = compare_tenants(); !done) {
        return done;
    }
    compare_tail(tail);
    return find_rows_without_records();
}

Result<void> ReplayCheck::compare_entities() {
    Result<std::vector<ports::EntityHead>> stored = reader_.entities();
    if (!stored && stored.error().problem != Problem::corrupt) {
        return stored.error();
    }
    if (!stored) {
        fail_state(std::nullopt, stored.error().detail);
        return {};
    }
    std::map<std::string, Head> left = entity_heads_;
    for (const ports::EntityHead& row : *stored) {
        const auto found = left.find(row.entity);
        if (found == left.end()) {
            fail_state(std::nullopt, "the row of " + quoted(row.entity) + " has no records");
            continue;
        }
        const Head& head = found->second;
        if (row.tenant != head.tenant || row.eseq != head.eseq || row.last_gseq != head.gseq ||
            row.last_link != head.link || row.image != state_.registry.image_of(row.entity)) {
            fail_state(head.gseq, "the row of " + quoted(row.entity) + " differs from its records");
        }
        left.erase(found);
    }
    for (const auto& [name, head] : left) {
        fail_state(head.gseq, quoted(name) + " has records but no row");
    }
    return {};
}

// A tenant has a row as soon as something was set or used.
Result<void> ReplayCheck::compare_tenants() {
    if (dropped_ > 0 || unreadable_ > 0) {
        return {};  // what those jobs used is not known
    }
    Result<std::vector<ports::TenantRow>> stored = reader_.tenants();
    if (!stored && stored.error().problem != Problem::corrupt) {
        return stored.error();
    }
    if (!stored) {
        fail_state(std::nullopt, stored.error().detail);
        return {};
    }
    std::map<std::string, ports::TenantRow> left;
    for (const auto& [name, number] : state_.tenants.by_name()) {
        ports::TenantRow folded = engine::tenant_row(state_.tenants.at(number));
        const bool has_row = folded != ports::TenantRow{name, {}, {}, {}, {}};
        if (has_row) {
            left.emplace(name, std::move(folded));
        }
    }
    for (const ports::TenantRow& row : *stored) {
        const auto found = left.find(row.name);
        if (found == left.end() || found->second != row) {
            fail_state(std::nullopt, "the row of tenant " + quoted(row.name) +
                                         " differs from what the records tell");
        }
        if (found != left.end()) {
            left.erase(found);
        }
    }
    for (const auto& [name, row] : left) {
        fail_state(std::nullopt, "tenant " + quoted(name) + " has records but no row");
    }
    return {};
}

void ReplayCheck::compare_tail(const ports::LedgerTail& tail) {
    if (dropped_ > 0) {
        return;  // the counters are those of jobs that could not be folded, too
    }
    if (tail.last_fence != state_.last_fence.value) {
        fail_state(std::nullopt, "the stored fence token is " + std::to_string(tail.last_fence) +
                                     ", and that of the records " +
                                     std::to_string(state_.last_fence.value));
    }
    if (tail.last_at != state_.last_at) {
        fail_state(std::nullopt, "the stored time of the last record is not that of the records");
    }
    if (!state_.slot_of.empty() && state_.slot_of.begin()->first < tail.oldest_live) {
        fail_state(std::nullopt,
                   "job " + state_.slot_of.begin()->first.text() +
                       " lives, and the last batch says that none so old does");
    }
}

// Every job of the ledger has its row, so there are others exactly if there are more of them.
Result<void> ReplayCheck::find_rows_without_records() {
    for (const bool is_search : {false, true}) {
        std::uint64_t rows = 0;
        core::JobId from;
        for (bool has_more = true; has_more;) {
            Result<std::vector<core::JobId>> ids = reader_.job_ids(from, ids_at_once + 1);
            if (!ids && ids.error().problem != Problem::corrupt) {
                return ids.error();
            }
            if (!ids) {
                fail_state(std::nullopt, ids.error().detail);
                return {};
            }
            has_more = ids->size() > ids_at_once;
            if (has_more) {
                from = ids->back();
                ids->pop_back();
            }
            rows += ids->size();
            for (const core::JobId& id : is_search ? *ids : std::vector<core::JobId>{}) {
                ATTACCA_TRY(const bool is_known, has_record(id));
                if (!is_known) {
                    fail_state(std::nullopt, "the row of job " + id.text() + " has no records");
                }
            }
        }
        if (rows <= jobs_) {
            return {};
        }
    }
    return {};
}

Result<bool> ReplayCheck::has_record(const core::JobId& id) {
    const Result<std::optional<ports::JobRow>> row = reader_.job(id);
    if (!row || !*row) {
        return row || row.error().problem == Problem::corrupt ? Result<bool>(false) : row.error();
    }
    const Result<std::string> bytes = engine::record_bytes(reader_, (*row)->last_gseq);
    if (!bytes) {
        const bool is_absent = bytes.error().problem == Problem::not_found ||
                               bytes.error().problem == Problem::corrupt;
        return is_absent ? Result<bool>(false) : bytes.error();
    }
    const Result<core::RecordHeader> header = core::read_header(*bytes);
    return header && header->entity == "job/" + id.text();
}

}  // namespace attacca::verify
