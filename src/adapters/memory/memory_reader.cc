// SPDX-License-Identifier: Apache-2.0
#include "adapters/memory/memory_reader.h"

#include <algorithm>

#include "core/job/states.h"

namespace attacca::memory {

using ports::LedgerBatch;

Result<ports::LedgerTail> MemoryStore::Reader::tail() {
    const std::scoped_lock lock(store_.mutex_);
    ports::LedgerTail tail;
    if (!store_.batches_.empty()) {
        const LedgerBatch& last = *store_.batches_.back();
        tail.size = store_.size();
        tail.root = last.root;
        tail.last_fence = last.last_fence;
        tail.last_at = last.last_at;
        tail.oldest_live = last.oldest_live;
    }
    if (!store_.checkpoints_.empty()) {
        const auto& [size, note] = *store_.checkpoints_.rbegin();
        tail.checkpoint = ports::SignedCheckpoint{size, note};
    }
    return tail;
}

Result<std::shared_ptr<const LedgerBatch>> MemoryStore::Reader::batch_of(std::uint64_t gseq) {
    const std::scoped_lock lock(store_.mutex_);
    if (gseq >= store_.size()) {
        return std::shared_ptr<const LedgerBatch>();
    }
    // The first batch that begins after the record; the one before holds it.
    const auto after = std::ranges::upper_bound(
        store_.batches_, gseq, {}, [](const auto& batch) { return batch->first_gseq; });
    return *std::prev(after);
}

Result<std::optional<ports::Tile>> MemoryStore::Reader::tile(std::uint32_t level,
                                                             std::uint64_t index) {
    const std::scoped_lock lock(store_.mutex_);
    const auto found = store_.tiles_.find({level, index});
    if (found == store_.tiles_.end()) {
        return std::optional<ports::Tile>();
    }
    return std::optional(ports::Tile{level, index, found->second});
}

Result<std::vector<ports::SignedCheckpoint>> MemoryStore::Reader::checkpoints(
    std::uint64_t after, std::size_t limit) {
    const std::scoped_lock lock(store_.mutex_);
    std::vector<ports::SignedCheckpoint> found;
    for (auto at = store_.checkpoints_.upper_bound(after);
         at != store_.checkpoints_.end() && found.size() < limit; ++at) {
        found.push_back({at->first, at->second});
    }
    return found;
}

Result<std::optional<ports::JobRow>> MemoryStore::Reader::job(const core::JobId& id) {
    const std::scoped_lock lock(store_.mutex_);
    const auto found = store_.jobs_.find(id);
    if (found == store_.jobs_.end()) {
        return std::optional<ports::JobRow>();
    }
    if (store_.poisoned_.contains(id)) {
        return fail(Problem::corrupt, "the row of job " + id.text() + " is poisoned");
    }
    return std::optional(found->second);
}

Result<std::vector<ports::NodeChunk>> MemoryStore::Reader::chunks(const core::JobId& id) {
    const std::scoped_lock lock(store_.mutex_);
    std::vector<ports::NodeChunk> found;
    for (auto at = store_.chunks_.lower_bound({id, 0});
         at != store_.chunks_.end() && at->first.first == id; ++at) {
        found.push_back({id, at->first.second, at->second});
    }
    return found;
}

Result<ports::JobPage> MemoryStore::Reader::jobs(const ports::JobFilter& filter) {
    const std::scoped_lock lock(store_.mutex_);
    ports::JobPage page = list_jobs(store_.jobs_, filter);
    std::erase_if(page.rows, [this](const auto& row) { return store_.poisoned_.contains(row.id); });
    return page;
}

Result<std::vector<ports::JobRow>> MemoryStore::Reader::live_jobs(
    const core::JobId& from, const std::function<void(std::string, std::string)>& undecodable) {
    std::vector<ports::JobRow> live;
    std::vector<std::string> poisoned;
    {
        const std::scoped_lock lock(store_.mutex_);
        for (auto at = store_.jobs_.lower_bound(from); at != store_.jobs_.end(); ++at) {
            if (core::is_final(at->second.state)) {
                continue;
            }
            if (store_.poisoned_.contains(at->first)) {
                poisoned.push_back(at->first.text());
            } else {
                live.push_back(at->second);
            }
        }
    }
    for (std::string& id : poisoned) {  // without the lock: the callee may read the store
        undecodable(std::move(id), "the row is poisoned");
    }
    return live;
}

Result<std::optional<std::string>> MemoryStore::Reader::body(const Sha256& digest) {
    const std::scoped_lock lock(store_.mutex_);
    const auto found = store_.bodies_.find(digest);
    if (found == store_.bodies_.end()) {
        return std::optional<std::string>();
    }
    return std::optional(found->second);
}

Result<std::vector<core::BodySize>> MemoryStore::Reader::bodies_after(const Sha256& after,
                                                                      std::size_t limit) {
    const std::scoped_lock lock(store_.mutex_);
    std::vector<core::BodySize> found;
    for (auto it = store_.bodies_.upper_bound(after);
         it != store_.bodies_.end() && found.size() < limit; ++it) {
        found.push_back({it->first, it->second.size()});
    }
    return found;
}

Result<std::vector<ports::EntityHead>> MemoryStore::Reader::entities() {
    const std::scoped_lock lock(store_.mutex_);
    std::vector<ports::EntityHead> heads;
    for (const auto& [name, head] : store_.entities_) {
        heads.push_back(head);
    }
    return heads;
}

Result<std::vector<ports::EntityHead>> MemoryStore::Reader::entities_below(
    const std::string& prefix,
    const std::string& after,
    std::size_t limit) {
    const std::scoped_lock lock(store_.mutex_);
    std::vector<ports::EntityHead> heads;
    for (auto it = store_.entities_.upper_bound(std::max(prefix, after));
         it != store_.entities_.end() && it->first.starts_with(prefix) && heads.size() < limit;
         ++it) {
        heads.push_back(it->second);
    }
    return heads;
}

Result<std::optional<ports::EntityHead>> MemoryStore::Reader::entity(const std::string& name) {
    const std::scoped_lock lock(store_.mutex_);
    const auto found = store_.entities_.find(name);
    return found == store_.entities_.end() ? std::optional<ports::EntityHead>()
                                           : std::optional(found->second);
}

Result<std::optional<ports::IdempotencyRow>> MemoryStore::Reader::key(const Sha256& key_hash) {
    const std::scoped_lock lock(store_.mutex_);
    const auto found = store_.keys_.find(key_hash);
    if (found == store_.keys_.end()) {
        return std::optional<ports::IdempotencyRow>();
    }
    return std::optional(found->second);
}

Result<std::optional<ports::TenantRow>> MemoryStore::Reader::tenant(const std::string& name) {
    const std::scoped_lock lock(store_.mutex_);
    const auto found = store_.tenants_.find(name);
    if (found == store_.tenants_.end()) {
        return std::optional<ports::TenantRow>();
    }
    return std::optional(found->second);
}

Result<core::FairLedger> MemoryStore::Reader::fair_ledger() {
    const std::scoped_lock lock(store_.mutex_);
    return core::FairLedger(store_.fair_ledger_);
}

Result<std::vector<ports::TenantRow>> MemoryStore::Reader::tenants() {
    const std::scoped_lock lock(store_.mutex_);
    std::vector<ports::TenantRow> rows;
    for (const auto& [name, row] : store_.tenants_) {
        rows.push_back(row);
    }
    return rows;
}

}  // namespace attacca::memory
