// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/command.h"
#include "core/retention/pruning.h"
#include "invariants/violations.h"
#include "marks.h"
#include "ref_bodies.h"
#include "ref_retention.h"
#include "reference.h"

// The reference model of prunings, told from durable records: which batches there are, what of them
// may go, and what is gone (I26). Only what a record names goes, in whole batches of full tiles and
// once; and nothing goes that lives, that waits to be replayed, that a hold covers, whose retention
// has not passed, or that is needed for ever.

namespace attacca::sim {

struct RefBatch {
    std::uint64_t first = 0;
    std::uint32_t count = 0;
    std::uint32_t jobs_from = 0;  // of its jobs, in the list of all
    bool is_kept = false;         // holds what is needed for ever
    bool is_pruned = false;
    WallTime last_at;
    std::vector<std::string> tenants;  // of its records that are of no job
};

class RefPrunings {
  public:
    // A job by its position, and whose it is.
    struct JobOf {
        const RefJob* job = nullptr;
        const std::string* tenant = nullptr;
        bool has_open_letter = false;
    };
    RefPrunings(Violations& violations, Marks& marks, const RefRetention& retention)
        : violations_(violations),
          marks_(marks),
          retention_(retention),
          bodies_(violations, marks) {}

    std::function<JobOf(std::uint32_t)> job_of;

    // A durable record, and the position of its job. What is told of it must still be true.
    void take(const core::Record& record, std::uint64_t gseq, std::uint32_t job);
    // The batch of the last records is whole.
    void end_batch(WallTime last_at);

    // What a server would ask to prune now: the first run of so many batches that may all go.
    [[nodiscard]] std::optional<core::PruneEntries> look(WallTime before, std::size_t batches_max);

    [[nodiscard]] RefBodies& bodies() { return bodies_; }
    [[nodiscard]] const std::vector<RefBatch>& batches() const { return batches_; }
    [[nodiscard]] const std::vector<core::EntriesPruned>& prunings() const { return prunings_; }

  private:
    [[nodiscard]] std::size_t batch_at(std::uint64_t gseq) const;
    // nullptr when the batch may go; else why it must not.
    [[nodiscard]] const char* why_kept(std::size_t batch, WallTime before,
                                       std::uint64_t full_to) const;
    void take_pruning(const core::EntriesPruned& pruned, std::uint64_t gseq);
    void add_names(std::size_t batch, core::PruneEntries& wanted) const;
    [[nodiscard]] std::uint32_t jobs_to(std::size_t batch) const;

    Violations& violations_;
    Marks& marks_;
    const RefRetention& retention_;
    RefBodies bodies_;
    std::vector<RefBatch> batches_;
    RefBatch open_;
    std::vector<std::uint32_t> jobs_;  // of all batches, one after the other
    std::uint64_t newest_of_server_ = 0;
    std::uint64_t size_ = 0;
    std::size_t done_ = 0;  // batches in front of it are pruned, or kept for ever
    std::vector<core::EntriesPruned> prunings_;
};

}  // namespace attacca::sim
