// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "base/result.h"
#include "core/job/job.h"
#include "ports/seal_keys.h"
#include "ports/store.h"

// An ended job as it was at its end, folded from its records: rows hold no outputs and no items.

namespace attacca::engine {

// `keys` may be null. Cost: the job's records. Precondition: the row is final. Errors: erased,
// corrupt, io_error.
[[nodiscard]] Result<std::unique_ptr<core::Job>> ended_job(ports::StoreReader& reader,
                                                           ports::SealKeys* keys,
                                                           const ports::JobRow& row);

}  // namespace attacca::engine
