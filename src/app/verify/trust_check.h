// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/ledger/checkpoint.h"
#include "core/ledger/fault.h"
#include "core/ledger/keys.h"
#include "ports/store.h"

// What comes from outside of the data directory: anchors, and the policy.

namespace attacca::verify {

// The anchors, and why one cannot be used.
struct Anchors {
    std::vector<core::Checkpoint> opened;
    std::vector<core::Failure> refusals;
};
// Errors: invalid_value, when it is no checkpoint at all.
[[nodiscard]] Result<void> open_anchor(const std::string& text,
                                       core::NoteKey key,
                                       const core::Delegations& delegations,
                                       Anchors& anchors);

// What a policy that was given says against the key, and against the checkpoints. Returns the size
// that a quorum has witnessed. Errors: invalid_value, for a policy that is none; io_error.
[[nodiscard]] Result<std::uint64_t> judge_by_policy(const std::string& text,
                                                    const core::NoteKey& key,
                                                    ports::StoreReader& reader,
                                                    std::vector<core::Failure>& refusals);

}  // namespace attacca::verify
