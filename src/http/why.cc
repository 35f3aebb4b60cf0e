// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "http/api.h"
#include "http/json_out.h"

// What a job waits for. The engine tells it for live jobs; one that ended waits for nothing.

namespace attacca::http {
namespace {

void append_wait(std::string& out, const core::Wait& wait) {
    ObjectOut object(out);
    object.text("cause", core::name_of(wait.cause));
    if (!wait.node.empty()) {
        object.text("node", wait.node);
        if (wait.item) {
            object.number("item", *wait.item);
        }
        object.text("status", core::name_of(wait.state));
    }
    object.time("since", wait.since);
    if (wait.until) {
        object.time("until", *wait.until);
    }
    if (!wait.detail.empty()) {
        object.text("detail", wait.detail);
    }
    object.text("released_by", core::release_of(wait.cause));
    object.end();
}

std::string why_json(const core::JobId& id, const core::Explanation& explanation) {
    std::string out;
    ObjectOut object(out);
    object.text("job", id.text());
    object.text("status", core::name_of(explanation.state));
    object.number("running", explanation.running);
    ArrayOut waits(object.key("waits"));
    for (const core::Wait& wait : explanation.waits) {
        append_wait(waits.element(), wait);
    }
    waits.end();
    object.boolean("has_more", explanation.has_more);
    object.end();
    return out;
}

Result<std::string> why_of_row(const Api& api, const std::string& tenant, const core::JobId& id) {
    ATTACCA_TRY(const ports::JobRow row, api.jobs.find(tenant, id));
    core::Explanation ended;
    ended.state = row.state;
    return why_json(id, ended);
}

}  // namespace

void get_why(Api& api, Call call) {
    const std::optional<Uuid> uuid = Uuid::parse(call.path.front());
    const Result<std::uint64_t> limit = call.query.take_number("limit", 100, 1, 1000);
    const Result<void> done = call.query.finish();
    if (!limit || !done) {
        call.reply.refuse(limit ? done.error() : limit.error());
        return;
    }
    if (!uuid) {
        call.reply.refuse(fail(Problem::not_found, "there is no such job"));
        return;
    }
    const core::JobId id{*uuid};
    api.gateway.submit(
        core::ExplainJob{id, call.tenant, static_cast<std::uint32_t>(*limit)},
        [kept = api.shared_from_this(), reply = call.reply, tenant = call.tenant,
         id](const core::Answer& given) {
            if (!given && given.error().problem != Problem::not_live) {
                reply.refuse(given.error());
                return;
            }
            std::shared_ptr<const core::Explanation> told;
            if (given) {
                told = std::make_shared<core::Explanation>(std::get<core::Explanation>(*given));
            }
            reply.send_made([kept, reply, tenant, id, told] {
                Result<std::string> body = why_of_row(*kept, tenant, id);
                if (told != nullptr) {
                    body = why_json(id, *told);
                }
                return reply.response_of(200, std::move(body));
            });
        });
}

}  // namespace attacca::http
