// SPDX-License-Identifier: Apache-2.0
#include "core/ledger/continuity.h"

#include <algorithm>

#include "core/ledger/named_records.h"
#include "core/ledger/origin.h"

namespace attacca::core {
namespace {

constexpr std::uint64_t tick_s_max = 86'400;

// Whether the record explains a silence in front of it.
bool explains_silence(const RecordHeader& header) {
    return header.type == "ledger_started" || header.type == "ledger_restored" ||
           (header.type == "ledger_tick" && header.payload.find("\"why\":") != std::string::npos);
}

Duration promised_period(const RecordHeader& header) {
    MemberReader members(header.payload);
    LedgerStarted started;
    read_named(members, started);
    return members.is_done() ? seconds(static_cast<std::int64_t>(
                                   std::min(started.tick_s, tick_s_max)))
                             : Duration{0};
}

}  // namespace

bool is_restore_record(std::string_view record) {
    return record.ends_with(R"("typ":"ledger_restored"})");
}

Result<LedgerRestored> read_restore(const RecordHeader& header) {
    MemberReader members(header.payload);
    LedgerRestored restored;
    read_named(members, restored);
    if (header.type != "ledger_restored" || !members.is_done()) {
        return fail(Problem::corrupt, "the record of a restore is malformed");
    }
    return restored;
}

std::optional<std::string> Continuity::restore(const LedgerRestored& restored,
                                               std::string_view origin,
                                               std::uint64_t size,
                                               const Sha256& root) {
    const bool is_next = is_in_force(restored.former) && origin == next_origin(origin_) &&
                         (origin == newest_ || is_former_origin(origin, newest_));
    if (!is_next) {
        return "the restore names the former origin " + quoted(restored.former) +
               ", and that is not the one before this";
    }
    origin_ = origin;
    if (restored.kept_size != size || restored.kept_root != root) {
        return "the restore names another beginning than what stands before it";
    }
    if (restored.lost_size < restored.kept_size) {
        return "the restore names a lost end that lies before what was kept";
    }
    return std::nullopt;
}

bool Continuity::is_in_force(std::string_view origin) {
    if (origin_.empty() && (origin == newest_ || is_former_origin(origin, newest_))) {
        origin_ = origin;
    }
    return origin == origin_;
}

std::optional<std::string> Continuity::follow_time(const RecordHeader& header) {
    std::optional<std::string> why;
    const bool is_first = last_at_.us == INT64_MIN;
    if (!is_first && header.at < last_at_) {
        why = "the record is older than the one before it";
    } else if (!is_first && silence_max_.us > 0 && header.at - last_at_ > silence_max_ &&
               !explains_silence(header)) {
        why = "no record for " + std::to_string((header.at - last_at_).us / 1'000'000) +
              " s before this one, of a server that writes one at least every " +
              std::to_string(silence_max_.us / 2'000'000) + " s";
    }
    if (header.type == "ledger_started") {
        silence_max_ = Duration{2 * promised_period(header).us};
    }
    last_at_ = std::max(last_at_, header.at);
    return why;
}

}  // namespace attacca::core
