// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstring>
#include <span>

#include "base/check.h"
#include "base/json.h"
#include "core/ledger/codec.h"
#include "core/ledger/members.h"
#include "core/ledger/named_records.h"
#include "core/ledger/profile.h"

namespace attacca::core {
namespace {

void append_artifact(std::string& out, const Artifact& artifact) {
    MemberWriter members(out);
    std::string& digest = members.raw("\"d\":");
    digest += "\"sha256:";
    append_hex(digest, artifact.digest.view());
    digest += '"';
    members.text("\"m\":", artifact.media_type);
    members.text("\"n\":", artifact.name);
    members.u64("\"s\":", artifact.bytes);
    if (artifact.is_truncated) {
        members.yes("\"t\":");
    }
    members.end();
}

void append_states(std::string& out, std::span<const JobState> states) {
    out += '[';
    for (std::size_t i = 0; i < states.size(); ++i) {
        out += i == 0 ? "\"" : ",\"";
        out += name_of(states[i]);
        out += '"';
    }
    out += ']';
}

void append_parent(std::string& out, const ParentRef& parent) {
    MemberWriter members(out);
    members.u64("\"fence\":", parent.fence.value);
    if (parent.item) {
        members.u64("\"item\":", *parent.item);
    }
    members.text("\"job\":", parent.job.text());
    members.text("\"node\":", parent.node);
    members.end();
}

// Writes `p`. Members are in ascending order of their keys.
struct PayloadWriter {
    std::string& out;

    void operator()(const JobCreated& payload) const {
        MemberWriter members(out);
        if (!payload.concurrency_key.empty()) {
            members.text("\"concurrency_key\":", payload.concurrency_key);
        }
        members.digest("\"definition\":", payload.definition);
        write_text_or_body(members, "\"details\":", "\"details_body\":", payload.details);
        write_text_or_body(members, "\"kept\":", "\"kept_body\":", payload.kept);
        if (payload.key_hash) {
            members.digest("\"key_hash\":", *payload.key_hash);
        }
        members.text("\"name\":", payload.name);
        if (payload.parent) {
            append_parent(members.raw("\"parent\":"), *payload.parent);
        }
        members.text("\"priority\":", name_of(payload.priority));
        if (payload.request_hash) {
            members.digest("\"request_hash\":", *payload.request_hash);
        }
        if (payload.retry_of) {
            std::string& id = members.raw("\"retry_of\":");
            id += '"';
            payload.retry_of->uuid.append_text(id);
            id += '"';
        }
        if (payload.scheduled_at) {
            members.instant("\"scheduled_at\":", *payload.scheduled_at);
        }
        if (payload.seal) {
            members.text("\"seal\":", payload.seal->text());
        }
        members.i64("\"sem\":", payload.sem);
        if (payload.tries > 0) {
            members.u64("\"tries\":", payload.tries);
        }
        members.end();
    }

    void operator()(const AttemptStarted& payload) const {
        MemberWriter members(out);
        members.u64("\"attempt\":", payload.attempt);
        members.u64("\"fence\":", payload.fence.value);
        if (payload.item) {
            members.u64("\"item\":", *payload.item);
        }
        if (!payload.lock.empty()) {
            members.text("\"lock\":", payload.lock);
        }
        if (!payload.message.empty()) {
            members.text("\"message\":", payload.message);
        }
        members.text("\"node\":", payload.node);
        if (payload.is_first) {
            members.raw("\"tr\":") += first_steps;
        }
        members.i64("\"ttl_ms\":", payload.ttl_ms);
        if (payload.until) {
            members.instant("\"until\":", *payload.until);
        }
        members.text("\"worker\":", payload.worker);
        members.end();
    }

    void operator()(const AttemptEnded& payload) const {
        MemberWriter members(out);
        members.u64("\"attempt\":", payload.attempt);
        if (payload.failure != FailureClass::none) {
            members.text("\"class\":", name_of(payload.failure));
        }
        if (!payload.detail.empty()) {
            members.text("\"detail\":", payload.detail);
        }
        if (payload.exit_code) {
            members.i64("\"exit_code\":", *payload.exit_code);
        }
        members.u64("\"fence\":", payload.fence.value);
        if (payload.item) {
            members.u64("\"item\":", *payload.item);
        }
        members.text("\"node\":", payload.node);
        members.text("\"outcome\":", name_of(payload.outcome));
        write_text_or_body(members, "\"output\":", "\"output_body\":", payload.output);
        if (payload.output_file) {
            append_artifact(members.raw("\"output_file\":"), *payload.output_file);
        }
        if (payload.parked != Parked::no) {
            members.text("\"parked\":", name_of(payload.parked));
        }
        if (payload.retry_in_ms) {
            members.i64("\"retry_in_ms\":", *payload.retry_in_ms);
        }
        members.end();
    }

