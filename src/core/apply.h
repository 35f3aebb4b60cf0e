// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "core/command.h"
#include "core/state.h"

// The only function that changes the folded state. A live engine applies what `decide` returned, a
// start and `verify --replay` apply what the ledger holds: the outcome is the same state.

namespace attacca::core {

// Where records find what they name by SHA-256: resident for live jobs, the store in a replay.
class Bodies {
  public:
    virtual ~Bodies() = default;
    // Errors: not_found, corrupt.
    [[nodiscard]] virtual Result<std::shared_ptr<const Definition>> definition(
        const Sha256& digest) = 0;
    // A sealed text is opened. Errors: also erased, when its key is gone.
    [[nodiscard]] virtual Result<std::string> text(const Sha256& digest) = 0;
    // The key that this job made. Errors: erased; io_error.
    [[nodiscard]] virtual Result<SealKey> seal_key(const JobId& job);
};

// Errors: corrupt, when the record does not fit the state or a body is missing; the state may then
// hold part of the job, which the caller must drop (recovery) or stop over (engine).
[[nodiscard]] Result<void> apply(State& state, const Record& record, Bodies& bodies);

// Volatile: places anew what may start, by jobs and instances. After a replay, which saw no timer
// and so does not know what stood in the queue when a record was written. Retries wait for theirs.
void rebuild_queue(State& state);

// Volatile: the lags that a start would have to know, to be stored with this batch; once in a
// second of the records' time.
[[nodiscard]] std::optional<FairLedger> due_fair_ledger(State& state);

// Volatile: a timer's moment came. Only queue positions change.
void note_due(State& state, const FireTimer& timer);

}  // namespace attacca::core
