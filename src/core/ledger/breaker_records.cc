// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "core/breaker/breaker_records.h"
#include "core/ledger/named_records.h"

// `p` of the records of circuit breakers.

namespace attacca::core {

void write_named(std::string& out, const BreakerOpened& payload) {
    MemberWriter members(out);
    members.text("\"cause\":", name_of(payload.cause));
    members.u64("\"errors\":", payload.errors);
    members.i64("\"probe_in_ms\":", payload.probe_in_ms);
    members.end();
}

void write_named(std::string& out, const BreakerHalfOpened&) { out += "{}"; }
void write_named(std::string& out, const BreakerClosed&) { out += "{}"; }

void write_named(std::string& out, const BreakerSet& payload) {
    MemberWriter members(out);
    members.text("\"mode\":", name_of(payload.mode));
    if (!payload.reason.empty()) {
        members.text("\"reason\":", payload.reason);
    }
    members.end();
}

void read_named(MemberReader& members, BreakerOpened& out) {
    std::string cause;
    members.text("\"cause\":", cause);
    const auto known = breaker_cause_of(cause);
    if (!known) {
        members.refuse("\"cause\":");
        return;
    }
    out.cause = *known;
    members.u32("\"errors\":", out.errors);
    members.i64("\"probe_in_ms\":", out.probe_in_ms);
    constexpr std::int64_t year_ms = 365LL * 86'400'000;
    if (out.probe_in_ms < 0 || out.probe_in_ms > year_ms) {
        members.refuse("\"probe_in_ms\":");
    }
}

void read_named(MemberReader&, BreakerHalfOpened&) {}
void read_named(MemberReader&, BreakerClosed&) {}

void read_named(MemberReader& members, BreakerSet& out) {
    std::string mode;
    members.text("\"mode\":", mode);
    const auto known = breaker_mode_of(mode);
    if (!known) {
        members.refuse("\"mode\":");
        return;
    }
    out.mode = *known;
    if (members.is_next("\"reason\":")) {
        members.text("\"reason\":", out.reason);
        if (out.reason.empty()) {
            members.refuse("\"reason\":");
        }
    }
}

}  // namespace attacca::core
