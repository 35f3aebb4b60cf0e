// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "http/dispatch.h"
#include "http/named_view.h"
#include "http/rerun.h"
#include "http/submission.h"
#include "http/submitting.h"

// Submissions: one job, a batch, or an old job once more; each once per idempotency key.

namespace attacca::http {
namespace {

void run_again(Api& api, Call call, bool is_rerun) {
    const std::shared_ptr<Submission> submission = begin_submission(api, call);
    if (submission == nullptr || (submission->key && replay_submission(submission))) {
        return;
    }
    const Result<ports::JobRow> row = api.jobs.find(call.tenant, call.path.front());
    Result<core::NewJob> job = row ? job_again(api, *row) : Result<core::NewJob>(row.error());
    if (job && is_rerun) {
        Result<std::string> kept =
            kept_for_rerun(api.gateway.reader(), api.gateway.seal_keys(), *row,
                           call.request.body);
        if (kept) {
            job->kept = std::move(*kept);
        } else {
            job = kept.error();
        }
    }
    submit_one(submission, std::move(job));
}

}  // namespace

void start_workflow(Api& api, Call call) {
    const std::shared_ptr<Submission> submission = begin_submission(api, call);
    if (submission == nullptr || (submission->key && replay_submission(submission))) {
        return;
    }
    submit_one(submission, workflow_job(api, call));
}

void create_job(Api& api, Call call) {
    const std::shared_ptr<Submission> submission = begin_submission(api, call);
    if (submission == nullptr || (submission->key && replay_submission(submission))) {
        return;
    }
    submit_one(submission, parse_job(call.request.body, workflows_of(api, call.tenant)));
}

void create_dispatch(Api& api, Call call) {
    const std::shared_ptr<Submission> submission = begin_submission(api, call);
    if (submission == nullptr) {
        return;
    }
    submission->is_dispatch = true;
    submission->wait.reset();  // its answer tells of the beginning only
    if (submission->key && replay_submission(submission)) {
        return;
    }
    submit_one(submission, parse_dispatch(call.request.body));
}

void create_jobs(Api& api, Call call) {
    const std::shared_ptr<Submission> submission = begin_submission(api, call);
    if (submission == nullptr) {
        return;
    }
    submission->is_batch = true;
    if (submission->key && replay_submission(submission)) {
        return;
    }
    Result<std::vector<core::NewJob>> jobs =
        parse_jobs(call.request.body, workflows_of(api, call.tenant));
    if (!jobs) {
        call.reply.refuse(jobs.error());
        return;
    }
    submit_new(submission, std::move(*jobs));
}

void retry_job(Api& api, Call call) {
    run_again(api, std::move(call), false);
}

void rerun_job(Api& api, Call call) {
    run_again(api, std::move(call), true);
}

}  // namespace attacca::http
