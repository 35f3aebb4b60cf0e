// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/job/ids.h"
#include "invariants/violations.h"

// I03: at most one request's jobs for each idempotency key; replays give the first answer.

namespace attacca::sim {

// `first_request` is the one whose jobs are durable under the key, `request` the one of a new job.
inline void check_key_owner(Violations& violations, std::uint64_t first_request,
                            std::uint64_t request) {
    if (first_request != request) {
        violations.report("I03", "one idempotency key made jobs twice");
    }
}

inline void check_replayed_answer(Violations& violations,
                                  const std::vector<core::JobId>& durable,
                                  const std::vector<core::JobId>& answer) {
    if (durable != answer) {
        violations.report("I03", "the answer is not the first answer of its key: " +
                                     std::to_string(answer.size()) + " jobs instead of " +
                                     std::to_string(durable.size()));
    }
}

}  // namespace attacca::sim
