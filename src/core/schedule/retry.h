// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "core/graph/definition.h"
#include "core/job/attempt_spec.h"

// Whether and when a failed attempt is tried again (requirements X3, I9; kernel.md 1).
//
// A permanent failure is tried again only where the node says `retry`; a transient one up to the
// policy's attempts, the first time at once. An attempt that was lost or stopped is always tried
// again and not counted.

namespace attacca::core {

// The delay before the next attempt in milliseconds, or nothing when there is to be none.
// `counted` is the number of attempts so far without the lost ones, this one included; `seed`
// decides the jitter, which adds up to a fifth, never beyond the policy's max_delay.
[[nodiscard]] std::optional<std::int64_t> retry_delay_ms(const RetryPolicy& policy,
                                                         const AttemptReport& report,
                                                         std::uint32_t counted,
                                                         std::uint64_t seed);

// The failure is worth another attempt, and the policy gives more than one: without a delay from
// above, its attempts ran out.
[[nodiscard]] bool is_worth_retrying(const RetryPolicy& policy, const AttemptReport& report);

}  // namespace attacca::core
