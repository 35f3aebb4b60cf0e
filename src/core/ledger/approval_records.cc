// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <string_view>

#include "core/ledger/named_records.h"

// The records of what people decided, and of what was done about nodes that failed.

namespace attacca::core {
namespace {

// A text that is not written when it is empty.
void read_optional(MemberReader& members, std::string_view key, std::string& out) {
    if (members.is_next(key)) {
        members.text(key, out);
        if (out.empty()) {
            members.refuse(key);
        }
    }
}

template <typename Enum, typename Find>
void read_word(MemberReader& members, std::string_view key, Enum& out, Find find) {
    std::string text;
    members.text(key, text);
    const auto found = find(text);
    if (found) {
        out = *found;
    } else {
        members.refuse(key);
    }
}

}  // namespace

void write_named(std::string& out, const ApprovalGiven& payload) {
    MemberWriter members(out);
    members.text("\"by\":", payload.by);
    if (!payload.comment.empty()) {
        members.text("\"comment\":", payload.comment);
    }
    members.text("\"decision\":", name_of(payload.ruling));
    if (payload.item) {
        members.u64("\"item\":", *payload.item);
    }
    members.text("\"node\":", payload.node);
    members.end();
}

void write_named(std::string& out, const RecoveryTaken& payload) {
    MemberWriter members(out);
    members.text("\"action\":", name_of(payload.action));
    if (payload.item) {
        members.u64("\"item\":", *payload.item);
    }
    members.text("\"node\":", payload.node);
    members.end();
}

void read_named(MemberReader& members, ApprovalGiven& out) {
    members.text("\"by\":", out.by);
    read_optional(members, "\"comment\":", out.comment);
    read_word(members, "\"decision\":", out.ruling, ruling_of);
    if (members.is_next("\"item\":")) {
        members.u32("\"item\":", out.item.emplace());
    }
    members.text("\"node\":", out.node);
}

void read_named(MemberReader& members, RecoveryTaken& out) {
    read_word(members, "\"action\":", out.action, on_failure_of);
    if (out.action == OnFailure::fail) {
        members.refuse("\"action\":");
    }
    if (members.is_next("\"item\":")) {
        members.u32("\"item\":", out.item.emplace());
    }
    members.text("\"node\":", out.node);
}

}  // namespace attacca::core
