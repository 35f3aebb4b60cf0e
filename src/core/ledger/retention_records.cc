// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <string_view>

#include "core/ledger/named_records.h"

// The records of what must be kept.

namespace attacca::core {
namespace {

void read_scope(MemberReader& members, std::optional<JobId>& out) {
    constexpr std::string_view key = "\"scope\":";
    std::string text;
    members.text(key, text);
    const Result<std::optional<JobId>> scope = parse_scope(text);
    if (!scope || scope_text(*scope) != text) {
        members.refuse(key);
        return;
    }
    out = *scope;
}

template <typename HoldRecord>
void write_hold(std::string& out, const HoldRecord& payload) {
    MemberWriter members(out);
    members.text("\"by\":", payload.by);
    members.text("\"matter\":", payload.matter);
    members.text("\"scope\":", scope_text(payload.job));
    members.end();
}

template <typename HoldRecord>
void read_hold(MemberReader& members, HoldRecord& out) {
    members.text("\"by\":", out.by);
    members.text("\"matter\":", out.matter);
    read_scope(members, out.job);
}

void read_erased_job(MemberReader& members, JobId& out) {
    constexpr std::string_view key = "\"job\":";
    std::optional<JobId> job;
    read_job(members, key, job);
    if (!job) {
        members.refuse(key);
        return;
    }
    out = *job;
}

}  // namespace

void write_named(std::string& out, const Erased& payload) {
    MemberWriter members(out);
    members.text("\"by\":", payload.by);
    members.text("\"job\":", payload.job.text());
    members.text("\"reason\":", payload.reason);
    members.end();
}

void write_named(std::string& out, const EraseRefused& payload) {
    MemberWriter members(out);
    members.text("\"by\":", payload.by);
    members.text("\"job\":", payload.job.text());
    members.text("\"matter\":", payload.matter);
    members.text("\"reason\":", payload.reason);
    members.end();
}

void read_named(MemberReader& members, Erased& out) {
    members.text("\"by\":", out.by);
    read_erased_job(members, out.job);
    members.text("\"reason\":", out.reason);
}

void read_named(MemberReader& members, EraseRefused& out) {
    members.text("\"by\":", out.by);
    read_erased_job(members, out.job);
    members.text("\"matter\":", out.matter);
    members.text("\"reason\":", out.reason);
}

void write_named(std::string& out, const EntriesPruned& payload) {
    MemberWriter members(out);
    members.instant("\"before\":", payload.before);
    members.u64("\"count\":", payload.count);
    members.u64("\"first\":", payload.first);
    members.digest("\"root\":", payload.root);
    members.end();
}

void read_named(MemberReader& members, EntriesPruned& out) {
    members.instant("\"before\":", out.before);
    members.u64("\"count\":", out.count);
    members.u64("\"first\":", out.first);
    members.digest("\"root\":", out.root);
}

void write_named(std::string& out, const ContentCollected& payload) {
    MemberWriter members(out);
    members.u64("\"bodies\":", payload.bodies);
    members.u64("\"bytes\":", payload.bytes);
    members.u64("\"files\":", payload.files);
    members.end();
}

void read_named(MemberReader& members, ContentCollected& out) {
    members.u64("\"bodies\":", out.bodies);
    members.u64("\"bytes\":", out.bytes);
    members.u64("\"files\":", out.files);
}

void write_named(std::string& out, const HoldPlaced& payload) { write_hold(out, payload); }
void write_named(std::string& out, const HoldReleased& payload) { write_hold(out, payload); }

void read_named(MemberReader& members, HoldPlaced& out) { read_hold(members, out); }
void read_named(MemberReader& members, HoldReleased& out) { read_hold(members, out); }

}  // namespace attacca::core
