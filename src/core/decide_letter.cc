// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "base/seeded_bug.h"
#include "core/decide_parts.h"
#include "core/ledger/codec.h"

// Dead letters: when a node is parked, which jobs leave one, and what people do about them.

namespace attacca::core {
namespace {

Record letter_record(const std::string& tenant, const JobId& job, std::string actor, WallTime at,
                     Payload payload) {
    return Record{Entity{std::nullopt, dead_letter_entity(tenant, job)}, tenant, std::move(actor),
                  at, std::move(payload)};
}

Error not_open() { return fail(Problem::not_live, "there is no such dead letter that is open"); }

bool is_parked(const Instance& instance) {
    return instance.state == NodeState::failed && instance.parked != Parked::no;
}

// Parked, or failed in a job that was to begin again and does not.
bool is_spent(const Job& job, const Instance& instance) {
    return is_parked(instance) ||
           (instance.state == NodeState::failed && begins_again(job.recovery));
}

}  // namespace

bool is_poison(const Instance& instance, Outcome outcome) {
    return outcome == Outcome::lost && instance.crashes + 1U >= poison_crashes &&
           !ATTACCA_BUG(BUG_POISON_RETRIED);
}

Parked parked_in(const Job& job) {
    Parked cause = Parked::no;
    for (const Instance& instance : job.instances) {
        if (is_spent(job, instance)) {
            if (instance.parked == Parked::poison) {
                return Parked::poison;
            }
            cause = Parked::exhausted;
        }
    }
    return cause;
}

// A child's failure is its parent's to recover from: it leaves none of its own.
void add_dead_letter(const State& state, const Job& job, const JobEnded& ended, WallTime at,
                     Decision& decision) {
    const bool is_failure = ended.reason == JobReason::node_failed && !job.parent;
    const Parked cause = is_failure ? parked_in(job) : Parked::no;
    if (cause == Parked::no) {
        return;
    }
    const auto counts = [&job](const Instance& one) { return is_spent(job, one); };
    const auto first = std::find_if(job.instances.begin(), job.instances.end(), counts);
    DeadLettered what;
    what.attempts = first->attempts;
    what.cause = cause;
    if (first->item != no_index) {
        what.item = first->item;
    }
    what.name = job.name;
    what.node = job.node_of(*first).id;
    what.parked = static_cast<std::uint32_t>(
        std::count_if(job.instances.begin(), job.instances.end(), counts));
    const std::map<JobId, DeadLetter>& open = state.registry.dead_letters(job.tenant);
    if (open.size() >= dead_letters_max) {
        decision.records.push_back(
            letter_record(job.tenant, open.begin()->first, engine_actor, at,
                          DeadLetterDiscarded{"the tenant has too many dead letters"}));
    }
    decision.records.push_back(
        letter_record(job.tenant, job.id, engine_actor, at, std::move(what)));
}

Result<Record> replay_of_letter(const State& state, const SubmitJobs& command, const NewJob& job,
                                WallTime at) {
    const bool is_open =
        job.retry_of && state.registry.dead_letter(command.tenant, *job.retry_of) != nullptr;
    if (!is_open) {
        return not_open();
    }
    return letter_record(command.tenant, *job.retry_of, command.actor, at,
                         DeadLetterReplayed{job.id});
}

Decision discard_dead_letters(const State& state, const DiscardDeadLetters& command, Now now) {
    const DeadLetterDiscarded discarded{command.reason};
    if (command.reason.size() > dead_letter_reason_bytes_max || !fits_in_record(discarded)) {
        return refuse(Problem::invalid_value, "the reason is not UTF-8 or too long");
    }
    Decision decision;
    for (const JobId& job : std::set<JobId>(command.jobs.begin(), command.jobs.end())) {
        if (state.registry.dead_letter(command.tenant, job) != nullptr) {
            decision.records.push_back(letter_record(command.tenant, job, command.actor,
                                                     record_time(state, now), discarded));
        }
    }
    if (decision.records.empty() && command.jobs.size() == 1) {
        decision.answer = not_open();
    }
    return decision;
}

Decision read_dead_letters(const State& state, const ReadDeadLetters& command) {
    DeadLetterPage page;
    const std::map<JobId, DeadLetter>& open = state.registry.dead_letters(command.tenant);
    for (auto it = command.after ? open.upper_bound(*command.after) : open.begin();
         it != open.end(); ++it) {
        if (!matches(command.filter, it->second)) {
            continue;
        }
        if (page.letters.size() == command.limit) {
            page.has_more = true;
            break;
        }
        page.letters.push_back(it->second);
    }
    Decision decision;
    decision.answer = Acceptance{std::move(page)};
    return decision;
}

}  // namespace attacca::core
