// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "http/dead_letter_view.h"
#include "http/named_view.h"
#include "http/rerun.h"
#include "http/submitting.h"

// Dead letters of the caller's tenant: the engine lists those that are open, the store tells what
// became of one; and what people do about them.

namespace attacca::http {
namespace {

// The job that makes up for a letter's: what did not succeed, once more.
Result<core::NewJob> replay_of(const Api& api, const std::string& tenant, const core::JobId& id) {
    ATTACCA_TRY(const ports::JobRow row, api.jobs.find(tenant, id));
    ATTACCA_TRY(core::NewJob job, job_again(api, row));
    ATTACCA_TRY(job.kept, kept_for_rerun(api.gateway.reader(), api.gateway.seal_keys(), row, {}));
    job.is_replay = true;
    return job;
}

// {"ids": […]} of the letters.
std::string ids_text(const std::vector<core::JobId>& jobs) {
    Json ids = Json::array();
    for (const core::JobId& job : jobs) {
        ids.push(job.text());
    }
    Json out = Json::object();
    out.set("ids", std::move(ids));
    return out.text();
}

Result<core::ReadDeadLetters> listing_of(Call& call) {
    core::ReadDeadLetters command;
    command.tenant = call.tenant;
    ATTACCA_TRY(const std::uint64_t limit, call.query.take_number("limit", 50, 1, page_max));
    command.limit = static_cast<std::uint32_t>(limit);
    if (const auto cause = call.query.take("cause")) {
        command.filter.cause = core::parked_of(*cause);
        if (!command.filter.cause || *command.filter.cause == core::Parked::no) {
            return Query::refusal("cause", "it is `poison` or `exhausted`");
        }
    }
    command.filter.node = call.query.take("node").value_or("");
    command.filter.name = call.query.take("name").value_or("");
    if (const auto after = call.query.take("after"); after && !after->empty()) {
        const auto uuid = Uuid::parse(*after);
        if (!uuid) {
            return Query::refusal("after", "it is the id of a job");
        }
        command.after = core::JobId{*uuid};
    }
    if (Result<void> done = call.query.finish(); !done) {
        return done.error();
    }
    return command;
}

void discard_found(Api& api, const Call& call, const std::vector<core::JobId>& jobs,
                   std::string reason) {
    if (jobs.empty()) {
        call.reply.send(call.reply.response_of(200, ids_text(jobs)));
        return;
    }
    const std::optional<core::JobId> only =
        jobs.size() == 1 ? std::optional(jobs.front()) : std::nullopt;
    api.gateway.submit(
        core::DiscardDeadLetters{call.tenant, api.options.actor, jobs, std::move(reason)},
        [kept = api.shared_from_this(), reply = call.reply, tenant = call.tenant, only,
         jobs](const core::Answer& given) {
            if (!given && given.error().problem == Problem::not_live) {
                refuse_letter(kept, reply, tenant, only);
            } else if (!given) {
                reply.refuse(given.error());
            } else {
                reply.send(reply.response_of(200, ids_text(jobs)));
            }
        });
}

// The question is only what the filter finds. True when that is answered.
bool is_only_asked(const Call& call, const LetterRequest& request,
                   const core::DeadLetterPage& page) {
    if (request.is_dry_run) {
        call.reply.send(call.reply.response_of(200, letters_text(page)));
    }
    return request.is_dry_run;
}

core::ReadDeadLetters letters_of(const Call& call, const LetterRequest& request) {
    return {call.tenant, request.filter, {}, request.limit};
}

std::vector<core::JobId> jobs_in(const core::DeadLetterPage& page) {
    std::vector<core::JobId> jobs;
    for (const core::DeadLetter& letter : page.letters) {
        jobs.push_back(letter.job);
    }
    return jobs;
}

}  // namespace

void list_dead_letters(Api& api, Call call) {
    Result<core::ReadDeadLetters> command = listing_of(call);
    if (!command) {
        call.reply.refuse(command.error());
        return;
    }
    read_letters(api, call.reply, std::move(*command),
                 [reply = call.reply](const core::DeadLetterPage& page) {
                     reply.send(reply.response_of(200, letters_text(page)));
                 });
}

void get_dead_letter(Api& api, Call call) {
    if (!has_plain_query(call)) {
        return;
    }
    const Result<core::DeadLetter> letter = find_letter(api, call.tenant, call.path.front());
    if (!letter) {
        call.reply.refuse(letter.error());
        return;
    }
    call.reply.send(call.reply.response_of(200, letter_json(*letter).text()));
}

void replay_dead_letter(Api& api, Call call) {
    const std::shared_ptr<Submission> submission = begin_submission(api, call);
    if (submission == nullptr || (submission->key && replay_submission(submission))) {
        return;
    }
    const Result<core::DeadLetter> letter = find_letter(api, call.tenant, call.path.front());
    if (!letter || letter->state != core::DeadLetterState::open) {
        call.reply.refuse(letter ? closed_letter(*letter) : letter.error());
        return;
    }
    submission->letter = letter->job;
    submit_one(submission, replay_of(api, call.tenant, letter->job));
}

void replay_dead_letters(Api& api, Call call) {
    const std::shared_ptr<Submission> submission = begin_submission(api, call);
    if (submission == nullptr) {
        return;
    }
    submission->is_batch = true;
    if (submission->key && replay_submission(submission)) {
        return;
    }
    const Result<LetterRequest> request = parse_letter_request(call.request.body, false);
    if (!request) {
        call.reply.refuse(request.error());
        return;
    }
    core::ReadDeadLetters wanted = letters_of(call, *request);
    const Reply reply = call.reply;
    read_letters(api, reply, std::move(wanted),
                 [submission, call = std::move(call),
                  request = *request](const core::DeadLetterPage& page) {
                     if (is_only_asked(call, request, page)) {
                         return;
                     }
                     std::vector<core::NewJob> jobs;
                     for (const core::DeadLetter& letter : page.letters) {
                         Result<core::NewJob> job =
                             replay_of(*submission->api, call.tenant, letter.job);
                         if (!job) {
                             call.reply.refuse(job.error());
                             return;
                         }
                         jobs.push_back(std::move(*job));
                     }
                     if (jobs.empty()) {
                         call.reply.send(call.reply.response_of(200, ids_text({})));
                     } else {
                         submit_new(submission, std::move(jobs));
                     }
                 });
}

void discard_dead_letter(Api& api, Call call) {
    if (!has_plain_query(call)) {
        return;
    }
    const Result<core::DeadLetter> letter = find_letter(api, call.tenant, call.path.front());
    const Result<std::string> reason = parse_reason(call.request.body);
    if (!letter || !reason) {
        call.reply.refuse(letter ? reason.error() : letter.error());
        return;
    }
    discard_found(api, call, {letter->job}, *reason);
}

void discard_dead_letters(Api& api, Call call) {
    if (!has_plain_query(call)) {
        return;
    }
    const Result<LetterRequest> request = parse_letter_request(call.request.body, true);
    if (!request) {
        call.reply.refuse(request.error());
        return;
    }
    core::ReadDeadLetters wanted = letters_of(call, *request);
    const Reply reply = call.reply;
    read_letters(api, reply, std::move(wanted),
                 [kept = api.shared_from_this(), call = std::move(call),
                  request = *request](const core::DeadLetterPage& page) {
                     if (!is_only_asked(call, request, page)) {
                         discard_found(*kept, call, jobs_in(page), request.reason);
                     }
                 });
}

}  // namespace attacca::http
