// SPDX-License-Identifier: Apache-2.0
#include <optional>
#include <string>
#include <utility>

#include "core/graph/input.h"
#include "http/api.h"
#include "http/evidence_view.h"

// A person approves or rejects what waits for a decision.

namespace attacca::http {
namespace {

using core::Faults;
using core::Input;

// The body is empty, `{}` or `{"comment": "…"}`.
Result<std::string> comment_of(const std::string& body) {
    constexpr std::string_view keys[] = {"comment"};
    std::string comment;
    if (body.empty()) {
        return comment;
    }
    ATTACCA_TRY(const Json json, parse_json(body));
    const Input input(json, "");
    Faults faults;
    if (!core::check_keys(input, {keys}, faults)) {
        return faults.take();
    }
    const auto value = input.member("comment");
    if (value && !core::read_text(*value, comment, faults)) {
        return faults.take();
    }
    if (comment.size() > core::inline_text_bytes_max) {
        faults.add(*value, Problem::out_of_range,
                   "a comment is limited to " + std::to_string(core::inline_text_bytes_max) +
                       " bytes");
        return faults.take();
    }
    return comment;
}

Result<core::GiveApproval> command_of(const Api& api, Call& call, core::Ruling ruling) {
    constexpr std::uint64_t items_max = 0xFFFFFFFFU;
    core::GiveApproval command;
    std::optional<std::uint32_t> item;
    ATTACCA_TRY(const std::uint64_t number,
                call.query.take_number("item", items_max, 0, items_max - 1));
    if (number != items_max) {
        item = static_cast<std::uint32_t>(number);
    }
    if (Result<void> done = call.query.finish(); !done) {
        return done.error();
    }
    const std::optional<Uuid> uuid = Uuid::parse(call.path.front());
    if (!uuid) {
        return fail(Problem::not_found, "there is no such job");
    }
    ATTACCA_TRY(command.comment, comment_of(call.request.body));
    command.job = core::JobId{*uuid};
    command.tenant = call.tenant;
    command.actor = api.options.actor;
    command.node = call.path.back();
    command.item = item;
    command.ruling = ruling;
    return command;
}

// Of a job that the engine does not hold: there is none, or it has ended.
Response answer_of_row(const Api& api, const Reply& reply, const std::string& tenant,
                       const core::JobId& id) {
    const Result<ports::JobRow> row = api.jobs.find(tenant, id);
    if (!row) {
        return reply.response_of(200, row.error());
    }
    if (!core::is_final(row->state)) {
        return reply.response_of(200, fail(Problem::unavailable, "try again"));
    }
    return reply.response_of(
        200, fail(Problem::state_conflict, "the job is " + std::string(core::name_of(row->state)) +
                                               ": nothing of it waits for a decision"));
}

void decide(Api& api, Call call, core::Ruling ruling) {
    Result<core::GiveApproval> command = command_of(api, call, ruling);
    if (!command) {
        call.reply.refuse(command.error());
        return;
    }
    const core::JobId id = command->job;
    api.gateway.submit(
        std::move(*command),
        [kept = api.shared_from_this(), reply = call.reply, tenant = call.tenant,
         id](const core::Answer& given) {
            if (!given && given.error().problem != Problem::not_live) {
                reply.refuse(given.error());
                return;
            }
            reply.send_made([kept, reply, tenant, id, is_accepted = given.has_value()] {
                if (!is_accepted) {
                    return answer_of_row(*kept, reply, tenant, id);
                }
                const Result<ports::JobRow> row = kept->jobs.find(tenant, id);
                Response response =
                    reply.response_of(200, row ? kept->jobs.json(*row, JobForm::current)
                                               : Result<std::string>(row.error()));
                if (row) {
                    response.headers.push_back(newest_receipt("job/" + id.text()));
                }
                return response;
            });
        });
}

}  // namespace

void approve_node(Api& api, Call call) {
    decide(api, std::move(call), core::Ruling::approved);
}

void reject_node(Api& api, Call call) {
    decide(api, std::move(call), core::Ruling::rejected);
}

}  // namespace attacca::http
