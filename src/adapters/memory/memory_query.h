// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>

#include "core/job/ids.h"
#include "ports/store.h"

// Listing jobs without an index: one pass over all rows. Pure; safe from any thread.

namespace attacca::memory {

using JobRows = std::map<core::JobId, ports::JobRow>;

// Whether a row belongs to what the filter asks for (`after`, `limit` and `offset` aside).
[[nodiscard]] bool matches(const ports::JobRow& row, const ports::JobFilter& filter);

// Cost: every row.
[[nodiscard]] ports::JobPage list_jobs(const JobRows& rows, const ports::JobFilter& filter);

}  // namespace attacca::memory
