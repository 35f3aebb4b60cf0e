// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <utility>

#include "core/breaker/breaker.h"
#include "core/graph/input.h"
#include "http/api.h"
#include "http/conditions.h"
#include "http/named_view.h"

// Circuit breakers of the caller's tenant: shown from their images in the store, and set.

namespace attacca::http {
namespace {

constexpr std::string_view set_keys[] = {"state", "reason"};
constexpr std::string_view set_states[] = {"auto", "open", "closed"};

Json breaker_json(const core::Breaker& breaker) {
    Json out = Json::object();
    out.set("dependency", breaker.dependency);
    out.set("state", core::name_of(breaker.state));
    out.set("mode", core::name_of(breaker.mode));
    out.set("since", rfc3339_ms(breaker.since_at));
    if (breaker.probe_at.us != 0) {
        out.set("probe_at", rfc3339_ms(breaker.probe_at));
    }
    out.set("errors", std::int64_t{breaker.errors});
    out.set("openings", static_cast<std::int64_t>(breaker.openings));
    if (!breaker.reason.empty()) {
        out.set("reason", breaker.reason);
    }
    return out;
}

Result<std::string> breaker_page(Api& api, Call& call) {
    ATTACCA_TRY(const std::uint64_t limit, call.query.take_number("limit", 50, 1, page_max));
    const std::string after = call.query.take("after").value_or("");
    if (Result<void> done = call.query.finish(); !done) {
        return done.error();
    }
    const std::string prefix = core::breaker_entity(call.tenant, "");
    ATTACCA_TRY(const auto heads,
                api.gateway.reader().entities_below(prefix, prefix + after, limit + 1));
    Json items = Json::array();
    for (std::size_t i = 0; i < std::min<std::size_t>(heads.size(), limit); ++i) {
        ATTACCA_TRY(const core::Breaker breaker, core::load_breaker(heads[i].image));
        items.push(breaker_json(breaker));
    }
    Json out = Json::object();
    out.set("items", std::move(items));
    if (heads.size() > limit) {
        out.set("next_after", heads[limit - 1].entity.substr(prefix.size()));
    }
    return out.text();
}

Result<std::string> one_breaker(Api& api, const std::string& tenant, const std::string& name) {
    ATTACCA_TRY(const auto head, api.gateway.reader().entity(core::breaker_entity(tenant, name)));
    if (!head || head->tenant != tenant) {
        return fail(Problem::not_found, "this breaker has never been open, nor been set");
    }
    ATTACCA_TRY(const core::Breaker breaker, core::load_breaker(head->image));
    return breaker_json(breaker).text();
}

Result<core::BreakerSet> parse_set(std::string_view body) {
    ATTACCA_TRY(const Json json, parse_json(body));
    core::Faults faults;
    const core::Input input(json, "");
    if (!core::check_keys(input, core::Keys{set_keys}, faults)) {
        return faults.take();
    }
    const auto state = input.member("state");
    const auto reason = input.member("reason");
    core::BreakerSet out;
    std::size_t choice = 0;
    if (!state) {
        faults.add(input, Problem::missing_field, "`state` is missing: auto, open or closed");
        return faults.take();
    }
    if (!core::read_choice(*state, set_states, choice, faults) ||
        (reason && !core::read_text(*reason, out.reason, faults))) {
        return faults.take();
    }
    out.mode = static_cast<core::BreakerMode>(choice);
    return out;
}

}  // namespace

void list_breakers(Api& api, Call call) {
    call.reply.send(call.reply.response_of(200, breaker_page(api, call)));
}

void get_breaker(Api& api, Call call) {
    if (!has_plain_query(call)) {
        return;
    }
    call.reply.send_made([kept = api.shared_from_this(), reply = call.reply, tenant = call.tenant,
                          name = call.path.front()] {
        return reply.response_of(200, one_breaker(*kept, tenant, name));
    });
}

void put_breaker(Api& api, Call call) {
    if (!has_plain_query(call)) {
        return;
    }
    Result<core::BreakerSet> set = parse_set(call.request.body);
    if (!set) {
        call.reply.refuse(set.error());
        return;
    }
    const std::string& name = call.path.front();
    api.gateway.submit_if(
        condition_on(call.request, core::breaker_entity(call.tenant, name)),
        core::SetBreaker{call.tenant, api.options.actor, name, std::move(*set)},
        [kept = api.shared_from_this(), reply = call.reply, tenant = call.tenant,
         name](const core::Answer& given) {
            if (!given) {
                reply.refuse(given.error());
                return;
            }
            reply.send_made([kept, reply, tenant, name] {
                return reply.response_of(200, one_breaker(*kept, tenant, name));
            });
        });
}

}  // namespace attacca::http
