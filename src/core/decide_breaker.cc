// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <utility>

#include "base/bytes.h"
#include "base/seeded_bug.h"
#include "core/breaker/dependency.h"
#include "core/breaker/hold.h"
#include "core/decide_parts.h"
#include "core/ledger/codec.h"

// Circuit breakers and retry budgets: what the end of an attempt, time, and an operator do to them.

namespace attacca::core {
namespace {

Record breaker_record(const std::string& entity, const std::string& tenant, std::string actor,
                      WallTime at, Payload payload) {
    return Record{Entity{std::nullopt, entity}, tenant, std::move(actor), at, std::move(payload)};
}

// The dependency's name in `breaker/<tenant>/<dependency>`.
std::string_view dependency_in(std::string_view entity) {
    return entity.substr(entity.rfind('/') + 1);
}

// Doubled with each opening in a row.
std::int64_t open_ms(const BreakerRules& rules, std::uint32_t in_a_row) {
    std::int64_t length = rules.open_for.ms();
    for (std::uint32_t i = 0; i < in_a_row && length < rules.open_max.ms(); ++i) {
        length *= 2;
    }
    return std::min(length, std::max(rules.open_max.ms(), rules.open_for.ms()));
}

struct Opening {
    const std::string& entity;
    const std::string& tenant;
    const Breaker* breaker;  // nullptr before its first record
    BreakerOpened record;
};

void open_breaker(const State& state, Opening opening, Now now, Decision& decision) {
    const Breaker* breaker = opening.breaker;
    opening.record.probe_in_ms =
        open_ms(state.calls.rules, breaker == nullptr ? 0 : breaker->in_a_row);
    const FenceToken number{(breaker == nullptr ? 0 : breaker->openings) + 1};
    decision.effects.push_back(
        ArmTimer{{FireTimer::Kind::breaker_probe, JobId{},
                  state.registry.breaker_number(opening.entity), number},
                 now.mono + milliseconds(opening.record.probe_in_ms)});
    decision.records.push_back(breaker_record(opening.entity, opening.tenant, engine_actor,
                                              record_time(state, now),
                                              opening.record));
}

}  // namespace

void keep_retry_budget(const State& state, AttemptEnded& ended, WallTime at) {
    const auto call = state.calls.live.find(ended.fence);
    if (ATTACCA_BUG(BUG_BUDGET_IGNORED) || !ended.retry_in_ms || call == state.calls.live.end()) {
        return;
    }
    const Dependency* seen = state.calls.find(call->second.entity);
    if (seen == nullptr || seen->budget.has_room(at, state.calls.rules)) {
        return;
    }
    ended.retry_in_ms.reset();
    constexpr std::size_t detail_bytes_max = 256;
    const std::string why = "not tried again: the retry budget of " +
                            std::string(dependency_in(call->second.entity)) + " is used up";
    const std::string_view first = ended.detail;
    const std::size_t room = detail_bytes_max - why.size() - 2;
    const std::size_t kept = first.size() <= room ? first.size()
                                                  : utf8_prefix(first.substr(0, room));
    ended.detail = std::string(first.substr(0, kept)) + (kept == 0 ? "" : "; ") + why;
}

void judge_call(const State& state, const Job& job, const AttemptEnded& ended, Now now,
                Decision& decision) {
    const auto call = state.calls.live.find(ended.fence);
    if (call == state.calls.live.end()) {
        return;
    }
    const std::string& entity = call->second.entity;
    const Breaker* breaker = state.registry.breaker(entity);
    if (breaker != nullptr && breaker->mode != BreakerMode::automatic) {
        return;
    }
    const NodeDef& node = job.definition->nodes[job.definition->find(ended.node)];
    const bool is_bad = counts_against(node, ended.failure);
    if (breaker == nullptr || breaker->state == BreakerState::closed) {
        const std::uint32_t errors = state.calls.errors(entity, record_time(state, now)) + 1;
        if (is_bad && errors >= state.calls.rules.error_threshold) {
            open_breaker(state, {entity, job.tenant, breaker, {BreakerCause::errors, errors, 0}},
                         now, decision);
        }
        return;
    }
    if (breaker->state != BreakerState::half_open ||
        call->second.probe_of != breaker->openings) {
        return;  // it began before the breaker opened
    }
    // Whoever said no has answered; what was stopped or could not even be asked says nothing.
    const bool is_good = ended.outcome == Outcome::succeeded || ended.outcome == Outcome::failed;
    if (is_bad) {
        open_breaker(state, {entity, job.tenant, breaker, {BreakerCause::probe, 1, 0}}, now,
                     decision);
    } else if (is_good) {
        decision.records.push_back(breaker_record(entity, job.tenant, engine_actor,
                                                  record_time(state, now), BreakerClosed{}));
    }
}

Decision probe_breaker(const State& state, const FireTimer& timer, Now now) {
    const Breaker* breaker = state.registry.breaker(timer.instance);
    if (breaker == nullptr || !breaker->waits_for_probe(timer.fence.value)) {
        return {};
    }
    Decision decision;
    decision.records.push_back(
        breaker_record(breaker_entity(breaker->tenant, breaker->dependency), breaker->tenant,
                       engine_actor, record_time(state, now), BreakerHalfOpened{}));
    return decision;
}

void add_breaker_timers(const State& state, Now now, std::vector<ArmTimer>& timers) {
    for (const auto& [entity, breaker] : state.registry.breakers()) {
        if (breaker.waits_for_probe(breaker.openings)) {
            timers.push_back({{FireTimer::Kind::breaker_probe, JobId{}, breaker.number,
                               FenceToken{breaker.openings}},
                              mono_of(breaker.probe_at, now,
                                      breaker.probe_at - breaker.since_at)});
        }
    }
}

Decision set_breaker(const State& state, const SetBreaker& command, Now now) {
    if (!is_dependency_name(command.dependency)) {
        return refuse(Problem::invalid_value,
                      "a dependency is named `http:HOST`, `scan:TARGET`, `run:PROGRAM` or "
                      "`lane:NAME`, in lower case");
    }
    if (!fits_in_record(command.set)) {
        return refuse(Problem::invalid_value, "the reason is not UTF-8 or too long");
    }
    const std::string entity = breaker_entity(command.tenant, command.dependency);
    const Breaker* breaker = state.registry.breaker(entity);
    const bool is_automatic = command.set.mode == BreakerMode::automatic;
    if (breaker == nullptr && is_automatic) {
        return refuse(Problem::not_found, "this breaker has never been open, nor been set");
    }
    // Given back to itself while it is open by itself, it is closed at once.
    const bool is_same = breaker != nullptr && breaker->mode == command.set.mode &&
                         (is_automatic ? breaker->state == BreakerState::closed
                                       : breaker->reason == command.set.reason);
    Decision decision;
    if (!is_same) {
        decision.records.push_back(breaker_record(entity, command.tenant, command.actor,
                                                  record_time(state, now), command.set));
    }
    return decision;
}

}  // namespace attacca::core
