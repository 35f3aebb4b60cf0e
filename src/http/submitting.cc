// SPDX-License-Identifier: Apache-2.0
#include "http/submitting.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "base/check.h"
#include "base/json.h"
#include "core/job/trace.h"
#include "http/dead_letter_view.h"
#include "http/dispatch.h"
#include "http/evidence_view.h"
#include "http/idempotency.h"
#include "http/json_out.h"
#include "http/throttle.h"

namespace attacca::http {
namespace {

constexpr int lookups_max = 3;
constexpr std::string_view job_path = "/api/v1/orchestration/job/";

// `Prefer: wait=30`; what cannot be read is ignored, as RFC 7240 wants.
std::optional<Duration> wait_of(const Api& api, const Request& request) {
    const std::string* prefer = request.header("prefer");
    const std::size_t at = prefer == nullptr ? std::string::npos : prefer->find("wait=");
    if (at == std::string::npos) {
        return std::nullopt;
    }
    const std::string_view rest = std::string_view(*prefer).substr(at + 5);
    const auto number = parse_u64(rest.substr(0, rest.find_first_not_of("0123456789")));
    if (!number || *number == 0) {
        return std::nullopt;
    }
    const auto length = static_cast<std::int64_t>(std::min<std::uint64_t>(*number, 86400));
    return std::min(seconds(length), api.options.wait_max);
}

// `Prefer: receipt`, alone or in a list.
bool wants_receipt(const Request& request) {
    const std::string* prefer = request.header("prefer");
    std::string_view rest = prefer == nullptr ? std::string_view() : std::string_view(*prefer);
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find_first_of(", ;"), rest.size());
        if (rest.substr(0, end) == "receipt") {
            return true;
        }
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return false;
}

// Another form of `traceparent` is ignored, as W3C Trace Context wants.
std::string trace_of(const Request& request) {
    const std::string* given = request.header("traceparent");
    return given != nullptr && core::is_trace_parent(*given) ? *given : std::string();
}

// Precondition: the details are empty or a JSON object.
void add_trace(core::NewJob& job, const std::string& trace) {
    Result<Json> details = job.details.empty() ? Json::object() : parse_json(job.details);
    ATTACCA_CHECK(details && details->is_object());
    details->set("traceparent", trace);
    job.details = details->canonical_text();
}

Response batch_response(const std::vector<core::JobId>& ids) {
    Response response;
    response.status = 202;
    response.body.reserve(40 * ids.size() + 16);
    ObjectOut out(response.body);
    ArrayOut list(out.key("ids"));
    for (const core::JobId& id : ids) {
        std::string& text = list.element();
        text += '"';
        id.uuid.append_text(text);
        text += '"';
    }
    list.end();
    out.end();
    return response;
}

Response job_response(const Submission& submission, const core::JobId& id) {
    const Result<ports::JobRow> row = submission.api->jobs.find(submission.tenant, id);
    if (!row) {
        return submission.reply.response_of(202, row.error());
    }
    if (submission.is_dispatch) {
        Response response =
            submission.reply.response_of(202, dispatched_json(submission.api->jobs, *row));
        response.headers.push_back({"Location", "/tasks/" + dispatch_id(id)});
        response.headers.push_back({"Link", receipt_link(id, 0)});
        return response;
    }
    // After waiting, a job that ended is the answer itself.
    const bool is_done = submission.wait.has_value() && core::is_final(row->state);
    Response response = submission.reply.response_of(
        is_done ? 200 : 202,
        submission.api->jobs.json(*row, is_done ? JobForm::current : JobForm::created));
    response.headers.push_back({"Location", std::string(job_path) + id.text()});
    response.headers.push_back({"Link", receipt_link(id, 0)});
    if (submission.wants_receipt && response.status < 300) {
        const Result<std::string> evidence = receipt_member(*submission.api, *row);
        if (!evidence) {
            return submission.reply.response_of(202, evidence.error());
        }
        response.body.pop_back();
        response.body += ",\"evidence\":" + *evidence + "}";
        response.headers.push_back({"Preference-Applied", "receipt"});
    }
    return response;
}

void answer(const std::shared_ptr<Submission>& submission, const core::Submitted& submitted) {
    if (!submission->is_batch) {
        submission->reply = submission->reply.about_job(submitted.ids.front().text());
    }
    const auto make = [submission, submitted] {
        Response response = submission->is_batch ? batch_response(submitted.ids)
                                                 : job_response(*submission, submitted.ids.front());
        if (submitted.is_replayed) {
            response.headers.push_back({"Idempotency-Replayed", "true"});
        }
        if (submission->wait && !submission->is_batch) {
            response.headers.push_back({"Preference-Applied", "wait"});
        }
        add_limits(response, submitted.limits);
        return response;
    };
    if (!submission->wait || submission->is_batch) {
        submission->reply.send_made(make);
        return;
    }
    const core::JobId id = submitted.ids.front();
    Api& api = *submission->api;
    const auto is_ended = [submission, id] {
        const Result<ports::JobRow> row = submission->api->jobs.find(submission->tenant, id);
        return row && core::is_final(row->state);
    };
    api.ends->add(id, *submission->wait, is_ended,
                  [submission, make] { submission->reply.send_made(make); });
    api.pump.wake(*api.ends);
}

void submit(const std::shared_ptr<Submission>& submission);

// The engine has forgotten keys since the store was asked: the store is asked again, elsewhere.
void look_again(const std::shared_ptr<Submission>& submission, const Error& error) {
    const bool is_waiting =
        ++submission->lookups < lookups_max && submission->api->pool.run([submission] {
            if (!replay_submission(submission)) {
                submit(submission);
            }
        });
    if (!is_waiting) {
        submission->reply.refuse(error);
    }
}

void submit(const std::shared_ptr<Submission>& submission) {
    core::SubmitJobs command;
    command.tenant = submission->tenant;
    command.actor = submission->api->options.actor;
    command.key = submission->key;
    // Only a submission with a key may have to be made a second time.
    command.jobs = submission->key ? submission->jobs : std::move(submission->jobs);
    submission->api->gateway.submit(std::move(command), [submission](const core::Answer& given) {
        if (!given) {
            if (given.error().problem == Problem::idempotency_in_progress) {
                look_again(submission, given.error());
            } else if (given.error().problem == Problem::not_live) {
                refuse_letter(submission->api, submission->reply, submission->tenant,
                              submission->letter);
            } else {
                submission->reply.refuse(given.error());
            }
            return;
        }
        if (const auto* throttled = std::get_if<core::Throttled>(&*given)) {
            submission->reply.send(throttled_response(submission->reply, *throttled));
            return;
        }
        answer(submission, std::get<core::Submitted>(*given));
    });
}

}  // namespace

