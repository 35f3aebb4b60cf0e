// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "adapters/memory/memory_query.h"
#include "ports/store.h"

// A Store that keeps everything in memory: the oracle of the contract suite, and the store of the
// simulator, where an object outlives the simulated processes that use it.
//
// Thread-safe as the port asks; one uncontended mutex per call is the whole cost of that.

namespace attacca::memory {

class MemoryStore final : public ports::Store {
  public:
    MemoryStore();
    ~MemoryStore() override;

    [[nodiscard]] ports::CommitResult commit(const ports::StoreBatch& batch) override;
    [[nodiscard]] ports::CommitResult put_checkpoint(
        const ports::SignedCheckpoint& checkpoint) override;
    void maintain(WallTime now) override;
    [[nodiscard]] ports::StoreReader& reader() override;

    // The next commit() or put_checkpoint() ends so. `is_stored` chooses what `unknown` hides:
    // whether the batch is there when the process comes back.
    void fail_next_commit(ports::CommitOutcome outcome, bool is_stored = false);
    // A new process has opened the store: commits are possible again after an `unknown`.
    void recover();
    // From now on this job's row cannot be decoded.
    void poison_job(const core::JobId& id);

  private:
    struct Fault {
        ports::CommitOutcome outcome = ports::CommitOutcome::full;
        bool is_stored = false;
    };
    class Reader;

    // Why the batch may not be stored, empty when it may. Nothing is changed.
    [[nodiscard]] std::string refusal(const ports::StoreBatch& batch) const;
    void prune(const ports::PrunedRange& range);
    void store(const ports::StoreBatch& batch);
    void store_jobs(const std::vector<ports::JobRow>& rows);
    [[nodiscard]] std::uint64_t size() const;
    // The answer of a fault that was asked for, or of an earlier `unknown`; none: go on.
    // Sets `is_stored` when the batch is to be stored all the same.
    [[nodiscard]] std::optional<ports::CommitResult> take_fault(bool& is_stored);

    mutable std::mutex mutex_;  // guards everything below
    std::optional<Fault> fault_;
    bool is_broken_ = false;  // an `unknown` was answered
    std::vector<std::shared_ptr<const ports::LedgerBatch>> batches_;
    std::map<std::pair<std::uint32_t, std::uint64_t>, std::string> tiles_;
    std::map<std::uint64_t, std::string> checkpoints_;
    JobRows jobs_;
    std::set<core::JobId> poisoned_;
    std::map<std::pair<core::JobId, std::uint32_t>, std::string> chunks_;
    std::map<Sha256, std::string> bodies_;
    std::map<std::string, ports::EntityHead> entities_;
    std::map<Sha256, ports::IdempotencyRow> keys_;
    std::map<std::string, ports::TenantRow> tenants_;
    core::FairLedger fair_ledger_;
    std::unique_ptr<Reader> reader_;
};

}  // namespace attacca::memory
