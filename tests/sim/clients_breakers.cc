// SPDX-License-Identifier: Apache-2.0
#include <variant>

#include "clients.h"

// What operators do to circuit breakers.

namespace attacca::sim {

void Clients::draw_breaker(Request& request) {
    static constexpr core::BreakerMode modes[] = {
        core::BreakerMode::open, core::BreakerMode::closed, core::BreakerMode::automatic,
        core::BreakerMode::automatic};
    static constexpr const char* dependencies[] = {"run:true", "lane:l0", "lane:l1", "run:other"};
    request.kind = Kind::named;
    request.tenant =
        context_.durable.tenants().existing(context_.prng.below(context_.knobs.tenants));
    core::SetBreaker command{request.tenant, "usr:1", dependencies[context_.prng.below(4)], {}};
    command.set.mode = modes[context_.prng.below(4)];
    command.set.reason = context_.prng.chance(500) ? "r" : "";
    request.named = std::move(command);
}

// In the last phase nobody holds one open: what waits for it would wait for ever.
bool Clients::draw_breaker_given_back(Request& request) {
    const std::string held = context_.durable.breakers().held_open();
    if (held.empty()) {
        return false;
    }
    request.kind = Kind::named;
    request.tenant = held.substr(0, held.find('/'));
    request.named =
        core::SetBreaker{request.tenant, "usr:1", held.substr(held.find('/') + 1), {}};
    return true;
}

// A breaker is made by its first record, so one that is taken must be there.
void Clients::check_breaker(const Request& request, const core::Answer& given) {
    const auto* set = std::get_if<core::SetBreaker>(&request.named);
    if (set == nullptr) {
        return;
    }
    const bool is_there = context_.durable.entities().contains(
        core::breaker_entity(set->tenant, set->dependency));
    if (given && !is_there) {
        context_.violations.report("I01", "a breaker was answered before it was durable");
    }
}

}  // namespace attacca::sim
