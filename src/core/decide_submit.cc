// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/seeded_bug.h"
#include "core/decide_parts.h"
#include "core/exclusion/name.h"
#include "core/ledger/codec.h"
#include "core/schedule/fair/expect.h"
#include "core/tenant/admission.h"

namespace attacca::core {
namespace {

// The answer to a key that was seen before, or nothing when it is new.
std::optional<Decision> replay_key(const State& state, const IdempotencyKey& key, WallTime at) {
    const auto it = state.keys.find(key.key_hash);
    if (it == state.keys.end()) {
        if (state.newest_dropped_key_at > key.looked_up_at) {
            // It may have been used and dropped since the edge looked: the edge looks again.
            return refuse(Problem::idempotency_in_progress, "look the key up again");
        }
        return std::nullopt;
    }
    if (at - it->second.at >= key_life && !ATTACCA_BUG(BUG_KEY_FOREVER)) {
        return std::nullopt;
    }
    if (it->second.request_hash != key.request_hash) {
        return refuse(Problem::idempotency_mismatch,
                      "the key was used with another request; use a new key");
    }
    Decision decision;
    decision.answer = Acceptance{Submitted{it->second.ids, true}};
    return decision;
}

JobCreated asked_job(const SubmitJobs& command, const NewJob& job, Decision& decision) {
    JobCreated created;
    created.definition = job.definition->digest;
    created.name = job.name;
    created.sem = sem_newest;
    created.priority = job.priority;
    created.seal = job.seal ? std::optional(job.seal->id) : std::nullopt;
    created.details = text_of_job(job.seal, 0, job.details, decision.bodies);
    created.scheduled_at = job.scheduled_at;
    created.retry_of = job.retry_of;
    created.kept = text_of_job(job.seal, 0, job.kept, decision.bodies);
    if (command.key) {
        created.key_hash = command.key->key_hash;
        created.request_hash = command.key->request_hash;
    }
    return created;
}

// The jobs enter the queue when their records are applied, most of them at once.
void expect_flow_of(const fair::FairQueue& queue, const Tenant& tenant) {
    const fair::FlowIndex flow =
        tenant.number < queue.tenants() ? queue.tenant(tenant.number).first_flow : fair::none;
    if (flow != fair::none) {
        fair::expect_entry(queue, flow);
    }
}

bool has_body(const std::vector<Body>& bodies, const Sha256& digest) {
    return std::any_of(bodies.begin(), bodies.end(),
                       [&](const Body& body) { return body.digest == digest; });
}

}  // namespace

Decision submit_jobs(const State& state, const SubmitJobs& command, Now now) {
    ATTACCA_CHECK(!command.jobs.empty());
    const WallTime at = record_time(state, now);
    const Tenant* tenant = state.tenants.find(command.tenant);
    if (tenant == nullptr) {
        return refuse(Problem::unknown_tenant, unknown_tenant_hint(command.tenant));
    }
    if (command.key && !ATTACCA_BUG(BUG_KEY_FORGOTTEN)) {
        if (std::optional<Decision> replayed = replay_key(state, *command.key, at)) {
            return std::move(*replayed);
        }
    }
    Decision decision;
    const auto count = static_cast<std::uint32_t>(command.jobs.size());
    if (std::optional<Throttled> refusal = admission_refusal(state, *tenant, command.jobs, at)) {
        refusal->limits = notices_of(*tenant, 0, at);
        decision.answer = Acceptance{std::move(*refusal)};
        return decision;
    }
    expect_flow_of(state.queue.fair(), *tenant);
    Submitted submitted;
    submitted.limits = notices_of(*tenant, count, at);
    const Definition* previous = nullptr;
    for (const NewJob& job : command.jobs) {
        ATTACCA_CHECK(state.find(job.id) == nullptr);
        if (job.definition->is_sealed != static_cast<bool>(job.seal)) {
            return refuse(Problem::not_supported, "a sealed job cannot be started in this way");
        }
        Result<std::string> key = concurrency_key_of(
            {*job.definition, job.id, job.name, command.tenant, job.details});
        if (!key) {
            return refuse(key.error().problem, key.error().detail);
        }
        if (!key->empty()) {
            state.exclusion.keys.expect_take({tenant->number, *key});
        }
        JobCreated created = asked_job(command, job, decision);
        created.concurrency_key = std::move(*key);
        if (!fits_in_record(created)) {
            return refuse(Problem::invalid_value, "the job's texts are not UTF-8 or too long");
        }
        // A batch mostly repeats one definition; the store and the engine intern bodies as well.
        if (job.definition.get() != previous && !has_body(decision.bodies, created.definition)) {
            decision.bodies.push_back({job.definition->digest, job.definition->body});
        }
        previous = job.definition.get();
        if (job.scheduled_at && *job.scheduled_at > at) {
            const Duration wait = *job.scheduled_at - now.wall;
            decision.effects.push_back(ArmTimer{{FireTimer::Kind::job_start, job.id, 0, {}},
                                                now.mono + Duration{std::max<std::int64_t>(
                                                               0, wait.us)}});
        }
        decision.records.push_back(Record{Entity{job.id, {}},
                                          command.tenant,
                                          command.actor,
                                          at,
                                          std::move(created)});
        if (job.is_replay) {
            Result<Record> replay = replay_of_letter(state, command, job, at);
            if (!replay) {
                return refuse(replay.error().problem, replay.error().detail);
            }
            if (!ATTACCA_BUG(BUG_DLQ_TWICE)) {
                decision.records.push_back(std::move(*replay));
            }
        }
        submitted.ids.push_back(job.id);
    }
    decision.answer = Acceptance{std::move(submitted)};
    return decision;
}

}  // namespace attacca::core
