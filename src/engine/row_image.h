// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/job/job.h"
#include "ports/store.h"

// The rows that show a job as it is now: at most one row for each job and batch, and a chunk for
// each 64 instances beyond the first 64 that changed.

namespace attacca::engine {

// `eseq` is that of the job's last record; last_gseq and last_link are the committer's to fill.
[[nodiscard]] ports::JobRow job_row(const core::Job& job);

// The chunks whose instances changed in the open batch; sorts and clears the marks.
[[nodiscard]] std::vector<ports::NodeChunk> take_dirty_chunks(core::Job& job);

[[nodiscard]] ports::TenantRow tenant_row(const core::Tenant& tenant);

// Every chunk of the job, as `verify --replay` compares them. A chunk exists when one of its
// instances has left pending.
[[nodiscard]] std::vector<ports::NodeChunk> all_chunks(const core::Job& job);

}  // namespace attacca::engine
