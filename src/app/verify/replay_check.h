// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "adapters/sqlite/sqlite_reader.h"
#include "app/verify/fault_sink.h"
#include "core/ledger/codec.h"
#include "core/state.h"
#include "engine/definitions.h"

// That the stored state is what the records say: folds every record with the same `apply` as a
// running engine, and compares each job's rows when the job ends, or when the ledger does.
//
// The reader must hold a snapshot. Memory: the jobs that live at one point of the ledger.

namespace attacca::verify {

class ReplayCheck {
  public:
    // The reader and the keys outlive this.
    ReplayCheck(sqlite::SqliteReader& reader, ports::SealKeys* keys, FaultSink sink);

    // The records in their order. `link` is the record's hash, `previous` what the store's index
    // calls the record before it of the same entity.
    // Errors of both: io_error, when the store cannot be read.
    [[nodiscard]] Result<void> fold(const core::StoredRecord& stored,
                                    const Sha256& link,
                                    std::uint64_t previous);
    // After the last record: live jobs, the chains' heads, the counters and rows without records.
    [[nodiscard]] Result<void> finish(const ports::LedgerTail& tail);
    // Jobs whose records could not be folded: for them nothing was compared.
    [[nodiscard]] std::uint64_t dropped() const { return dropped_; }
    // Sealed jobs whose key is gone: nobody can fold them.
    [[nodiscard]] std::uint64_t unreadable() const { return unreadable_; }

  private:
    struct Head {
        std::string tenant;
        std::uint64_t eseq = 0;
        std::uint64_t gseq = 0;
        Sha256 link;
    };

    void fail_state(std::optional<std::uint64_t> gseq, std::string detail);
    void drop(const core::JobId& id);
    // What stays of a record that cannot be folded: that it is there.
    void pass_over(const core::Record& record);
    void check_index(const core::StoredRecord& stored, std::uint64_t previous);
    [[nodiscard]] Result<void> compare(const core::Job& job, const Head& head);
    [[nodiscard]] Result<void> compare_chunks(const core::Job& job, std::uint64_t gseq);
    [[nodiscard]] Result<void> compare_entities();
    [[nodiscard]] Result<void> compare_tenants();
    void compare_tail(const ports::LedgerTail& tail);
    [[nodiscard]] Result<void> find_rows_without_records();
    // The entity of the record that the row calls its last one.
    [[nodiscard]] Result<bool> has_record(const core::JobId& id);

    sqlite::SqliteReader& reader_;
    FaultSink sink_;
    engine::Definitions definitions_;
    core::State state_;
    std::vector<Head> job_heads_;  // by slot of the state
    std::map<std::string, Head> entity_heads_;
    std::uint64_t jobs_ = 0;
    std::uint64_t dropped_ = 0;
    std::uint64_t unreadable_ = 0;
    std::set<core::JobId> unreadable_jobs_;  // that have not ended at this point of the ledger
};

}  // namespace attacca::verify
