// SPDX-License-Identifier: Apache-2.0
#include <optional>
#include <string>
#include <utility>

#include "core/graph/input.h"
#include "core/retention/hold.h"
#include "http/api.h"
#include "http/json_out.h"

// Legal holds of a tenant: placed, released, listed from the image in the store.

namespace attacca::http {
namespace {

struct HoldWanted {
    std::optional<core::JobId> job;
    std::string matter;
    std::string by;
};

bool read_short(const core::Input& body, std::string_view key, std::size_t bytes_max,
                std::string& out, core::Faults& faults) {
    const auto value = body.member(key);
    if (!value) {
        return true;
    }
    if (!core::read_text(*value, out, faults)) {
        return false;
    }
    return (!out.empty() && out.size() <= bytes_max) ||
           faults.add(*value, Problem::out_of_range,
                      "expected 1 to " + std::to_string(bytes_max) + " bytes");
}

// {"matter": "…", "job": "ID"?, "by": "…"?}; without a job it is all of the tenant.
Result<HoldWanted> hold_wanted(const Api& api, const Call& call) {
    constexpr std::string_view keys[] = {"job", "matter", "by"};
    if (Result<void> done = call.query.finish(); !done) {
        return done.error();
    }
    ATTACCA_TRY(const Json json, parse_json(call.request.body));
    const core::Input body(json, "");
    core::Faults faults;
    HoldWanted wanted;
    std::string job;
    if (!core::check_keys(body, {keys}, faults) ||
        !read_short(body, "job", core::matter_bytes_max, job, faults) ||
        !read_short(body, "matter", core::matter_bytes_max, wanted.matter, faults) ||
        !read_short(body, "by", core::person_bytes_max, wanted.by, faults)) {
        return faults.take();
    }
    if (wanted.matter.empty()) {
        faults.add("/matter", Problem::missing_field, "name the matter that asks for the hold");
        return faults.take();
    }
    if (wanted.by.empty()) {
        wanted.by = api.options.actor;
    }
    if (!job.empty()) {
        ATTACCA_TRY(const ports::JobRow row, api.jobs.find(call.tenant, job));
        wanted.job = row.id;
    }
    return wanted;
}

std::string hold_json(const HoldWanted& wanted) {
    std::string body;
    ObjectOut out(body);
    out.text("scope", core::scope_text(wanted.job));
    out.text("matter", wanted.matter);
    out.text("by", wanted.by);
    out.end();
    return body;
}

template <typename HoldCommand>
void change_hold(Api& api, const Call& call) {
    const Result<HoldWanted> wanted = hold_wanted(api, call);
    if (!wanted) {
        call.reply.refuse(wanted.error());
        return;
    }
    api.gateway.submit(HoldCommand{call.tenant, api.options.actor, wanted->job, wanted->matter,
                                   wanted->by},
                       [reply = call.reply, body = hold_json(*wanted)](const core::Answer& given) {
                           if (given) {
                               reply.json(200, body);
                           } else {
                               reply.refuse(given.error());
                           }
                       });
}

Result<std::string> hold_page(const Api& api, const Call& call) {
    if (Result<void> done = call.query.finish(); !done) {
        return done.error();
    }
    ATTACCA_TRY(const std::optional<ports::EntityHead> head,
                api.gateway.reader().entity(core::hold_entity(call.tenant)));
    core::Holds holds;
    if (head) {
        ATTACCA_TRY(holds, core::load_holds(head->image));
    }
    std::string body;
    ObjectOut out(body);
    ArrayOut items(out.key("items"));
    for (const core::Hold& hold : holds.all()) {
        ObjectOut one(items.element());
        one.text("scope", core::scope_text(hold.job));
        one.text("matter", hold.matter);
        one.text("by", hold.by);
        one.time("placed_at", hold.at);
        one.end();
    }
    items.end();
    out.end();
    return body;
}

}  // namespace

void list_holds(Api& api, Call call) {
    call.reply.send(call.reply.response_of(200, hold_page(api, call)));
}

void place_hold(Api& api, Call call) { change_hold<core::PlaceHold>(api, call); }

void release_hold(Api& api, Call call) { change_hold<core::ReleaseHold>(api, call); }

}  // namespace attacca::http
