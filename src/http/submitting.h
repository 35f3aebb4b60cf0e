// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "http/api.h"

// What all submissions have in common, whatever asked for them: the idempotency key, the wait for
// the end, and the answer.

namespace attacca::http {

// One submission under way. Shared: the engine's thread answers it.
struct Submission {
    std::shared_ptr<Api> api;
    Reply reply;
    std::string tenant;
    std::vector<core::NewJob> jobs;
    std::optional<core::IdempotencyKey> key;
    std::string content_of;  // not empty: the key is that of the jobs, sent to this path
    bool is_batch = false;
    bool is_dispatch = false;
    std::optional<Duration> wait;
    bool wants_receipt = false;
    int lookups = 0;
    std::optional<core::JobId> letter;  // the dead letter that it replays, where it is one
    std::string trace = {};  // `traceparent` of the request; empty when it has none
};

// What a new job has in common with an old one. Errors: state_conflict, when that has not ended;
// corrupt, io_error.
[[nodiscard]] Result<core::NewJob> job_again(const Api& api, const ports::JobRow& row);

// From the call's headers and query; null when the call was answered with a refusal.
[[nodiscard]] std::shared_ptr<Submission> begin_submission(Api& api, Call& call);

// Answers from the store when the key was used before. True when it was answered.
[[nodiscard]] bool replay_submission(const std::shared_ptr<Submission>& submission);

// Gives the jobs their ids, asks the engine, and answers. Precondition: there are jobs.
void submit_new(const std::shared_ptr<Submission>& submission, std::vector<core::NewJob> jobs);
// One job, or the refusal of what could not become one.
void submit_one(const std::shared_ptr<Submission>& submission, Result<core::NewJob> job);

}  // namespace attacca::http
