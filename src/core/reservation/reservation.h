// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "core/reservation/reservation_records.h"

// A lane of one tenant, as its records tell for whom it is kept (N1). While it is kept, workers are
// given the owner's tasks there and no other.
//
// How long it has been quiet is no part of that: like a lease, that time begins anew at a start.

namespace attacca::core {

// When nothing of the owner follows for so long, the lane is anybody's.
inline constexpr Duration lane_quiet_default = seconds(300);

struct Reservation {
    std::string tenant;
    std::string lane;
    std::string owner;  // empty: it was kept once, and is anybody's now
    FenceToken fence;   // of the attempt that said so last
    JobId job;          // and what it was an attempt of
    std::string node;
    WallTime since_at;  // kept for this owner, or not kept
    std::uint32_t ends = 0;  // volatile: of the owner's attempts there, while it is kept

    [[nodiscard]] bool is_kept() const { return !owner.empty(); }
};

// `lane/<tenant>/<lane>`
[[nodiscard]] std::string lane_entity(std::string_view tenant, std::string_view lane);

// The folded state as JSON text, as the store keeps it.
[[nodiscard]] std::string image_of(const Reservation& reservation);
// Errors: corrupt.
[[nodiscard]] Result<Reservation> load_reservation(std::string_view image);

// False when the record does not fit, which leaves everything as it was: a lane is kept for one
// owner until it is released.
[[nodiscard]] bool fold_reservation(Reservation& lane, const LaneReserved& reserved, WallTime at);
[[nodiscard]] bool fold_reservation(Reservation& lane, const LaneReleased&, WallTime at);

}  // namespace attacca::core
