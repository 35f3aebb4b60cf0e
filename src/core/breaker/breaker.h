// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "core/breaker/breaker_records.h"

// A circuit breaker of one tenant for one dependency, as its records tell it.
//
//              errors                    time
//     closed ──────────► open ◄────────────────► half-open
//        ▲                      a probe failed      │
//        └──────────────────────────────────────────┘ a probe succeeded
//
// Nothing that depends on it starts while it is open; half-open lets a few probes through. An
// operator may hold it open or closed; given back to itself it is closed.
//
// Other tenants' failures neither show in it nor open it.

namespace attacca::core {

enum class BreakerState : std::uint8_t { closed, open, half_open };

struct Breaker {
    std::string tenant;
    std::string dependency;
    BreakerState state = BreakerState::closed;
    BreakerMode mode = BreakerMode::automatic;
    WallTime since_at;           // of its state
    WallTime probe_at;           // open by itself: when it becomes half-open
    std::uint64_t openings = 0;  // by itself, in all
    std::uint32_t in_a_row = 0;  // openings since it was last closed
    std::uint32_t errors = 0;    // that opened it last
    std::string reason;          // of the operator, while it is held

    std::uint32_t number = 0;    // volatile: its place among the registry's breakers

    // A timer of its last opening is still wanted.
    [[nodiscard]] bool waits_for_probe(std::uint64_t opening) const {
        return state == BreakerState::open && mode == BreakerMode::automatic && openings == opening;
    }
};

[[nodiscard]] std::string_view name_of(BreakerState state);

// `breaker/<tenant>/<dependency>`
[[nodiscard]] std::string breaker_entity(std::string_view tenant, std::string_view dependency);

// The folded state as JSON text, as the store keeps it.
[[nodiscard]] std::string image_of(const Breaker& breaker);
// Errors: corrupt.
[[nodiscard]] Result<Breaker> load_breaker(std::string_view image);

// False when the record does not fit the breaker's state, which is then as before.
[[nodiscard]] bool fold_breaker(Breaker& breaker, const BreakerOpened& opened, WallTime at);
[[nodiscard]] bool fold_breaker(Breaker& breaker, const BreakerHalfOpened&, WallTime at);
[[nodiscard]] bool fold_breaker(Breaker& breaker, const BreakerClosed&, WallTime at);
[[nodiscard]] bool fold_breaker(Breaker& breaker, const BreakerSet& set, WallTime at);

}  // namespace attacca::core
