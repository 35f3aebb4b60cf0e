// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/json.h"
#include "base/timestamp.h"
#include "core/ledger/checkpoint.h"
#include "http/evidence_view.h"
#include "http/json_out.h"

// Takes in a time stamp (RFC 3161) that somebody fetched for a checkpoint of this ledger.

namespace attacca::http {
namespace {

// A token with its chain of certificates has some thousand bytes.
constexpr std::size_t stamp_bytes_max = 64 * 1024;
constexpr std::size_t authority_bytes_max = 1024;

Result<std::string> stamp_bytes(const Json& body, std::string_view name) {
    const Json* value = body.find(name);
    if (value == nullptr || !value->is_string()) {
        Error error = fail(value == nullptr ? Problem::missing_field : Problem::wrong_type);
        error.fields.push_back({"/" + std::string(name), std::string(slug_of(error.problem)),
                                "expected base64"});
        return error;
    }
    const std::optional<std::string> bytes = unbase64(value->as_string());
    if (!bytes || bytes->empty() || bytes->size() > stamp_bytes_max) {
        Error error = fail(Problem::invalid_value);
        error.fields.push_back({"/" + std::string(name), "invalid-value",
                                "expected base64 of at most 64 KiB"});
        return error;
    }
    return *bytes;
}

// The text of the ledger's own checkpoint of this size.
Result<std::string> checkpoint_text_of(const Api& api, std::uint64_t size) {
    ATTACCA_TRY(const engine::Evidence evidence, evidence_of(api));
    std::string note;
    if (evidence.size() == size) {
        note = evidence.signed_tree().note;
    } else if (size > 0) {
        ATTACCA_TRY(const std::vector<ports::SignedCheckpoint> stored,
                    api.gateway.reader().checkpoints(size - 1, 1));
        if (!stored.empty() && stored.front().size == size) {
            note = stored.front().note;
        }
    }
    if (note.empty()) {
        return fail(Problem::invalid_value, "the ledger never signed a checkpoint of size " +
                                                std::to_string(size));
    }
    ATTACCA_TRY(const core::CheckpointNote parsed, core::parse_checkpoint(note));
    return parsed.text;
}

Result<core::NoteTimestamp> stamp_of(const Api& api, const Call& call) {
    if (Result<void> done = call.query.finish(); !done) {
        return done.error();
    }
    ATTACCA_TRY(const Json body, parse_json(call.request.body));
    if (!body.is_object()) {
        return fail(Problem::wrong_type, "expected an object");
    }
    for (const Json::Member& member : body.as_object()) {
        if (member.key != "size" && member.key != "tsa" && member.key != "query" &&
            member.key != "reply") {
            return fail(Problem::unknown_field, "`" + quoted(member.key) + "` is not known");
        }
    }
    core::NoteTimestamp command;
    command.actor = api.options.actor;
    const Json* size = body.find("size");
    const Json* authority = body.find("tsa");
    if (size == nullptr || !size->is_integer() || size->as_integer() < 1 ||
        authority == nullptr || !authority->is_string() || authority->as_string().empty() ||
        authority->as_string().size() > authority_bytes_max) {
        return fail(Problem::invalid_value,
                    "expected `size`, a number from 1, and `tsa`, the authority's address");
    }
    command.size = static_cast<std::uint64_t>(size->as_integer());
    command.authority = authority->as_string();
    ATTACCA_TRY(command.query, stamp_bytes(body, "query"));
    ATTACCA_TRY(command.reply, stamp_bytes(body, "reply"));
    ATTACCA_TRY(const std::string text, checkpoint_text_of(api, command.size));
    const Result<Timestamp> stamp = read_timestamp(text, command.query, command.reply);
    if (!stamp) {
        return fail(Problem::invalid_value, stamp.error().detail);
    }
    command.stamped_at = stamp->at;
    return command;
}

}  // namespace

void put_timestamp(Api& api, Call call) {
    Result<core::NoteTimestamp> command = stamp_of(api, call);
    if (!command) {
        call.reply.refuse(command.error());
        return;
    }
    std::string body;
    ObjectOut out(body);
    out.number("size", command->size);
    out.time("at", command->stamped_at);
    out.text("tsa", command->authority);
    out.end();
    api.gateway.submit(std::move(*command),
                       [kept = api.shared_from_this(), reply = call.reply,
                        body = std::move(body)](const core::Answer& given) {
                           if (!given) {
                               reply.refuse(given.error());
                               return;
                           }
                           Response response = reply.response_of(201, body);
                           response.headers.push_back(newest_receipt(core::timestamps_entity));
                           reply.send(std::move(response));
                       });
}

}  // namespace attacca::http
