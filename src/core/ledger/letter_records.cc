// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "core/dead_letter/dead_letter_records.h"
#include "core/ledger/named_records.h"

// `p` of the records of dead letters.

namespace attacca::core {

void write_named(std::string& out, const DeadLettered& payload) {
    MemberWriter members(out);
    members.u64("\"attempts\":", payload.attempts);
    members.text("\"cause\":", name_of(payload.cause));
    if (payload.item) {
        members.u64("\"item\":", *payload.item);
    }
    members.text("\"name\":", payload.name);
    members.text("\"node\":", payload.node);
    members.u64("\"parked\":", payload.parked);
    members.end();
}

void write_named(std::string& out, const DeadLetterReplayed& payload) {
    MemberWriter members(out);
    members.yes("\"fin\":");
    members.text("\"job\":", payload.job.text());
    members.end();
}

void write_named(std::string& out, const DeadLetterDiscarded& payload) {
    MemberWriter members(out);
    members.yes("\"fin\":");
    if (!payload.reason.empty()) {
        members.text("\"reason\":", payload.reason);
    }
    members.end();
}

void read_named(MemberReader& members, DeadLettered& out) {
    members.u32("\"attempts\":", out.attempts);
    std::string cause;
    members.text("\"cause\":", cause);
    out.cause = parked_of(cause).value_or(Parked::no);
    if (out.cause == Parked::no) {
        members.refuse("\"cause\":");
    }
    if (members.is_next("\"item\":")) {
        members.u32("\"item\":", out.item.emplace());
    }
    members.text("\"name\":", out.name);
    members.text("\"node\":", out.node);
    members.u32("\"parked\":", out.parked);
}

void read_named(MemberReader& members, DeadLetterReplayed& out) {
    members.yes("\"fin\":");
    std::string text;
    members.text("\"job\":", text);
    const auto uuid = Uuid::parse(text);
    out.job = JobId{uuid.value_or(Uuid{})};
    if (!uuid || out.job.text() != text) {
        members.refuse("\"job\":");
    }
}

void read_named(MemberReader& members, DeadLetterDiscarded& out) {
    members.yes("\"fin\":");
    if (members.is_next("\"reason\":")) {
        members.text("\"reason\":", out.reason);
        if (out.reason.empty()) {
            members.refuse("\"reason\":");
        }
    }
}

}  // namespace attacca::core
