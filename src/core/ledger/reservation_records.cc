// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "core/ledger/named_records.h"
#include "core/reservation/reservation_records.h"

// `p` of the records of lanes that are kept for an owner.

namespace attacca::core {

void write_named(std::string& out, const LaneReserved& payload) {
    MemberWriter members(out);
    members.u64("\"fence\":", payload.fence.value);
    members.text("\"job\":", payload.job.text());
    members.text("\"node\":", payload.node);
    members.text("\"owner\":", payload.owner);
    members.end();
}

void write_named(std::string& out, const LaneReleased& payload) {
    MemberWriter members(out);
    members.text("\"cause\":", name_of(payload.cause));
    members.end();
}

void read_named(MemberReader& members, LaneReserved& out) {
    std::optional<JobId> job;
    members.u64("\"fence\":", out.fence.value);
    read_job(members, "\"job\":", job);
    members.text("\"node\":", out.node);
    members.text("\"owner\":", out.owner);
    if (!job || out.owner.empty()) {
        members.refuse("\"owner\":");
        return;
    }
    out.job = *job;
}

void read_named(MemberReader& members, LaneReleased& out) {
    std::string cause;
    members.text("\"cause\":", cause);
    const auto known = release_cause_of(cause);
    if (!known) {
        members.refuse("\"cause\":");
        return;
    }
    out.cause = *known;
}

}  // namespace attacca::core
