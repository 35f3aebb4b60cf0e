// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "core/job/ids.h"

// The end of what nobody has to keep any longer: the words of records whose retention has passed
// are deleted, batch by batch, and their hashes stay. So every receipt that was handed out still
// holds, and so does the tree above them. The record says which ones, and what their tree was.
//
// The end of a job's retention is counted from the job's end, that of all other records from
// themselves. A hold wins. What the ledger itself needs for ever is never deleted.

namespace attacca::core {

inline constexpr const char* retention_entity = "retention";
inline constexpr std::uint64_t pruned_at_once_max = 65'536;  // records, of one such record

struct EntriesPruned {
    WallTime before;          // all of them, and the ends of their jobs, were older
    std::uint64_t count = 0;  // of records, at least 1
    std::uint64_t first = 0;  // the first one's gseq
    Sha256 root;              // of the tree after the last of them
    friend bool operator==(const EntriesPruned&, const EntriesPruned&) = default;
};

// Whole batches, all of them older, of full tiles only, and of jobs that have ended: the caller has
// looked. That no hold stands is decided.
struct PruneEntries {
    EntriesPruned range;
    std::vector<std::string> tenants;  // whose records they are
    std::vector<JobId> jobs;           // ascending
};

// Whether a record of this type is needed for ever: to verify what stands behind it, or to know
// what was forgotten, and what must not be.
[[nodiscard]] bool is_kept_for_ever(std::string_view type);

// What a job may ask for: how long its records are kept after its end.
struct RetentionPolicy {
    std::optional<Duration> usual = {};  // where nothing is asked for; nothing: for ever
    std::optional<Duration> least = {};  // at least so long, whatever is asked; nothing: as usual
    friend bool operator==(const RetentionPolicy&, const RetentionPolicy&) = default;
};

// Nothing that this policy speaks of is kept for a shorter time; nothing: all for ever.
[[nodiscard]] std::optional<Duration> shortest(const RetentionPolicy& policy);
// `asked` is the text of a definition, or empty. Nothing: for ever, also for a text that is none.
[[nodiscard]] std::optional<Duration> retention_of(const RetentionPolicy& policy,
                                                   std::string_view asked);

// `90s`, `30m`, `12h`, `400d`, `7y` (a year has 365.25 days), up to 100 years; nothing for
// `forever`. Errors: invalid_value.
[[nodiscard]] Result<std::optional<Duration>> parse_retention(std::string_view text);

}  // namespace attacca::core
