// SPDX-License-Identifier: Apache-2.0
#include "adapters/memory/memory_store.h"

#include <algorithm>
#include <functional>

#include "adapters/memory/memory_reader.h"
#include "base/check.h"
#include "core/job/states.h"

namespace attacca::memory {

using ports::CommitOutcome;
using ports::CommitResult;
using ports::JobRow;
using ports::StoreBatch;

namespace {

constexpr Duration key_life = seconds(24LL * 3600);

void copy_mutable(JobRow& to, const JobRow& from) {
    to.state = from.state;
    to.reason = from.reason;
    to.is_cancelling = from.is_cancelling;
    to.awaits_approval = from.awaits_approval;
    to.started_at = from.started_at;
    to.ended_at = from.ended_at;
    to.total = from.total;
    to.done = from.done;
    to.failed = from.failed;
    to.running = from.running;
    to.instances = from.instances;
    to.eseq = from.eseq;
    to.last_gseq = from.last_gseq;
    to.last_link = from.last_link;
}

}  // namespace

MemoryStore::MemoryStore() : reader_(std::make_unique<Reader>(*this)) {}
MemoryStore::~MemoryStore() = default;

ports::StoreReader& MemoryStore::reader() { return *reader_; }

std::uint64_t MemoryStore::size() const {
    return batches_.empty() ? 0 : batches_.back()->first_gseq + batches_.back()->count;
}

std::optional<CommitResult> MemoryStore::take_fault(bool& is_stored) {
    is_stored = false;
    if (is_broken_) {
        return CommitResult{CommitOutcome::unknown, "an earlier commit ended unknown"};
    }
    if (!fault_) {
        return std::nullopt;
    }
    const Fault fault = *fault_;
    fault_.reset();
    is_stored = fault.is_stored;
    is_broken_ = fault.outcome == CommitOutcome::unknown;
    return CommitResult{fault.outcome, "injected fault"};
}

CommitResult MemoryStore::commit(const StoreBatch& batch) {
    const std::scoped_lock lock(mutex_);
    ATTACCA_CHECK(batch.ledger.first_gseq == size());
    ATTACCA_CHECK(batch.ledger.count > 0);
    ATTACCA_CHECK(batch.ledger.previous.size() == batch.ledger.count);
    bool is_stored = false;
    const std::optional<CommitResult> fault = take_fault(is_stored);
    if (fault && !is_stored) {
        return *fault;
    }
    std::string why = refusal(batch);
    if (!why.empty()) {
        is_broken_ = true;
        return {CommitOutcome::unknown, std::move(why)};
    }
    store(batch);
    return fault.value_or(CommitResult{});
}

CommitResult MemoryStore::put_checkpoint(const ports::SignedCheckpoint& checkpoint) {
    const std::scoped_lock lock(mutex_);
    bool is_stored = false;
    const std::optional<CommitResult> fault = take_fault(is_stored);
    if (!fault || is_stored) {
        checkpoints_[checkpoint.size] = checkpoint.note;
    }
    return fault.value_or(CommitResult{});
}

std::string MemoryStore::refusal(const StoreBatch& batch) const {
    std::set<core::JobId> fresh;
    for (const JobRow& row : batch.jobs) {
        const bool exists = jobs_.contains(row.id) || fresh.contains(row.id);
        if (row.is_new == exists) {
            return "job " + row.id.text() + (exists ? " exists already" : " does not exist");
        }
        if (row.is_new) {
            fresh.insert(row.id);
        }
    }
    std::set<std::pair<std::uint32_t, std::uint64_t>> tiles;
    for (const ports::Tile& tile : batch.tiles) {
        const std::pair<std::uint32_t, std::uint64_t> place{tile.level, tile.index};
        if (tiles_.contains(place) || !tiles.insert(place).second) {
            return "tile " + std::to_string(tile.level) + "/" + std::to_string(tile.index) +
                   " exists already";
        }
    }
    return {};
}

void MemoryStore::store_jobs(const std::vector<JobRow>& rows) {
    for (const JobRow& row : rows) {
        if (row.is_new) {
            JobRow& stored = jobs_.insert_or_assign(jobs_.end(), row.id, row)->second;
            stored.is_new = false;
        } else {
            copy_mutable(jobs_.find(row.id)->second, row);
        }
    }
}

void MemoryStore::prune(const ports::PrunedRange& range) {
    for (std::shared_ptr<const ports::LedgerBatch>& batch : batches_) {
        if (batch->first_gseq >= range.first && batch->first_gseq < range.end) {
            auto pruned = std::make_shared<ports::LedgerBatch>(*batch);
            pruned->records.clear();
            pruned->previous.clear();
            batch = std::move(pruned);
        }
    }
}

void MemoryStore::store(const StoreBatch& batch) {
    for (const ports::PrunedRange& range : batch.pruned) {
        prune(range);
    }
    batches_.push_back(std::make_shared<const ports::LedgerBatch>(batch.ledger));
    for (const ports::Tile& tile : batch.tiles) {
        tiles_.emplace(std::pair{tile.level, tile.index}, tile.hashes);
    }
    store_jobs(batch.jobs);
    for (const ports::NodeChunk& chunk : batch.chunks) {
        chunks_[{chunk.job, chunk.chunk}] = chunk.instances;
    }
    for (const Sha256& digest : batch.collected) {
        bodies_.erase(digest);
    }
    for (const ports::StoredBody& body : batch.bodies) {
        bodies_.emplace(body.digest, body.bytes);
    }
    for (const ports::EntityHead& head : batch.entities) {
        entities_[head.entity] = head;
    }
    for (const ports::IdempotencyRow& key : batch.keys) {
        keys_[key.key_hash] = key;
    }
    for (const ports::TenantRow& row : batch.tenants) {
        tenants_[row.name] = row;
    }
    fair_ledger_ = batch.fair_ledger.value_or(std::move(fair_ledger_));
    if (batch.previous_checkpoint) {
        checkpoints_[batch.previous_checkpoint->size] = batch.previous_checkpoint->note;
    }
}

void MemoryStore::maintain(WallTime now) {
    const std::scoped_lock lock(mutex_);
    std::erase_if(keys_, [now](const auto& entry) { return entry.second.at + key_life <= now; });
}

void MemoryStore::fail_next_commit(CommitOutcome outcome, bool is_stored) {
    const std::scoped_lock lock(mutex_);
    ATTACCA_CHECK(outcome != CommitOutcome::full || !is_stored);
    fault_ = Fault{outcome, is_stored};
}

void MemoryStore::recover() {
    const std::scoped_lock lock(mutex_);
    is_broken_ = false;
    fault_.reset();
}

void MemoryStore::poison_job(const core::JobId& id) {
    const std::scoped_lock lock(mutex_);
    poisoned_.insert(id);
}

}  // namespace attacca::memory
