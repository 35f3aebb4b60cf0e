// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "adapters/memory/memory_store.h"
#include "context.h"
#include "engine/batch.h"
#include "engine/committer.h"
#include "engine/scribe.h"
#include "engine/definitions.h"
#include "engine/marking.h"
#include "engine/pruning_search.h"
#include "engine/recovery.h"

// Commit and recovery behind the simulated server.
//
// In exact worlds (1 of 64) the real committer writes the real bytes into the memory store and the
// real recovery reads them back. In the others the records stay as they are: hashing and encoding
// would take most of the time and meet nothing new.

namespace attacca::sim {

class Backend {
  public:
    explicit Backend(Context& context);
    ~Backend();

    [[nodiscard]] ports::StoreReader& reader();
    // A new process: the state as it is on the disk. The definitions get what they must know.
    [[nodiscard]] Result<engine::Recovered> recover(engine::Definitions& definitions);
    // The batch reaches the disk, or the store refuses it: full, or unknown and not stored.
    void commit(const engine::Batch& batch, ports::CommitOutcome outcome);
    // Nothing is under way: the newest signature may be stored alone.
    void rest();
    // The end of an orderly stop: after it every batch is signed.
    void stop();
    // The job's row, or its last record, cannot be read from now on.
    void damage(const core::JobId& id, bool is_row);
    void forget_keys(WallTime wall);
    // What the server finds to prune, by the real search in exact worlds.
    [[nodiscard]] std::optional<core::PruneEntries> look_for_prunable(WallTime now);
    // What bodies it finds that nothing names, by the real marking in exact worlds.
    [[nodiscard]] std::optional<core::CollectContent> look_for_unnamed();
    // I26 in exact worlds: bytes, chain, tree, root, and the last signature.
    void verify();

  private:
    class BodyReader;
    class DamagedReader;
    void verify_keys();
    void verify_prunings();
    void verify_bodies();
    [[nodiscard]] Result<engine::Recovered> recover_records(engine::Definitions& definitions);

    Context& context_;
    engine::LedgerKey key_;
    memory::MemoryStore store_;
    std::unique_ptr<engine::Scribe> scribe_;
    std::unique_ptr<engine::Committer> committer_;
    std::unique_ptr<ports::StoreReader> damaged_reader_;
    std::unique_ptr<engine::PruningSearch> search_;  // of one process
    std::set<std::uint64_t> damaged_records_;  // by gseq
    std::vector<std::string> entities_;        // of all records, by gseq
    std::vector<Sha256> links_;                // the same, as they were written
};

}  // namespace attacca::sim
