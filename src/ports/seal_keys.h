// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "base/result.h"
#include "core/retention/seal_key.h"

// The keys of sealed jobs: outside of the ledger and of every copy of it. Safe from any thread.

namespace attacca::ports {

class SealKeys {
  public:
    virtual ~SealKeys() = default;
    // A new key for the job, durable when this returns. Errors: storage_full, io_error.
    [[nodiscard]] virtual Result<core::SealKey> create(const core::JobId& job) = 0;
    // Errors: erased, when it is not there; io_error, corrupt.
    [[nodiscard]] virtual Result<core::SealKey> load(const core::JobId& job) = 0;
    // Destroys it, for good when this returns; nothing when it is not there. Errors: io_error.
    [[nodiscard]] virtual Result<void> destroy(const core::JobId& job) = 0;
    // The jobs that have one. Errors: io_error.
    [[nodiscard]] virtual Result<std::vector<core::JobId>> list() = 0;
};

}  // namespace attacca::ports
