// SPDX-License-Identifier: Apache-2.0
#include "core/ledger/named_records.h"

#include "base/check.h"
#include "core/ledger/scalar.h"

namespace attacca::core {

void write_named(std::string& out, const ScheduleSet& payload) {
    MemberWriter members(out);
    if (payload.definition) {
        members.digest("\"definition\":", *payload.definition);
    }
    write_text_or_body(members, "\"spec\":", "\"spec_body\":", payload.spec);
    members.end();
}

void write_named(std::string& out, const SchedulePaused&) { out += "{}"; }
void write_named(std::string& out, const ScheduleResumed&) { out += "{}"; }
void write_named(std::string& out, const ScheduleDeleted&) { out += "{}"; }

void write_named(std::string& out, const ScheduleFired& payload) {
    MemberWriter members(out);
    members.text("\"cause\":", name_of(payload.cause));
    if (payload.job) {
        std::string& id = members.raw("\"job\":");
        id += '"';
        payload.job->uuid.append_text(id);
        id += '"';
    }
    members.instant("\"nominal\":", payload.nominal);
    members.text("\"outcome\":", name_of(payload.outcome));
    if (!payload.why.empty()) {
        members.text("\"why\":", payload.why);
    }
    members.end();
}

void write_named(std::string& out, const ScheduleMissed& payload) {
    MemberWriter members(out);
    members.u64("\"count\":", payload.count);
    members.instant("\"first\":", payload.first);
    members.instant("\"last\":", payload.last);
    members.end();
}

void write_named(std::string& out, const WorkflowApplied& payload) {
    MemberWriter members(out);
    members.digest("\"definition\":", payload.definition);
    write_text_or_body(members, "\"details\":", "\"details_body\":", payload.details);
    members.u64("\"version\":", payload.version);
    members.end();
}

void write_named(std::string& out, const WorkflowDisabled&) { out += "{}"; }
void write_named(std::string& out, const WorkflowEnabled&) { out += "{}"; }

void read_named(MemberReader& members, ScheduleSet& out) {
    if (members.is_next("\"definition\":")) {
        members.digest("\"definition\":", out.definition.emplace());
    }
    read_text_or_body(members, "\"spec\":", "\"spec_body\":", out.spec);
}

void read_named(MemberReader&, SchedulePaused&) {}
void read_named(MemberReader&, ScheduleResumed&) {}
void read_named(MemberReader&, ScheduleDeleted&) {}

void read_named(MemberReader& members, ScheduleFired& out) {
    std::string cause;
    members.text("\"cause\":", cause);
    const auto known_cause = fire_cause_of(cause);
    if (!known_cause) {
        members.refuse("\"cause\":");
        return;
    }
    out.cause = *known_cause;
    read_job(members, "\"job\":", out.job);
    members.instant("\"nominal\":", out.nominal);
    std::string outcome;
    members.text("\"outcome\":", outcome);
    const auto known_outcome = fire_outcome_of(outcome);
    if (!known_outcome) {
        members.refuse("\"outcome\":");
        return;
    }
    out.outcome = *known_outcome;
    if (members.is_next("\"why\":")) {
        members.text("\"why\":", out.why);
        if (out.why.empty()) {
            members.refuse("\"why\":");
        }
    }
}

void read_named(MemberReader& members, ScheduleMissed& out) {
    members.u64("\"count\":", out.count);
    members.instant("\"first\":", out.first);
    members.instant("\"last\":", out.last);
}

void read_named(MemberReader& members, WorkflowApplied& out) {
    members.digest("\"definition\":", out.definition);
    read_text_or_body(members, "\"details\":", "\"details_body\":", out.details);
    members.u32("\"version\":", out.version);
}

void read_named(MemberReader&, WorkflowDisabled&) {}
void read_named(MemberReader&, WorkflowEnabled&) {}

void write_text_or_body(MemberWriter& members,
                        std::string_view text_key,
                        std::string_view body_key,
                        const TextOrBody& value) {
    if (value.body) {
        ATTACCA_CHECK(value.text.empty());
        members.digest(body_key, *value.body);
    } else if (!value.text.empty()) {
        members.text(text_key, value.text);
    }
}

void read_text_or_body(MemberReader& members,
                       std::string_view text_key,
                       std::string_view body_key,
                       TextOrBody& out) {
    if (members.is_next(text_key)) {
        members.text(text_key, out.text);
        if (out.text.empty()) {
            members.refuse(text_key);
        }
    } else if (members.is_next(body_key)) {
        members.digest(body_key, out.body.emplace());
    }
}

void read_job(MemberReader& members, std::string_view key, std::optional<JobId>& out) {
    std::string_view raw;
    if (members.take(key, raw)) {
        const auto text = plain_text_of(raw);
        const auto uuid = text ? Uuid::parse(*text) : std::nullopt;
        if (!uuid) {
            members.refuse(key);
        }
        out = JobId{uuid.value_or(Uuid{})};
    }
}

}  // namespace attacca::core