    void operator()(const MapExpanded& payload) const {
        MemberWriter members(out);
        members.digest("\"body\":", payload.body);
        members.u64("\"count\":", payload.count);
        members.text("\"node\":", payload.node);
        members.end();
    }

    void operator()(const JobPaused& payload) const {
        MemberWriter members(out);
        if (payload.is_now) {
            members.yes("\"now\":");
        }
        members.end();
    }
    void operator()(const JobResumed&) const { out += "{}"; }
    void operator()(const CancelRequested& payload) const {
        MemberWriter members(out);
        members.text("\"cause\":", name_of(payload.cause));
        members.end();
    }

    void operator()(const JobEnded& payload) const {
        MemberWriter members(out);
        members.yes("\"fin\":");
        write_text_or_body(members, "\"output\":", "\"output_body\":", payload.output);
        if (payload.reason != JobReason::none) {
            members.text("\"reason\":", name_of(payload.reason));
        }
        members.text("\"state\":", name_of(payload.state));
        if (!payload.steps.empty()) {
            append_states(members.raw("\"tr\":"), payload.steps);
        }
        members.end();
    }

    void operator()(const TenantSet& payload) const {
        const TenantSettings& settings = payload.settings;
        MemberWriter members(out);
        number(members, "\"jobs_per_day\":", settings.jobs_per_day);
        number(members, "\"max_concurrency\":", settings.max_concurrency);
        number(members, "\"max_queued\":", settings.max_queued);
        rate(members, "\"rate_limit\":", settings.rate_limit);
        number(members, "\"slot_seconds_per_day\":", settings.slot_seconds_per_day);
        rate(members, "\"start_rate\":", settings.start_rate);
        members.u64("\"weight\":", settings.weight);
        members.end();
    }

    template <typename Named>  // see named_records.h
    void operator()(const Named& payload) const {
        write_named(out, payload);
    }

    static constexpr std::string_view first_steps = R"(["queued","scheduled","running"])";

  private:
    template <typename Number>
    static void number(MemberWriter& members, std::string_view key,
                       const std::optional<Number>& value) {
        if (value) {
            members.u64(key, *value);
        }
    }
    static void rate(MemberWriter& members, std::string_view key,
                     const std::optional<RateLimit>& value) {
        if (value) {
            MemberWriter parts(members.raw(key));
            parts.u64("\"burst\":", value->burst);
            parts.u64("\"count\":", value->count);
            parts.u64("\"per_ms\":", value->per_ms);
            parts.end();
        }
    }
};

// A text that stands in hashes and signed lines as it is: it needs no escape.
void append_plain(std::string& out, std::string_view text) {
    ATTACCA_CHECK(!text.empty());
    for (const char c : text) {
        ATTACCA_CHECK(static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\');
    }
    out += text;
}

// Everything before `p`, and the entity's text once more for `tgt`.
struct Head {
    std::size_t start = 0;
    std::size_t entity_at = 0;
    std::size_t entity_size = 0;
};

void append_entity(std::string& out, const Entity& entity) {
    if (entity.job) {
        out += "job/";
        entity.job->uuid.append_text(out);
    } else {
        append_plain(out, entity.name);
    }
}

void append_entity(std::string& out, std::string_view entity) {
    append_plain(out, entity);
}

template <typename EntityOrText, typename AppendArtifacts>
Head append_head(std::string& out,
                 std::string_view actor,
                 const EntityOrText& entity,
                 const Place& place,
                 std::string_view origin,
                 AppendArtifacts append_artifacts) {
    ATTACCA_CHECK(place.gseq <= record_integer_max && place.eseq <= record_integer_max);
    Head head;
    head.start = out.size();
    out += R"({"@":"attacca-evidence/1","act":)";
    append_json_string(out, actor);
    append_artifacts();
    out += R"(,"ent":")";
    head.entity_at = out.size();
    append_entity(out, entity);
    head.entity_size = out.size() - head.entity_at;
    out += R"(","eseq":)";
    append_u64_text(out, place.eseq);
    out += R"(,"gseq":)";
    append_u64_text(out, place.gseq);
    out += R"(,"n":")";
    std::array<char, sizeof place.nonce> nonce;
    std::memcpy(nonce.data(), place.nonce.data(), nonce.size());
    append_base64(out, {nonce.data(), nonce.size()});
    out += R"(","org":")";
    append_plain(out, origin);
    out += R"(","p":)";
    return head;
}

