// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "core/schedule/schedule_records.h"
#include "core/schedule/schedule_spec.h"

// The folded state of one schedule.
//
// An occurrence is identified by the schedule and its nominal instant. `decided_to` only grows:
// every occurrence up to it was decided once, by a record, and none beyond it. That record and the
// job that it started are one batch, so a crash leaves both or neither.
//
//            set                      nominal instant comes            its job ends
//   (none) ───────► waits ──────────────────────────────► decided:      ──────────► a queued
//                     ▲  │ paused                    started, queued,               one is
//             resumed └──┘ nothing is decided        skipped, refused               decided
//
// What a deleted schedule decided stays known: one of the same name begins after that.

namespace attacca::core {

inline constexpr std::size_t queued_occurrences_max = 1000;

struct Schedule {
    std::string tenant;
    std::string name;
    TextOrBody spec_text;
    std::optional<Sha256> definition_digest;
    bool is_paused = false;
    bool is_deleted = false;
    WallTime created_at;
    WallTime set_at;                // when the spec was last set
    WallTime decided_to;
    std::deque<WallTime> queued;    // nominal instants, ascending
    std::uint64_t started = 0;      // counts since it was created
    std::uint64_t skipped = 0;
    std::uint64_t missed = 0;
    struct Last {
        WallTime nominal;
        FireOutcome outcome = FireOutcome::started;
        std::optional<JobId> job;
        friend bool operator==(const Last&, const Last&) = default;
    };
    std::optional<Last> last;       // of occurrences and triggers

    // Made from the texts above.
    ScheduleSpec spec;
    std::shared_ptr<const Definition> definition;

    [[nodiscard]] bool is_waiting() const { return !is_paused && !is_deleted; }
    [[nodiscard]] Occurrences occurrences(const Zone& zone) const {
        return {spec.timing, zone, set_at};
    }
};

// `schedule/<tenant>/<name>`
[[nodiscard]] std::string schedule_entity(std::string_view tenant, std::string_view name);

// The folded state as JSON text, as the store keeps it.
[[nodiscard]] std::string image_of(const Schedule& schedule);
// Without what is made from other texts. Errors: corrupt.
[[nodiscard]] Result<Schedule> load_schedule(std::string_view image);

}  // namespace attacca::core
