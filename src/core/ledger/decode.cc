// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "core/ledger/codec.h"
#include "core/ledger/decode_raw.h"
#include "core/ledger/members.h"
#include "core/ledger/named_records.h"
#include "core/ledger/profile.h"
#include "core/ledger/scalar.h"

namespace attacca::core {
namespace {

constexpr std::string_view artifact_prefix = "sha256:";

bool read_artifact(std::string_view object, Artifact& out) {
    if (object.front() != '{') {
        return false;
    }
    MemberReader members(object);
    std::string digest;
    members.text("\"d\":", digest);
    members.text("\"m\":", out.media_type);
    members.text("\"n\":", out.name);
    members.u64("\"s\":", out.bytes);
    if (members.is_next("\"t\":")) {
        members.yes("\"t\":");
        out.is_truncated = true;
    }
    if (!members.is_done() || !digest.starts_with(artifact_prefix)) {
        return false;
    }
    const auto parsed = sha256_of_hex(std::string_view(digest).substr(artifact_prefix.size()));
    if (!parsed) {
        return false;
    }
    out.digest = *parsed;
    return true;
}

// The name of an enumerator, by the enum's own function.
template <typename Enum>
void read_name(MemberReader& members,
               std::string_view key,
               Enum& out,
               std::optional<Enum> (*of_name)(std::string_view)) {
    std::string_view raw;
    const auto text = members.take(key, raw) ? plain_text_of(raw) : std::nullopt;
    const std::optional<Enum> value = text ? of_name(*text) : std::nullopt;
    if (!value) {
        members.refuse(key);
        return;
    }
    out = *value;
}

// Optional members: each reads when the next key is the one asked for.
void read_item(MemberReader& members, std::optional<std::uint32_t>& out) {
    if (members.is_next("\"item\":")) {
        members.u32("\"item\":", out.emplace());
    }
}

// A member that is left out when it is empty.
void read_optional_text(MemberReader& members, std::string_view key, std::string& out) {
    if (members.is_next(key)) {
        members.text(key, out);
        if (out.empty()) {
            members.refuse(key);
        }
    }
}

bool read_parent(std::string_view object, ParentRef& out) {
    if (object.front() != '{') {
        return false;
    }
    MemberReader members(object);
    std::string id;
    members.u64("\"fence\":", out.fence.value);
    read_item(members, out.item);
    members.text("\"job\":", id);
    members.text("\"node\":", out.node);
    const auto uuid = Uuid::parse(id);
    out.job = JobId{uuid.value_or(Uuid{})};
    return members.is_done() && uuid && out.job.text() == id;
}

void read(MemberReader& members, JobCreated& out) {
    read_optional_text(members, "\"concurrency_key\":", out.concurrency_key);
    members.digest("\"definition\":", out.definition);
    read_text_or_body(members, "\"details\":", "\"details_body\":", out.details);
    read_text_or_body(members, "\"kept\":", "\"kept_body\":", out.kept);
    if (members.is_next("\"key_hash\":")) {
        members.digest("\"key_hash\":", out.key_hash.emplace());
    }
    members.text("\"name\":", out.name);
    std::string_view raw;
    if (members.take("\"parent\":", raw) && !read_parent(raw, out.parent.emplace())) {
        members.refuse("\"parent\":");
    }
    read_name(members, "\"priority\":", out.priority, priority_of);
    if (members.is_next("\"request_hash\":")) {
        members.digest("\"request_hash\":", out.request_hash.emplace());
    }
    read_job(members, "\"retry_of\":", out.retry_of);
    if (members.is_next("\"scheduled_at\":")) {
        members.instant("\"scheduled_at\":", out.scheduled_at.emplace());
    }
    read_job(members, "\"seal\":", out.seal);
    std::int64_t sem = 0;
    members.i64("\"sem\":", sem);
    constexpr std::int64_t sem_max = 1'000'000;
    if (sem < 1 || sem > sem_max) {
        members.refuse("\"sem\":");
        return;
    }
    out.sem = static_cast<int>(sem);
    if (members.is_next("\"tries\":")) {
        members.u32("\"tries\":", out.tries);
        if (out.tries == 0) {
            members.refuse("\"tries\":");
        }
    }
}

void read(MemberReader& members, AttemptStarted& out) {
    members.u32("\"attempt\":", out.attempt);
    members.u64("\"fence\":", out.fence.value);
    read_item(members, out.item);
    read_optional_text(members, "\"lock\":", out.lock);
    read_optional_text(members, "\"message\":", out.message);
    members.text("\"node\":", out.node);
    std::string_view raw;
    if (members.take("\"tr\":", raw)) {
        out.is_first = true;
        if (raw != R"(["queued","scheduled","running"])") {
            members.refuse("\"tr\":");
        }
    }
    members.i64("\"ttl_ms\":", out.ttl_ms);
    if (members.is_next("\"until\":")) {
        members.instant("\"until\":", out.until.emplace());
    }
    members.text("\"worker\":", out.worker);
}

void read(MemberReader& members, AttemptEnded& out) {
    members.u32("\"attempt\":", out.attempt);
    if (members.is_next("\"class\":")) {
        read_name(members, "\"class\":", out.failure, failure_class_of);
        if (out.failure == FailureClass::none) {
            members.refuse("\"class\":");
        }
    }
    read_optional_text(members, "\"detail\":", out.detail);
    if (members.is_next("\"exit_code\":")) {
        members.i64("\"exit_code\":", out.exit_code.emplace());
    }
    members.u64("\"fence\":", out.fence.value);
    read_item(members, out.item);
    members.text("\"node\":", out.node);
    read_name(members, "\"outcome\":", out.outcome, outcome_of);
    read_text_or_body(members, "\"output\":", "\"output_body\":", out.output);
    std::string_view raw;
    if (members.take("\"output_file\":", raw) && !read_artifact(raw, out.output_file.emplace())) {
        members.refuse("\"output_file\":");
    }
    if (members.is_next("\"parked\":")) {
        read_name(members, "\"parked\":", out.parked, parked_of);
        if (out.parked == Parked::no) {
            members.refuse("\"parked\":");
        }
    }
    if (members.is_next("\"retry_in_ms\":")) {
        members.i64("\"retry_in_ms\":", out.retry_in_ms.emplace());
    }
}

void read(MemberReader& members, MapExpanded& out) {
    members.digest("\"body\":", out.body);
    members.u32("\"count\":", out.count);
    members.text("\"node\":", out.node);
}

void read(MemberReader& members, JobPaused& out) {
    if (members.is_next("\"now\":")) {
        members.yes("\"now\":");
        out.is_now = true;
    }
}
void read(MemberReader&, JobResumed&) {}

void read(MemberReader& members, CancelRequested& out) {
    read_name(members, "\"cause\":", out.cause, cancel_cause_of);
}

void read(MemberReader& members, JobEnded& out) {
    members.yes("\"fin\":");
    read_text_or_body(members, "\"output\":", "\"output_body\":", out.output);
    if (members.is_next("\"reason\":")) {
        read_name(members, "\"reason\":", out.reason, job_reason_of);
        if (out.reason == JobReason::none) {
            members.refuse("\"reason\":");
        }
    }
    read_name(members, "\"state\":", out.state, job_state_of);
    std::string_view raw;
    if (!members.take("\"tr\":", raw)) {
        return;
    }
    if (raw.size() <= 2 || raw.front() != '[') {
        members.refuse("\"tr\":");
        return;
    }
    ElementReader elements(raw);
    for (std::string_view element = elements.next(); !element.empty(); element = elements.next()) {
        const auto text = plain_text_of(element);
        const auto state = text ? job_state_of(*text) : std::nullopt;
        if (!state) {
            members.refuse("\"tr\":");
            return;
        }
        out.steps.push_back(*state);
    }
}

void read_number(MemberReader& members, std::string_view key, std::optional<std::uint32_t>& out) {
    if (members.is_next(key)) {
        members.u32(key, out.emplace());
    }
}

void read_number(MemberReader& members, std::string_view key, std::optional<std::uint64_t>& out) {
    if (members.is_next(key)) {
        members.u64(key, out.emplace());
    }
}

// What gcra.h computes with must lie within the bounds, whoever wrote the record.
void read_rate(MemberReader& members, std::string_view key, std::optional<RateLimit>& out) {
    std::string_view raw;
    if (!members.take(key, raw)) {
        return;
    }
    RateLimit& rate = out.emplace();
    if (raw.front() != '{') {
        members.refuse(key);
        return;
    }
    MemberReader parts(raw);
    parts.u32("\"burst\":", rate.burst);
    parts.u32("\"count\":", rate.count);
    parts.u32("\"per_ms\":", rate.per_ms);
    const bool is_bounded = rate.count >= 1 && rate.count <= rate_count_max && rate.burst >= 1 &&
                            rate.burst <= rate.count && rate.per_ms >= 1 &&
                            rate.per_ms <= rate_per_ms_max;
    if (!parts.is_done() || !is_bounded) {
        members.refuse(key);
    }
}

void read(MemberReader& members, TenantSet& out) {
    TenantSettings& settings = out.settings;
    read_number(members, "\"jobs_per_day\":", settings.jobs_per_day);
    read_number(members, "\"max_concurrency\":", settings.max_concurrency);
    read_number(members, "\"max_queued\":", settings.max_queued);
    read_rate(members, "\"rate_limit\":", settings.rate_limit);
    read_number(members, "\"slot_seconds_per_day\":", settings.slot_seconds_per_day);
    read_rate(members, "\"start_rate\":", settings.start_rate);
    members.u32("\"weight\":", settings.weight);
    if (settings.weight < 1 || settings.weight > weight_max) {
        members.refuse("\"weight\":");
    }
}

template <typename Named>  // see named_records.h
void read(MemberReader& members, Named& out) {
    read_named(members, out);
}

// Makes the alternative of the Payload whose type name this is, and reads it.
template <std::size_t index = 0>
bool read_payload(std::string_view type, MemberReader& members, Payload& out) {
    if constexpr (index < std::variant_size_v<Payload>) {
        // The names are those of record.cc; a default value is enough to ask for one.
        static const std::string_view name = type_name_of(Payload(std::in_place_index<index>));
        if (type == name) {
            read(members, out.emplace<index>());
            return true;
        }
        return read_payload<index + 1>(type, members, out);
    } else {
        return false;
    }
}

Error malformed_member(std::string_view member) {
    return fail(Problem::corrupt, "record: member `" + std::string(member) + "` is malformed");
}

bool read_artifacts(std::string_view array, Payload& payload) {
    auto* const ended = std::get_if<AttemptEnded>(&payload);
    constexpr std::size_t empty_size = 2;
    if (ended == nullptr || array.size() == empty_size) {
        return false;
    }
    ElementReader elements(array);
    for (std::string_view element = elements.next(); !element.empty(); element = elements.next()) {
        if (!read_artifact(element, ended->artifacts.emplace_back())) {
            return false;
        }
    }
    return true;
}

void set_entity(std::string_view text, Entity& out) {
    constexpr std::string_view job_prefix = "job/";
    out.job.reset();
    out.name.clear();
    if (text.substr(0, job_prefix.size()) == job_prefix) {
        if (const auto uuid = Uuid::parse(text.substr(job_prefix.size()))) {
            out.job = JobId{*uuid};
            return;
        }
    }
    out.name = text;
}

}  // namespace

Result<void> decode_raw(const RawRecord& raw, const RecordHeader& header, StoredRecord& out) {
    if (raw.has_unknown_member || !raw[Member::ret].empty() || !raw[Member::x].empty()) {
        return fail(Problem::corrupt, "record: a member that this type does not have");
    }
    if (raw[Member::res] != "\"ok\"") {
        return malformed_member("res");
    }
    if (raw[Member::tgt] != raw[Member::ent]) {
        return malformed_member("tgt");
    }
    MemberReader members(header.payload);
    if (!read_payload(header.type, members, out.record.payload)) {
        return fail(Problem::corrupt, "record: unknown type `" + quoted(header.type) + "`");
    }
    if (!members.is_done()) {
        return fail(Problem::corrupt, "record: `p` of " + std::string(header.type) +
                                          ": malformed at " + quoted(members.bad_key()));
    }
    if (!header.artifacts.empty() && !read_artifacts(header.artifacts, out.record.payload)) {
        return malformed_member("art");
    }
    if (!read_text(raw[Member::act], out.record.actor)) {
        return malformed_member("act");
    }
    if (!read_text(raw[Member::src], out.source)) {
        return malformed_member("src");
    }
    set_entity(header.entity, out.record.entity);
    out.record.tenant = header.tenant;
    out.record.at = header.at;
    out.place.gseq = header.gseq;
    out.place.eseq = header.eseq;
    out.place.prev = header.prev;
    out.place.nonce = header.nonce;
    out.origin = header.origin;
    return {};
}

Result<StoredRecord> decode_record(std::string_view bytes) {
    ATTACCA_TRY(const RawRecord raw, read_raw_record(bytes));
    ATTACCA_TRY(const RecordHeader header, header_of(raw));
    StoredRecord stored;
    if (Result<void> done = decode_raw(raw, header, stored); !done) {
        return done.error();
    }
    return stored;
}

}  // namespace attacca::core