struct Tail {
    WallTime at;
    std::string_view tenant;
    std::string_view type;
};

void append_tail(std::string& out,
                 const Head& head,
                 const Tail& tail,
                 const Sha256& prev,
                 std::string_view source) {
    out += R"(,"prev":")";
    append_base64(out, prev.view());
    out += R"(","res":"ok","src":)";
    append_json_string(out, source);
    out += R"(,"t":")";
    append_rfc3339(out, tail.at);
    out += R"(","ten":")";
    append_plain(out, tail.tenant);
    out += R"(","tgt":")";
    out.append(out, head.entity_at, head.entity_size);
    out += R"(","typ":")";
    append_plain(out, tail.type);
    out += "\"}";
    ATTACCA_CHECK(out.size() - head.start <= record_bytes_max);
}

}  // namespace

void encode_record(std::string& out,
                   const Record& record,
                   const Place& place,
                   const LedgerName& ledger) {
    const auto* const ended = std::get_if<AttemptEnded>(&record.payload);
    const auto append_artifacts = [&out, ended] {
        if (ended == nullptr || ended->artifacts.empty()) {
            return;
        }
        out += R"(,"art":)";
        char separator = '[';
        for (const Artifact& artifact : ended->artifacts) {
            out += separator;
            append_artifact(out, artifact);
            separator = ',';
        }
        out += ']';
    };
    const Head head =
        append_head(out, record.actor, record.entity, place, ledger.origin, append_artifacts);
    std::visit(PayloadWriter{out}, record.payload);
    append_tail(out, head, {record.at, record.tenant, type_name_of(record.payload)}, place.prev,
                ledger.source);
}

void append_envelope(std::string& out,
                     const Envelope& envelope,
                     std::string_view payload,
                     const Place& place,
                     const LedgerName& ledger) {
    const Head head =
        append_head(out, envelope.actor, envelope.entity, place, ledger.origin, [] {});
    out += payload;
    append_tail(out, head, {envelope.at, envelope.tenant, envelope.type}, place.prev,
                ledger.source);
}

namespace {

// Most records hold a few short texts. Those fit whatever they say (JSON makes six bytes of one at
// most), which saves writing each record twice. Every text of the payload must be asked here.
struct ShortTexts {
    static constexpr std::size_t short_bytes = 1'024;

    static bool is_short(std::string_view text) {
        return text.size() <= short_bytes && is_utf8(text);
    }
    bool operator()(const JobCreated& payload) const {
        return is_short(payload.name) && is_short(payload.details.text) &&
               is_short(payload.kept.text) && is_short(payload.concurrency_key);
    }
    bool operator()(const AttemptEnded& payload) const {
        return is_short(payload.node) && is_short(payload.detail) &&
               is_short(payload.output.text) && !payload.output_file && payload.artifacts.empty();
    }
    template <typename Other>
    bool operator()(const Other&) const {
        return false;
    }
};

}  // namespace

bool fits_in_record(const Payload& payload) {
    if (std::visit(ShortTexts{}, payload)) {
        return true;
    }
    // What every record holds besides its payload; texts of the server itself are short.
    constexpr std::size_t envelope_bytes_max = 8'192;
    constexpr std::size_t usual_bytes = 1'024;
    std::string out;
    out.reserve(usual_bytes);
    std::visit(PayloadWriter{out}, payload);
    if (const auto* const ended = std::get_if<AttemptEnded>(&payload)) {
        for (const Artifact& artifact : ended->artifacts) {
            append_artifact(out, artifact);
            out += ',';
        }
    }
    return out.size() + envelope_bytes_max <= record_bytes_max && is_utf8(out);
}

}  // namespace attacca::core
