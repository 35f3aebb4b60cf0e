// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/ledger/hash.h"
#include "core/ledger/profile.h"
#include "engine/assurance.h"
#include "engine/entity_check.h"
#include "engine/entity_records.h"
#include "engine/history.h"
#include "http/evidence_view.h"
#include "http/json_out.h"
#include "http/tile_path.h"

// The ledger for strangers: its checkpoint, its records as they were hashed, their receipts, and
// its tiles.

namespace attacca::http {
namespace {

constexpr std::string_view text_type = "text/plain; charset=utf-8";
constexpr std::string_view records_path = "/api/v1/evidence/records/";
constexpr std::uint64_t records_default = 100;
constexpr std::uint64_t records_most = 1000;

Response text_response(std::string text) {
    Response response;
    response.content_type = text_type;
    response.body = std::move(text);
    return response;
}

// What can never change again, because its path names it exactly.
void mark_immutable(Response& response) {
    response.headers.push_back({"Cache-Control", "private, max-age=31536000, immutable"});
}

Result<std::string> checkpoint_of(const Api& api, const Call& call) {
    if (Result<void> done = call.query.finish(); !done) {
        return done.error();
    }
    ATTACCA_TRY(const engine::Evidence evidence, evidence_of(api));
    return evidence.signed_tree().note;
}

Result<std::string> record_of(const Api& api, const Call& call) {
    if (Result<void> done = call.query.finish(); !done) {
        return done.error();
    }
    return visible_record(api, call, call.path.front());
}

// A receipt, and what it rests on by now.
Result<Response> receipt_response(const Api& api, std::uint64_t gseq) {
    ATTACCA_TRY(engine::Evidence evidence, evidence_of(api));
    ATTACCA_TRY(std::string receipt, evidence.receipt(gseq));
    ATTACCA_TRY(std::string assurance,
                engine::assurance_of(api.gateway.reader(), evidence.signed_tree(), gseq));
    Response response = text_response(std::move(receipt));
    response.headers.push_back({"Attacca-Assurance", std::move(assurance)});
    return response;
}

Result<Response> proof_of(const Api& api, const Call& call) {
    const Result<std::string> bytes = record_of(api, call);
    // Of a pruned record the hash is left, which the tiles show to everybody: its receipt holds.
    if (!bytes && bytes.error().problem != Problem::pruned) {
        return bytes.error();
    }
    return receipt_response(api, *parse_u64(call.path.front()));
}

Result<std::string> signature_of(const Api& api, const Call& call) {
    ATTACCA_TRY(const std::string bytes, record_of(api, call));
    ATTACCA_TRY(const core::RecordHeader header, core::read_header(bytes));
    if (!core::is_signed_alone(header.type)) {
        return fail(Problem::not_found,
                    "records of this type are signed through their checkpoint: ask for the proof");
    }
    return api.gateway.sign_link(
        {std::string(header.origin), header.gseq, core::leaf_hash(bytes)});
}

// The position of the entity's record number `eseq`, or of its newest one that is signed.
Result<std::uint64_t> position_of(const Api& api, const Call& call, const std::string& name,
                                  std::optional<std::uint64_t> eseq) {
    ATTACCA_TRY(const EntityEnd entity, find_entity(api, call, name));
    ATTACCA_TRY(
        const std::vector<std::uint64_t> positions,
        engine::entity_positions(api.gateway.reader(), entity.last_gseq, ports::no_gseq));
    if (!eseq) {
        ATTACCA_TRY(const engine::Evidence evidence, evidence_of(api));
        const auto behind =
            std::lower_bound(positions.begin(), positions.end(), evidence.size());
        if (behind == positions.begin()) {
            return fail(Problem::not_found, "nothing of it is signed yet");
        }
        return *std::prev(behind);
    }
    if (*eseq >= positions.size()) {
        return fail(Problem::not_found, "there is no such record");
    }
    return positions[*eseq];
}

// `eseq=N`, or `last`.
Result<std::optional<std::uint64_t>> eseq_wanted(Call& call,
                                                 std::optional<std::uint64_t> fallback) {
    const std::optional<std::string> text = call.query.take("eseq");
    if (!text || *text == "last") {
        return text ? std::optional<std::uint64_t>() : fallback;
    }
    const std::optional<std::uint64_t> number = parse_u64(*text);
    if (!number || *number > core::record_integer_max) {
        return Query::refusal("eseq", "expected a number, or `last`");
    }
    return number;
}

Result<Response> receipt_of(const Api& api, Call& call, const std::string& name,
                            std::optional<std::uint64_t> fallback) {
    ATTACCA_TRY(const std::optional<std::uint64_t> eseq, eseq_wanted(call, fallback));
    if (Result<void> done = call.query.finish(); !done) {
        return done.error();
    }
    ATTACCA_TRY(const std::uint64_t gseq, position_of(api, call, name, eseq));
    ATTACCA_TRY(Response response, receipt_response(api, gseq));
    const std::string record = std::string(records_path) + std::to_string(gseq);
    response.headers.push_back({"Content-Location", record + "/proof"});
    response.headers.push_back({"Link", "<" + record + ">; rel=\"describes\""});
    return response;
}

void append_record(std::string& out, std::string_view bytes, const core::RecordHeader& header) {
    ObjectOut item(out);
    item.number("gseq", header.gseq);
    item.number("eseq", header.eseq);
    item.text("entity", header.entity);
    item.text("type", header.type);
    item.time("time", header.at);
    item.text("link", hex(core::leaf_hash(bytes)));
    item.raw("record", bytes);
    item.text("proof_url", std::string(records_path) + std::to_string(header.gseq) + "/proof");
    item.end();
}

Result<std::string> records_of(const Api& api, Call& call) {
    ATTACCA_TRY(const std::uint64_t limit,
                call.query.take_number("limit", records_default, 1, records_most));
    ATTACCA_TRY(const std::uint64_t after,
                call.query.take_number("after", ports::no_gseq, 0, core::record_integer_max));
    const std::optional<std::string> name = call.query.take("entity");
    if (Result<void> done = call.query.finish(); !done) {
        return done.error();
    }
    if (!name) {
        return Query::refusal("entity", "name the entity: `job/ID`, or `ledger`");
    }
    ATTACCA_TRY(const EntityEnd entity, find_entity(api, call, *name));
    ATTACCA_TRY(const engine::Evidence evidence, evidence_of(api));
    ATTACCA_TRY(std::vector<std::uint64_t> positions,
                engine::entity_positions(api.gateway.reader(), entity.last_gseq, after,
                                         engine::Pruned::ends_the_list));
    // What was committed a moment ago and is not signed yet is on the next page.
    std::erase_if(positions, [&](std::uint64_t gseq) { return gseq >= evidence.size(); });
    std::string body;
    ObjectOut out(body);
    out.text("entity", entity.name);
    out.number("size", evidence.size());
    ArrayOut items(out.key("items"));
    const std::size_t count = std::min<std::size_t>(positions.size(), limit);
    for (std::size_t i = 0; i < count; ++i) {
        ATTACCA_TRY(const std::string bytes,
                    engine::record_bytes(api.gateway.reader(), positions[i]));
        ATTACCA_TRY(const core::RecordHeader header, core::read_header(bytes));
        append_record(items.element(), bytes, header);
    }
    items.end();
    if (count < positions.size()) {
        out.number("next_after", positions[count - 1]);
    }
    out.end();
    return body;
}

Result<std::string> verification_of(const Api& api, const Call& call, std::string_view name) {
    if (Result<void> done = call.query.finish(); !done) {
        return done.error();
    }
    ATTACCA_TRY(const EntityEnd entity, find_entity(api, call, name));
    ATTACCA_TRY(const engine::Evidence evidence, evidence_of(api));
    ATTACCA_TRY(const engine::EntityCheck check,
                engine::check_entity(api.gateway.reader(), api.gateway.content(),
                                     evidence.shared_tree(), entity.name, entity.last_gseq));
    return engine::json_of(check).text();
}

Result<Response> tile_of(const Api& api, const Call& call) {
    if (Result<void> done = call.query.finish(); !done) {
        return done.error();
    }
    ATTACCA_TRY(const TilePath path, parse_tile_path(call.path.front()));
    if (path.is_entries && call.tenant != core::default_tenant) {
        return fail(Problem::forbidden, "entry bundles hold the records of every tenant");
    }
    ATTACCA_TRY(engine::Evidence evidence, evidence_of(api));
    Response response;
    response.content_type = "application/octet-stream";
    ATTACCA_TRY(response.body, path.is_entries
                                   ? evidence.entries(path.index, path.width)
                                   : evidence.tile(path.level, path.index, path.width));
    mark_immutable(response);
    return response;
}

void send(const Call& call, Result<Response> response) {
    if (!response) {
        call.reply.refuse(response.error());
        return;
    }
    call.reply.send(std::move(*response));
}

Result<Response> as_text(Result<std::string> text) {
    return text ? Result<Response>(text_response(std::move(*text)))
                : Result<Response>(text.error());
}

}  // namespace

void get_checkpoint(Api& api, Call call) {
    send(call, as_text(checkpoint_of(api, call)));
}

void list_records(Api& api, Call call) {
    call.reply.send(call.reply.response_of(200, records_of(api, call)));
}

void get_record(Api& api, Call call) {
    Response response = call.reply.response_of(200, record_of(api, call));
    if (response.status == 200) {
        response.headers.push_back(
            {"Link", "<" + call.request.path + "/proof>; rel=\"receipt\""});
    }
    call.reply.send(std::move(response));
}

void get_proof(Api& api, Call call) { send(call, proof_of(api, call)); }

void get_record_signature(Api& api, Call call) {
    send(call, as_text(signature_of(api, call)));
}

void get_receipt(Api& api, Call call) {
    send(call, receipt_of(api, call, "job/" + call.path.front(), 0));
}

void get_entity_receipt(Api& api, Call call) {
    send(call, receipt_of(api, call, call.path.front(), std::nullopt));
}

void verify_entity(Api& api, Call call) {
    call.reply.send(
        call.reply.response_of(200, verification_of(api, call, call.path.front())));
}

void verify_job(Api& api, Call call) {
    const std::string name = "job/" + call.path.front();
    call.reply.send(call.reply.response_of(200, verification_of(api, call, name)));
}

void get_tile(Api& api, Call call) {
    send(call, tile_of(api, call));
}

}  // namespace attacca::http