Result<core::NewJob> job_again(const Api& api, const ports::JobRow& row) {
    if (!core::is_final(row.state)) {
        return fail(Problem::state_conflict, "the job is " + std::string(core::name_of(row.state)) +
                                                 "; only an ended job can be retried");
    }
    core::NewJob job;
    ATTACCA_TRY(job.definition, api.jobs.definition_of(row));
    ATTACCA_TRY(job.details, api.jobs.details_of(row));
    job.name = row.name;
    job.priority = row.priority;
    job.retry_of = row.id;
    return job;
}

bool replay_submission(const std::shared_ptr<Submission>& submission) {
    core::IdempotencyKey& key = *submission->key;
    // The size first: what is committed between the two reads is then looked for by the engine.
    key.looked_up_at = submission->api->ledger_size.load();
    const Result<std::optional<ports::IdempotencyRow>> found =
        submission->api->gateway.reader().key(key.key_hash);
    if (!found) {
        submission->reply.refuse(found.error());
        return true;
    }
    if (!*found) {
        return false;
    }
    if ((*found)->request_hash != key.request_hash) {
        submission->reply.refuse(fail(Problem::idempotency_mismatch,
                                      "the key was used with another request; use a new key"));
        return true;
    }
    answer(submission, {(*found)->ids, true});
    return true;
}

std::shared_ptr<Submission> begin_submission(Api& api, Call& call) {
    Result<Idempotency> asked = idempotency_of(call);
    if (!asked) {
        call.reply.refuse(asked.error());
        return nullptr;
    }
    if (Result<void> done = call.query.finish(); !done) {
        call.reply.refuse(done.error());
        return nullptr;
    }
    return std::make_shared<Submission>(Submission{
        api.shared_from_this(), call.reply, call.tenant, {}, asked->key,
        asked->is_by_content ? call.request.path : std::string(), false, false,
        wait_of(api, call.request), wants_receipt(call.request), 0, {},
        trace_of(call.request)});
}

void submit_new(const std::shared_ptr<Submission>& submission, std::vector<core::NewJob> jobs) {
    Api& api = *submission->api;
    if (!submission->content_of.empty()) {
        const bool is_any_sealed = std::any_of(
            jobs.begin(), jobs.end(), [](const auto& job) { return job.definition->is_sealed; });
        if (is_any_sealed) {
            submission->reply.refuse(fail(Problem::not_supported,
                                          "a sealed job has no key made of its content, which "
                                          "would stay when the content is erased"));
            return;
        }
        submission->key = content_key(submission->tenant, submission->content_of, jobs);
        if (replay_submission(submission)) {
            return;
        }
    }
    for (core::NewJob& job : jobs) {
        job.id = api.gateway.new_job_id();
        api.definitions.put(job.definition);
        if (!submission->trace.empty()) {
            add_trace(job, submission->trace);
        }
    }
    submission->jobs = std::move(jobs);
    submit(submission);
}

void submit_one(const std::shared_ptr<Submission>& submission, Result<core::NewJob> job) {
    if (!job) {
        submission->reply.refuse(job.error());
        return;
    }
    std::vector<core::NewJob> jobs;
    jobs.push_back(std::move(*job));
    submit_new(submission, std::move(jobs));
}

}  // namespace attacca::http
