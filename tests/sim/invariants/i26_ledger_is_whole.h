// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/time.h"
#include "invariants/violations.h"
#include "ports/store_batch.h"
#include "reference.h"

// I26: the ledger has no gap, neither in the whole nor in the chain of a job; its time never runs
// back; the rows of a batch say what its records say, and every body that they name is there.

namespace attacca::sim {

inline void check_place(Violations& violations, std::uint64_t expected, std::uint64_t eseq,
                        WallTime previous, WallTime at) {
    if (expected != eseq) {
        violations.report("I26", "record " + std::to_string(eseq) + " of its entity, expected " +
                                     std::to_string(expected));
    }
    if (at < previous) {
        violations.report("I26", "the time of a record lies before that of the one before it");
    }
}

inline void check_row(Violations& violations, const RefJob& job, const ports::JobRow& row) {
    std::uint32_t done = 0;
    std::uint32_t failed = 0;
    std::uint32_t running = 0;
    for (const RefInstance& instance : job.instances) {
        done += core::is_final(instance.state) ? 1U : 0U;
        failed += instance.state == core::NodeState::failed ? 1U : 0U;
        running += instance.state == core::NodeState::running ? 1U : 0U;
    }
    const bool is_same = row.state == job.state && row.reason == job.reason &&
                         row.is_cancelling == job.is_cancelling && row.done == done &&
                         row.failed == failed && row.running == running &&
                         row.total == job.instances.size() && row.eseq + 1 == job.records;
    if (!is_same) {
        violations.report("I26", "the row of job " + job.id.text() + " disagrees with its records");
    } else if (!job.has_images(0, row.instances)) {
        violations.report("I26", "the row of job " + job.id.text() + " shows other node states");
    }
}

inline void check_chunk(Violations& violations, const RefJob& job, const ports::NodeChunk& chunk) {
    if (chunk.chunk == 0 || !job.has_images(chunk.chunk, chunk.instances)) {
        violations.report("I26", "a chunk of job " + job.id.text() + " shows other node states");
    }
}

inline void check_body(Violations& violations, bool is_stored) {
    if (!is_stored) {
        violations.report("I26", "a record names a body that is not stored");
    }
}

}  // namespace attacca::sim
