// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "core/decide_parts.h"
#include "core/ledger/codec.h"
#include "core/retention/erasure.h"

// The rules of erasure. That the job exists and is sealed, and which jobs share its key, is the
// edge's to know: it may have ended long ago.

namespace attacca::core {
namespace {

const Hold* hold_over(const State& state, const EraseJob& command) {
    const Holds& holds = state.registry.holds(command.tenant);
    for (const JobId& job : command.family) {
        if (const Hold* hold = holds.over(job)) {
            return hold;
        }
    }
    return nullptr;
}

}  // namespace

Decision erase_job(const State& state, const EraseJob& command, Now now) {
    if (std::any_of(command.family.begin(), command.family.end(),
                    [&](const JobId& job) { return state.find(job) != nullptr; })) {
        return refuse(Problem::state_conflict, "only a job that has ended can be erased");
    }
    const Erasure* before = state.registry.erasure(command.job);
    if (before != nullptr && before->erased_at) {
        return {};  // it was erased already
    }
    const Hold* hold = hold_over(state, command);
    Payload payload = hold == nullptr
                          ? Payload(Erased{command.job, command.by, command.reason})
                          : Payload(EraseRefused{command.job, command.by, hold->matter,
                                                 command.reason});
    if (!fits_in_record(payload)) {
        return refuse(Problem::invalid_value, "a text is not UTF-8");
    }
    Decision decision;
    if (hold != nullptr) {
        decision.answer = fail(Problem::under_hold, "a legal hold stands, for " +
                                                        quoted(hold->matter) +
                                                        "; the refusal is recorded");
    }
    decision.records.push_back(Record{Entity{std::nullopt, erasure_entity(command.job)},
                                      command.tenant, command.actor, record_time(state, now),
                                      std::move(payload)});
    return decision;
}

}  // namespace attacca::core
