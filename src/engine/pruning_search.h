// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/ledger/profile.h"
#include "core/retention/hold.h"
#include "core/retention/pruning.h"
#include "ports/store.h"

// Finds the batches whose words may go (core/retention/pruning.h). It reads and decides nothing:
// between this look and the decision a hold may come, which is asked for there again.
//
// It looks at the batches from the oldest on, and stops at the first one that is too young. A batch
// goes when everything in it may: jobs have ended, their retention has passed, and no dead letter
// of them is open; no hold covers any of it; it holds nothing that is kept for ever, nor the newest
// record of the server; and all of its hashes stand in full tiles. What cannot be read is kept:
// damage costs what it hit alone.
//
// A job may ask for a retention of its own (`retention` of its definition), and a child job that
// does not has its parent's. Batches that only time keeps are not read again before that time.

namespace attacca::engine {

class PruningSearch {
  public:
    // The reader outlives this.
    PruningSearch(ports::StoreReader& reader, const core::RetentionPolicy& policy)
        : reader_(reader), policy_(policy), shortest_(core::shortest(policy)) {}

    // A look from the oldest batch on, among the first `signed_size` records. Errors: io_error,
    // corrupt.
    [[nodiscard]] Result<void> begin(WallTime now, std::uint64_t signed_size);
    // The next of this look, a run of batches side by side; nothing at its end.
    // Errors: io_error, corrupt.
    [[nodiscard]] Result<std::optional<core::PruneEntries>> next();

  private:
    enum class Fate { pruned, kept, prunable, too_young };

    // Batches in a row that time keeps until `due`, or longer.
    struct Waiting {
        std::uint64_t first = 0;
        std::uint64_t end = 0;
        WallTime due;
    };
    static constexpr WallTime at_once{std::numeric_limits<std::int64_t>::min()};
    static constexpr WallTime never{std::numeric_limits<std::int64_t>::max()};

    // Goes on behind batches that need not be looked at yet. False: there are none here.
    [[nodiscard]] bool pass_waiting();
    void add_waiting(const Waiting& batches);
    [[nodiscard]] Result<Fate> fate_of(const ports::LedgerBatch& batch);
    // When it may go, for all that is known: `at_once`, or a time that has come; `never`, when what
    // stands against it is not time.
    [[nodiscard]] Result<WallTime> due(const ports::LedgerBatch& batch);
    [[nodiscard]] Result<WallTime> due(const core::RecordHeader& header, WallTime at);
    [[nodiscard]] Result<WallTime> due(const core::JobId& job);
    [[nodiscard]] Result<WallTime> due(const ports::JobRow& row);
    [[nodiscard]] Result<std::optional<ports::JobRow>> readable_row(const core::JobId& job);
    [[nodiscard]] Result<std::string> asked_by(const Sha256& definition);
    [[nodiscard]] Result<bool> has_no_open_letter(const ports::JobRow& row);
    [[nodiscard]] Result<const core::Holds*> holds_of(const std::string& tenant);
    void add(const ports::LedgerBatch& batch);
    [[nodiscard]] std::optional<core::PruneEntries> take();

    ports::StoreReader& reader_;
    const core::RetentionPolicy policy_;
    const std::optional<Duration> shortest_;

    // Of one look.
    WallTime now_;
    WallTime before_;  // what is not older is too young
    std::uint64_t gseq_ = 0;
    std::uint64_t end_ = 0;  // nothing at or behind it may go: its tile is not full
    std::uint64_t newest_of_server_ = 0;
    bool is_all_pruned_ = true;  // so far
    std::map<core::JobId, WallTime> due_;
    std::map<Sha256, std::string> asked_;  // by definition
    std::vector<Waiting> waited_;          // what the look before this one found, in order
    std::size_t next_waited_ = 0;
    std::vector<Waiting> waiting_;         // what this one finds
    bool is_whole_ = false;                // this one came to its end
    std::map<std::string, core::Holds> holds_;

    // Of the batch at hand, and of the run that it may join.
    std::set<std::string> batch_tenants_;
    std::set<core::JobId> batch_jobs_;
    core::EntriesPruned run_;
    std::set<std::string> run_tenants_;
    std::set<core::JobId> run_jobs_;

    std::uint64_t done_ = 0;  // everything in front of it is pruned
};

}  // namespace attacca::engine
