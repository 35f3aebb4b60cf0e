// SPDX-License-Identifier: Apache-2.0
#include "core/schedule/timing.h"

#include <algorithm>

#include "base/check.h"
#include "core/schedule/civil.h"

namespace attacca::core {

std::optional<WallTime> Occurrences::next(WallTime after) const {
    switch (timing.kind) {
        case TimingKind::cron: return next_fire(timing.fields, zone, after);
        case TimingKind::once:
            return timing.at > after ? std::optional(timing.at) : std::nullopt;
        case TimingKind::interval: {
            const std::int64_t every = timing.every.us;
            const WallTime first = timing.from.value_or(set_at + timing.every);
            if (first > after) {
                return first;
            }
            return first + Duration{((after - first).us / every + 1) * every};
        }
    }
    ATTACCA_CHECK(false);
}

Occurrences::Counted Occurrences::count(WallTime after,
                                        WallTime until,
                                        std::uint64_t most) const {
    Counted out;
    for (std::optional<WallTime> at = next(after); at && *at <= until && out.count < most;
         at = next(*at)) {
        out.first = out.count == 0 ? *at : out.first;
        out.last = *at;
        ++out.count;
    }
    return out;
}

std::optional<WallTime> Occurrences::last(WallTime after, WallTime until) const {
    // Ever longer pieces of the end, until one holds an occurrence: then only that is walked.
    for (Duration length = seconds(60);; length.us *= 2) {
        const WallTime from = std::max(after, until + Duration{-length.us});
        std::optional<WallTime> found;
        for (std::optional<WallTime> at = next(from); at && *at <= until; at = next(*at)) {
            found = at;
        }
        if (found || from == after || from < WallTime{0}) {
            return found;
        }
    }
}

}  // namespace attacca::core
