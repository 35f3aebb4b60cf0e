// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "core/job/ledger_records.h"
#include "core/ledger/fault.h"
#include "core/ledger/profile.h"

// What goes on from record to record over the whole ledger: the origin that is in force, and time.
//
// An origin ends where a `ledger_restored` names it, as the first record of a batch and under the
// next origin. Time runs forward; once a server has said that it ticks, no silence is longer than
// two of its periods, unless the record behind it explains it: a start, a restore, or a tick that
// says why. A silence that nothing explains may hide records that were cut off.
//
// Not for two threads at once.

namespace attacca::core {

// Whether the record is a `ledger_restored`, by its bytes alone: for a look ahead.
[[nodiscard]] bool is_restore_record(std::string_view record);
// Errors: corrupt.
[[nodiscard]] Result<LedgerRestored> read_restore(const RecordHeader& header);

class Continuity {
  public:
    // `newest`: the origin that the ledger has at its end.
    explicit Continuity(std::string newest) : newest_(std::move(newest)) {}

    // The first record of a batch, which is a restore: from here on its origin is in force.
    // `before` is the tree in front of it. Returns what is wrong with it, or nothing.
    [[nodiscard]] std::optional<std::string> restore(const LedgerRestored& restored,
                                                     std::string_view origin,
                                                     std::uint64_t size,
                                                     const Sha256& root);
    // Whether the record may have the origin that it names. The first one settles which is first.
    [[nodiscard]] bool is_in_force(std::string_view origin);
    // Records that are pruned come here: nobody knows any more what the server of them promised.
    void pass_over() { silence_max_ = Duration{0}; }
    // What is wrong with the time of the record, or nothing.
    [[nodiscard]] std::optional<std::string> follow_time(const RecordHeader& header);

    // Empty before the first record.
    [[nodiscard]] const std::string& origin() const { return origin_; }

  private:
    std::string newest_;
    std::string origin_;
    WallTime last_at_{INT64_MIN};
    Duration silence_max_{0};  // 0: nobody ticks
};

}  // namespace attacca::core
