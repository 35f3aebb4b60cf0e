// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "base/time.h"
#include "core/tenant/settings.h"

// Rate limits by the generic cell rate algorithm, in integers.
//
// The whole state of a limit is one instant, its theoretical arrival time (TAT): where the events
// so far end when each takes one interval. An event fits while the TAT lies no more than
// (burst − 1) intervals ahead. The interval is rounded up to a nanosecond, so that a limit is never
// exceeded; the instant at which the next event fits is exact to the microsecond and never early.
//
// Pure. Precondition of all: the rate lies within the bounds of TenantSettings, and the cost is no
// greater than its burst. Instants beyond the year 2250 count as that year.

namespace attacca::core {

[[nodiscard]] std::int64_t interval_ns(const RateLimit& rate);

// The first instant, not before `now`, at which `cost` events fit at once.
[[nodiscard]] WallTime fits_at(const RateLimit& rate, std::int64_t tat_ns, std::uint32_t cost,
                               WallTime now);
// The TAT after `cost` events at `now`, whether they fitted or not.
[[nodiscard]] std::int64_t charged(const RateLimit& rate, std::int64_t tat_ns, std::uint32_t cost,
                                   WallTime now);
// How many events fit at once now.
[[nodiscard]] std::uint32_t left_of(const RateLimit& rate, std::int64_t tat_ns, WallTime now);
// How long until the whole burst fits again.
[[nodiscard]] Duration full_in(const RateLimit& rate, std::int64_t tat_ns, WallTime now);

}  // namespace attacca::core
