// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <set>

#include "engine/mark_filter.h"
#include "ports/store.h"

// What must stay, of all that is kept by its digest: what a record names whose words are kept; the
// definitions of the job that it is of, and of the jobs above that, as long as one record of it is
// left, because they tell how long; and what workflows and schedules are now. Live jobs, jobs under
// a hold and open dead letters have all of their records.
//
// It reads the ledger once from its first record to its last. What cannot be read may name all:
// then there is no answer.

namespace attacca::engine {

class Marking {
  public:
    // The reader outlives this. `goes_on`: asked now and then.
    Marking(ports::StoreReader& reader, std::uint64_t salt, std::function<bool()> goes_on)
        : reader_(reader), salt_(salt), goes_on_(std::move(goes_on)) {}

    // Marks what is named up to now; again: what was named since. Errors: io_error, corrupt;
    // shutting_down, where it is not to go on.
    [[nodiscard]] Result<void> run();
    // All records before this one are marked.
    [[nodiscard]] std::uint64_t size() const { return size_; }
    [[nodiscard]] bool is_needed(const Sha256& digest) const { return marks_.may_hold(digest); }

  private:
    [[nodiscard]] Result<void> mark(const ports::LedgerBatch& batch);
    // The definitions that the job's retention is read from.
    [[nodiscard]] Result<void> mark_job(const core::JobId& job);
    [[nodiscard]] Result<void> mark_images(const char* prefix);
    void mark(const core::TextOrBody& text);

    ports::StoreReader& reader_;
    const std::uint64_t salt_;
    const std::function<bool()> goes_on_;
    MarkFilter marks_{0, 0};
    std::uint64_t size_ = 0;
    std::set<core::JobId> jobs_;  // that were marked lately
};

}  // namespace attacca::engine
