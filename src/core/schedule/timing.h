// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/time.h"
#include "core/schedule/cron.h"

// When a schedule fires: by a cron expression, at an interval, or once. The instants at which it
// does are its occurrences.

namespace attacca::core {

enum class TimingKind : std::uint8_t { cron, interval, once };

struct Timing {
    TimingKind kind = TimingKind::cron;
    std::string cron;
    CronFields fields;         // of `cron`
    std::string zone = "UTC";  // of `cron`
    Duration every;            // whole seconds
    // Of an interval: the first occurrence. Where none is given it is counted from the instant at
    // which the schedule was set, which is no occurrence itself.
    std::optional<WallTime> from;
    WallTime at;
    friend bool operator==(const Timing&, const Timing&) = default;
};

// A timing with what its occurrences depend on besides.
struct Occurrences {
    const Timing& timing;
    const Zone& zone;
    WallTime set_at;

    [[nodiscard]] std::optional<WallTime> next(WallTime after) const;

    struct Counted {
        std::uint64_t count = 0;
        WallTime first;
        WallTime last;
    };
    // Those after `after` up to and including `until`, at most `most` of them, the earliest first.
    [[nodiscard]] Counted count(WallTime after, WallTime until, std::uint64_t most) const;

    // The last one after `after` up to and including `until`, searched from the end.
    [[nodiscard]] std::optional<WallTime> last(WallTime after, WallTime until) const;
};

}  // namespace attacca::core
