// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <string_view>

#include "core/ledger/named_records.h"

// The records of the ledger itself.

namespace attacca::core {
namespace {

void read_filled(MemberReader& members, std::string_view key, std::string& out) {
    members.text(key, out);
    if (out.empty()) {
        members.refuse(key);
    }
}

}  // namespace

void write_named(std::string& out, const LedgerStarted& payload) {
    MemberWriter members(out);
    if (!payload.root.empty()) {
        members.text("\"root\":", payload.root);
    }
    members.u64("\"size\":", payload.size);
    if (payload.tick_s > 0) {
        members.u64("\"tick_s\":", payload.tick_s);
    }
    members.text("\"version\":", payload.version);
    members.end();
}

void write_named(std::string& out, const LedgerStopped&) {
    out += "{}";
}

void write_named(std::string& out, const Quarantined& payload) {
    MemberWriter members(out);
    members.text("\"what\":", payload.what);
    members.text("\"why\":", payload.why);
    members.end();
}

void write_named(std::string& out, const LedgerTick& payload) {
    MemberWriter members(out);
    if (!payload.why.empty()) {
        members.text("\"why\":", payload.why);
    }
    members.end();
}

void write_named(std::string& out, const LedgerRestored& payload) {
    MemberWriter members(out);
    members.text("\"by\":", payload.by);
    members.text("\"former\":", payload.former);
    members.digest("\"kept_root\":", payload.kept_root);
    members.u64("\"kept_size\":", payload.kept_size);
    members.digest("\"lost_root\":", payload.lost_root);
    members.u64("\"lost_size\":", payload.lost_size);
    members.text("\"reason\":", payload.reason);
    members.end();
}

void read_named(MemberReader& members, LedgerStarted& out) {
    if (members.is_next("\"root\":")) {
        read_filled(members, "\"root\":", out.root);
    }
    members.u64("\"size\":", out.size);
    if (members.is_next("\"tick_s\":")) {
        members.u64("\"tick_s\":", out.tick_s);
        if (out.tick_s == 0) {
            members.refuse("\"tick_s\":");
        }
    }
    members.text("\"version\":", out.version);
}

void read_named(MemberReader&, LedgerStopped&) {}

void read_named(MemberReader& members, Quarantined& out) {
    members.text("\"what\":", out.what);
    members.text("\"why\":", out.why);
}

void read_named(MemberReader& members, LedgerTick& out) {
    if (members.is_next("\"why\":")) {
        read_filled(members, "\"why\":", out.why);
    }
}

void read_named(MemberReader& members, LedgerRestored& out) {
    members.text("\"by\":", out.by);
    members.text("\"former\":", out.former);
    members.digest("\"kept_root\":", out.kept_root);
    members.u64("\"kept_size\":", out.kept_size);
    members.digest("\"lost_root\":", out.lost_root);
    members.u64("\"lost_size\":", out.lost_size);
    members.text("\"reason\":", out.reason);
}

}  // namespace attacca::core
