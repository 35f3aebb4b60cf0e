// SPDX-License-Identifier: Apache-2.0
#include "http/record_view.h"

#include <array>
#include <bit>

#include "core/ledger/members.h"
#include "http/json_out.h"

namespace attacca::http {
namespace {

constexpr std::string_view job_prefix = "job/";

// A JSON string without escapes, or an empty view.
std::string_view plain_text(std::string_view raw) {
    const bool is_plain = raw.size() >= 2 && raw.front() == '"' && raw.back() == '"' &&
                          raw.find('\\') == std::string_view::npos;
    return is_plain ? raw.substr(1, raw.size() - 2) : std::string_view();
}

struct Kind {
    std::string_view record_type;
    std::string_view event_type;
    std::string_view payload_part = {};  // tells kinds of one record type apart
};
constexpr std::array<Kind, 50> kinds = {{
    {"job_created", "attacca.job.created"},
    {"attempt_started", "attacca.attempt.started"},
    {"attempt_ended", "attacca.attempt.ended"},
    {"map_expanded", "attacca.map.expanded"},
    {"approval_given", "attacca.approval.given"},
    {"recovery_taken", "attacca.recovery.taken"},
    {"job_paused", "attacca.job.paused"},
    {"job_resumed", "attacca.job.resumed"},
    {"cancel_requested", "attacca.job.cancel_requested"},
    {"job_ended", "attacca.job.completed", R"("state":"completed")"},
    {"job_ended", "attacca.job.failed", R"("state":"failed")"},
    {"job_ended", "attacca.job.cancelled", R"("state":"cancelled")"},
    {"ledger_started", "attacca.ledger.started"},
    {"ledger_stopped", "attacca.ledger.stopped"},
    {"quarantined", "attacca.ledger.quarantined"},
    {"tenant_set", "attacca.tenant.set"},
    {"schedule_set", "attacca.schedule.set"},
    {"schedule_paused", "attacca.schedule.paused"},
    {"schedule_resumed", "attacca.schedule.resumed"},
    {"schedule_deleted", "attacca.schedule.deleted"},
    {"schedule_fired", "attacca.schedule.started", R"("outcome":"started")"},
    {"schedule_fired", "attacca.schedule.queued", R"("outcome":"queued")"},
    {"schedule_fired", "attacca.schedule.skipped", R"("outcome":"skipped")"},
    {"schedule_fired", "attacca.schedule.refused", R"("outcome":"refused")"},
    {"schedule_missed", "attacca.schedule.missed"},
    {"workflow_applied", "attacca.workflow.applied"},
    {"workflow_disabled", "attacca.workflow.disabled"},
    {"workflow_enabled", "attacca.workflow.enabled"},
    {"anchor_timestamped", "attacca.anchor.timestamped"},
    {"hold_placed", "attacca.hold.placed"},
    {"hold_released", "attacca.hold.released"},
    {"erased", "attacca.job.erased"},
    {"erase_refused", "attacca.job.erase_refused"},
    {"entries_pruned", "attacca.ledger.pruned"},
    {"content_collected", "attacca.content.collected"},
    {"key_rotated", "attacca.key.rotated"},
    {"signer_degraded", "attacca.signer.degraded"},
    {"signer_restored", "attacca.signer.restored"},
    {"ledger_tick", "attacca.ledger.tick"},
    {"ledger_restored", "attacca.ledger.restored"},
    {"breaker_opened", "attacca.breaker.opened"},
    {"breaker_half_opened", "attacca.breaker.half_opened"},
    {"breaker_closed", "attacca.breaker.closed"},
    {"breaker_set", "attacca.breaker.set"},
    {"dead_lettered", "attacca.dead_letter.added"},
    {"dead_letter_replayed", "attacca.dead_letter.replayed"},
    {"dead_letter_discarded", "attacca.dead_letter.discarded"},
    {"lane_reserved", "attacca.lane.reserved"},
    {"lane_released", "attacca.lane.released"},
    {"", "attacca.other"},  // of a newer version
}};

std::uint64_t kind_of(std::string_view type, std::string_view payload) {
    for (std::size_t i = 0; i < kinds.size(); ++i) {
        if (kinds[i].record_type == type &&
            payload.find(kinds[i].payload_part) != std::string_view::npos) {
            return std::uint64_t{1} << i;
        }
    }
    return std::uint64_t{1} << (kinds.size() - 1);
}

}  // namespace

Result<RecordView> view_record(std::string_view bytes) {
    RecordView view;
    core::MemberReader members(bytes);
    std::string_view raw;
    std::string_view entity;
    std::string_view type;
    std::string_view tenant;
    std::string_view time;
    static_cast<void>(members.take("\"@\":", raw));
    static_cast<void>(members.take("\"act\":", view.actor));
    static_cast<void>(members.take("\"art\":", raw));
    static_cast<void>(members.take("\"ent\":", entity));
    static_cast<void>(members.take("\"eseq\":", raw));
    members.u64("\"gseq\":", view.gseq);
    static_cast<void>(members.take("\"n\":", raw));
    static_cast<void>(members.take("\"org\":", raw));
    static_cast<void>(members.take("\"p\":", view.payload));
    for (const std::string_view skipped : {"\"prev\":", "\"res\":", "\"ret\":", "\"src\":"}) {
        static_cast<void>(members.take(skipped, raw));
    }
    static_cast<void>(members.take("\"t\":", time));
    static_cast<void>(members.take("\"ten\":", tenant));
    static_cast<void>(members.take("\"tgt\":", raw));
    static_cast<void>(members.take("\"typ\":", type));
    static_cast<void>(members.take("\"x\":", raw));
    view.entity = plain_text(entity);
    view.type = plain_text(type);
    view.tenant = plain_text(tenant);
    view.time = plain_text(time);
    if (!members.is_done() || view.entity.empty() || view.type.empty() || view.time.size() < 24 ||
        view.actor.empty() || view.payload.empty()) {
        return fail(Problem::corrupt, "a record of the ledger cannot be read");
    }
    view.kind = kind_of(view.type, view.payload);
    if (view.entity.starts_with(job_prefix)) {
        view.job = view.entity.substr(job_prefix.size());
    }
    return view;
}

std::string_view event_type_of(const RecordView& record) {
    return kinds[static_cast<std::size_t>(std::countr_zero(record.kind))].event_type;
}

std::uint64_t event_kinds_of(std::string_view name) {
    std::uint64_t found = 0;
    for (std::size_t i = 0; i < kinds.size(); ++i) {
        if (name == kinds[i].record_type || name == kinds[i].event_type) {
            found |= std::uint64_t{1} << i;
        }
    }
    return found;
}

void append_time_ms(std::string& out, std::string_view time) {
    out += time.substr(0, 23);
    out += 'Z';
}

void append_cloud_event(std::string& out, const RecordView& record) {
    const std::string gseq = std::to_string(record.gseq);
    ObjectOut event(out);
    event.raw("specversion", "\"1.0\"");
    event.text("id", gseq);
    event.text("source", "/tenants/" + std::string(record.tenant));
    event.text("type", event_type_of(record));
    event.text("subject",
               record.job.empty() ? std::string(record.entity) : "jobs/" + std::string(record.job));
    append_time_ms(event.key("time") += '"', record.time);
    out += '"';
    event.raw("datacontenttype", "\"application/json\"");
    event.text("dataschema", "urn:attacca:record:" + std::string(record.type));
    event.text("sequence", gseq);
    event.text("tenant", record.tenant);
    event.raw("actor", record.actor);
    event.raw("data", record.payload);
    event.end();
}

void append_event(std::string& out, const RecordView& record) {
    ObjectOut event(out);
    event.number("id", record.gseq);
    event.text("type", record.type);
    append_time_ms(event.key("time") += '"', record.time);
    out += '"';
    event.raw("actor", record.actor);
    if (!record.job.empty()) {
        event.text("job", record.job);
    }
    event.raw("data", record.payload);
    event.end();
}

void append_plain_event(std::string& out, const RecordView& record) {
    ObjectOut event(out);
    event.text("event_id", std::to_string(record.gseq));
    event.text("task_id", record.job);
    event.text("event_type", record.type);
    append_time_ms(event.key("timestamp") += '"', record.time);
    out += '"';
    event.raw("data", record.payload);
    event.end();
}

}  // namespace attacca::http
