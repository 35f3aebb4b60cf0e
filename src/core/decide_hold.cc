// SPDX-License-Identifier: Apache-2.0
#include "core/decide_parts.h"
#include "core/ledger/codec.h"
#include "core/retention/hold.h"

// The rules of legal holds. That the job of a scope exists is the edge's to know: it may have
// ended.

namespace attacca::core {
namespace {

Record hold_record(const State& state, const std::string& tenant, const std::string& actor,
                   Now now, Payload payload) {
    return Record{Entity{std::nullopt, hold_entity(tenant)}, tenant, actor,
                  record_time(state, now), std::move(payload)};
}

}  // namespace

Decision place_hold(const State& state, const PlaceHold& command, Now now) {
    if (state.tenants.find(command.tenant) == nullptr) {
        return refuse(Problem::unknown_tenant, unknown_tenant_hint(command.tenant));
    }
    const Holds& holds = state.registry.holds(command.tenant);
    if (holds.find(command.job, command.matter) != nullptr) {
        return {};  // it stands already
    }
    if (holds.all().size() >= holds_max) {
        return refuse(Problem::too_many,
                      "a tenant has at most " + std::to_string(holds_max) + " holds");
    }
    HoldPlaced placed{command.job, command.matter, command.by};
    if (placed.matter.empty() || !fits_in_record(placed)) {
        return refuse(Problem::invalid_value, "the matter is empty, or a text is not UTF-8");
    }
    Decision decision;
    decision.records.push_back(
        hold_record(state, command.tenant, command.actor, now, std::move(placed)));
    return decision;
}

Decision release_hold(const State& state, const ReleaseHold& command, Now now) {
    const Holds& holds = state.registry.holds(command.tenant);
    if (holds.find(command.job, command.matter) == nullptr) {
        return refuse(Problem::not_found, "no such hold stands");
    }
    HoldReleased released{command.job, command.matter, command.by};
    if (!fits_in_record(released)) {
        return refuse(Problem::invalid_value, "a text is not UTF-8");
    }
    Decision decision;
    decision.records.push_back(
        hold_record(state, command.tenant, command.actor, now, std::move(released)));
    return decision;
}

}  // namespace attacca::core
