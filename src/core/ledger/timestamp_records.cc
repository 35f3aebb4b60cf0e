// SPDX-License-Identifier: Apache-2.0
#include "core/ledger/named_records.h"

// The record of a time stamp.

namespace attacca::core {

void write_named(std::string& out, const AnchorTimestamped& payload) {
    MemberWriter members(out);
    members.instant("\"at\":", payload.stamped_at);
    members.digest("\"query_body\":", payload.query);
    members.digest("\"reply_body\":", payload.reply);
    members.u64("\"size\":", payload.size);
    members.text("\"tsa\":", payload.authority);
    members.end();
}

void read_named(MemberReader& members, AnchorTimestamped& out) {
    members.instant("\"at\":", out.stamped_at);
    members.digest("\"query_body\":", out.query);
    members.digest("\"reply_body\":", out.reply);
    members.u64("\"size\":", out.size);
    members.text("\"tsa\":", out.authority);
}

}  // namespace attacca::core
