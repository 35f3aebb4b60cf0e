// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/job/ids.h"

// The records of lanes that are kept for an owner (entity `lane/<tenant>/<lane>`). Their bytes are
// core/ledger's, their fold is core/reservation/reservation.h.

namespace attacca::core {

// A task that says `stay` was given out: what follows it in the lane is the owner's.
struct LaneReserved {
    FenceToken fence;   // of that attempt
    JobId job;
    std::string node;
    std::string owner;  // reservation/owner.h
    friend bool operator==(const LaneReserved&, const LaneReserved&) = default;
};

enum class ReleaseCause : std::uint8_t {
    followed,  // a task of the owner that does not say `stay` was given out
    ended,     // the job whose lane it was ended
    quiet,     // nothing of the owner ran there for long enough
};
inline constexpr int release_cause_count = 3;
[[nodiscard]] std::string_view name_of(ReleaseCause cause);
[[nodiscard]] std::optional<ReleaseCause> release_cause_of(std::string_view name);

struct LaneReleased {
    ReleaseCause cause = ReleaseCause::followed;
    friend bool operator==(const LaneReleased&, const LaneReleased&) = default;
};

}  // namespace attacca::core
