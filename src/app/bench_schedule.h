// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "base/json.h"

// `attacca bench schedule`: the fair queue alone, in memory, in virtual time.

namespace attacca::app {

// With `jobs` queued entries of a tenth as many tenants, three priorities, ten thousand running:
// what one call costs this thread on average, and for a dispatch the percentiles of what passes (a
// clock reading included); bytes per queued entry, tenants and flows included; and a dispatch while
// 999 of 1000 tenants wait for their rate.
[[nodiscard]] Json bench_schedule(std::uint64_t jobs);

}  // namespace attacca::app
