// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "core/state.h"
#include "durable.h"

// Looks at the engine's whole state: too dear for every event, so it is done every 1,024 and after
// each restart.

namespace attacca::sim {

// A number over everything that is folded; volatile things (the ready queue) are left out.
[[nodiscard]] std::uint64_t digest_of(const core::State& state);

// The counters that the state carries equal what its instances say.
void check_counters(Violations& violations, const core::State& state);

// The state is the one that the durable records tell. Precondition: it has seen all of them and
// nothing else.
void check_against_reference(Violations& violations, const core::State& state, Durable& durable);

}  // namespace attacca::sim
