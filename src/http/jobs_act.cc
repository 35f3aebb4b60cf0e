// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "http/api.h"
#include "http/conditions.h"
#include "http/evidence_view.h"

// Cancel, pause and resume: the engine decides for live jobs; for the others the row answers.

namespace attacca::http {
namespace {

enum class Act { cancel, pause, pause_now, resume };

core::Command command_of(Act act, const core::JobId& id, const std::string& tenant,
                         const std::string& actor) {
    switch (act) {
        case Act::cancel:
            return core::CancelJob{id, tenant, actor};
        case Act::pause:
            return core::PauseJob{id, tenant, actor};
        case Act::pause_now:
            return core::PauseJob{id, tenant, actor, true};
        case Act::resume:
            return core::ResumeJob{id, tenant, actor};
    }
    return core::CancelJob{id, tenant, actor};
}

std::string_view done_name(Act act) {
    switch (act) {
        case Act::cancel:
            return "cancelled";
        case Act::pause:
        case Act::pause_now:
            return "paused";
        case Act::resume:
            return "resumed";
    }
    return "changed";
}

// The answer about a job that the engine does not hold: there is none, it is final, or a start set
// it aside because its records could not be folded. The engine's answer waited for everything that
// it could see, so the row is no older than that.
Response answer_of_row(const Api& api, const Reply& reply, Act act, const core::JobId& id,
                       const std::string& tenant,
                       const std::optional<engine::Condition>& condition) {
    const Result<ports::JobRow> row = api.jobs.find(tenant, id);
    if (!row) {
        return reply.response_of(200, row.error());
    }
    if (condition && !condition->is_met_by(row->eseq)) {
        return reply.response_of(200, fail(Problem::precondition_failed, engine::unmet_hint));
    }
    if (!core::is_final(row->state)) {
        return reply.response_of(
            200, fail(Problem::state_conflict,
                      "the server set the job aside when it started, because its records cannot be "
                      "read; it cannot be " +
                          std::string(done_name(act))));
    }
    if (act == Act::cancel && row->state == core::JobState::cancelled) {
        return reply.response_of(200, api.jobs.json(*row, JobForm::current));
    }
    return reply.response_of(
        200, fail(Problem::state_conflict, "the job is " + std::string(core::name_of(row->state)) +
                                               " and cannot be " + std::string(done_name(act))));
}

void act_on(Api& api, Call& call, Act act) {
    if (act == Act::pause) {
        const Result<bool> is_now = call.query.take_bool("now");
        if (!is_now) {
            call.reply.refuse(is_now.error());
            return;
        }
        act = *is_now ? Act::pause_now : act;
    }
    const std::optional<Uuid> uuid = Uuid::parse(call.path.front());
    if (Result<void> done = call.query.finish(); !done) {
        call.reply.refuse(done.error());
        return;
    }
    if (!uuid) {
        call.reply.refuse(fail(Problem::not_found, "there is no such job"));
        return;
    }
    const core::JobId id{*uuid};
    std::optional<engine::Condition> condition = condition_of(call.request);
    if (condition) {
        condition->job = id;
    }
    api.gateway.submit_if(
        condition, command_of(act, id, call.tenant, api.options.actor),
        [kept = api.shared_from_this(), reply = call.reply, act, id, tenant = call.tenant,
         condition](const core::Answer& given) {
            if (!given && given.error().problem != Problem::not_live) {
                reply.refuse(given.error());
                return;
            }
            const bool is_accepted = given.has_value();
            reply.send_made([kept, reply, act, id, tenant, condition, is_accepted] {
                if (!is_accepted) {
                    return answer_of_row(*kept, reply, act, id, tenant, condition);
                }
                const Result<ports::JobRow> row = kept->jobs.find(tenant, id);
                if (!row) {
                    return reply.response_of(200, row.error());
                }
                Response response =
                    reply.response_of(200, kept->jobs.json(*row, JobForm::current));
                response.headers.push_back({"Link", receipt_link(id, row->eseq)});
                return response;
            });
        });
}

}  // namespace

void cancel_job(Api& api, Call call) {
    act_on(api, call, Act::cancel);
}

void pause_job(Api& api, Call call) {
    act_on(api, call, Act::pause);
}

void resume_job(Api& api, Call call) {
    act_on(api, call, Act::resume);
}

}  // namespace attacca::http
