// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <variant>

#include "clients.h"
#include "invariants/i01_acknowledged_jobs_exist.h"
#include "invariants/i03_one_job_per_key.h"

// What clients demand of the answers that they get.

namespace attacca::sim {

void Clients::check_submitted(const Request& request, const core::Submitted& submitted) {
    for (const core::JobId& id : submitted.ids) {
        check_answered_job(context_.violations, context_.durable.job(id));
    }
    if (!request.key || context_.violations.is_broken()) {
        return;
    }
    const DurableKey* key = context_.durable.key(*request.key);
    const bool is_of_former =
        key != nullptr &&
        std::any_of(key->former.begin(), key->former.end(), [&](const auto& former) {
            return former.request_hash == request.request_hash && former.ids == submitted.ids;
        });
    if (!is_of_former) {
        if (key == nullptr || key->request_hash != request.request_hash) {
            context_.violations.report("I03", "an answer under a key that is another request's");
            return;
        }
        check_replayed_answer(context_.violations, key->ids, submitted.ids);
    }
    if (submitted.is_replayed) {
        context_.marks.hit(Mark::key_replayed_by_engine);
    }
}

// A key is forgotten after a day, whoever used it: nothing of that use may come back.
void Clients::check_forgotten(const Request& request, const core::Answer& given) {
    if (request.forgotten == 0 ||
        context_.durable.key(*request.key)->request != request.forgotten) {
        return;  // in time, or somebody used the key anew meanwhile
    }
    const bool is_mismatch = !given && given.error().problem == Problem::idempotency_mismatch;
    const auto* submitted = given ? std::get_if<core::Submitted>(&*given) : nullptr;
    if (is_mismatch || (submitted != nullptr && submitted->is_replayed)) {
        context_.violations.report("I03", "a key of more than a day ago was not forgotten");
    }
}

void Clients::check_control(const Request& request, const core::Answer& given) {
    const RefJob* job = context_.durable.job(request.target);
    check_answered_job(context_.violations, job);
    if (job == nullptr) {
        return;
    }
    if (given) {
        const bool is_cancelled = job->is_cancelling || job->is_ended();
        if (request.kind == Kind::cancel && !is_cancelled) {
            context_.violations.report("I01", "a cancel was answered before it was durable");
        }
        if (request.is_other_tenant) {
            context_.violations.report("I22", "another tenant's job was changed");
        }
    } else if (request.kind == Kind::approve &&
               given.error().problem == Problem::state_conflict) {
        context_.marks.hit(Mark::approval_too_late);
    } else if (given.error().problem == Problem::not_live && !request.is_other_tenant &&
               !job->is_gone()) {
        context_.violations.report("I01", "a job was called not live while its records say it is");
    }
}

void Clients::check_all_answered() {
    for (const Request& request : requests_) {
        if (request.phase == Phase::in_server && request.process == server_.process()) {
            context_.violations.report("I08", "an orderly stop left a request without an answer");
        }
    }
}

}  // namespace attacca::sim
