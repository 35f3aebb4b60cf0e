// SPDX-License-Identifier: Apache-2.0
#include "http/reply.h"

#include <algorithm>
#include <utility>

#include "http/conditions.h"
#include "http/json_out.h"

namespace attacca::http {

void Observer::see(const Seen& seen) {
    metrics.count_request(seen.method, seen.endpoint, seen.status, seen.duration);
    const LogLevel level = seen.status >= 500   ? LogLevel::warning
                           : seen.status >= 400 ? LogLevel::info
                                                : LogLevel::debug;
    if (!log.wants(level)) {
        return;
    }
    std::string members;
    members += ",\"method\":";
    append_json_string(members, seen.method);
    members += ",\"path\":";
    append_json_string(members, quoted(seen.path));
    members += ",\"status\":" + std::to_string(seen.status);
    if (!seen.remote.empty()) {
        members += ",\"remote\":";
        append_json_string(members, seen.remote);
    }
    if (!seen.problem.empty()) {
        members += ",\"problem\":";
        append_json_string(members, seen.problem);
    }
    log.write({.level = level,
               .message = "request answered",
               .correlation_id = seen.correlation_id,
               .duration = seen.duration,
               .user = seen.user,
               .job = seen.job,
               .members = members});
}

Reply::Reply(About about, Responder responder)
    : state_(std::make_shared<const State>(
          State{std::move(about), std::move(responder), std::chrono::steady_clock::now()})) {}

void Reply::State::tag(Response& response) const {
    const bool has_tag =
        std::any_of(response.headers.begin(), response.headers.end(),
                    [](const Header& field) { return field.name == "ETag"; });
    if (!about.is_tagged || response.status != 200 || has_tag ||
        response.content_type != "application/json") {
        return;
    }
    std::string tag = tag_of(response);
    if (about.known_tags && names_tag(*about.known_tags, tag)) {
        response.status = 304;
        response.content_type.clear();
        response.body.clear();
    }
    response.headers.push_back({"ETag", std::move(tag)});
}

void Reply::State::finish(Response& response) const {
    const bool has_id =
        std::any_of(response.headers.begin(), response.headers.end(),
                    [](const Header& field) { return field.name == "X-Correlation-Id"; });
    if (!has_id) {
        response.headers.push_back({"X-Correlation-Id", about.ids.correlation});
    }
    const auto elapsed = std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::steady_clock::now() - began);
    about.observer->see({name_of(about.method), about.endpoint, about.path, response.status,
                         Duration{elapsed.count()}, about.ids.correlation, about.user,
                         {}, about.job, about.remote});
}

Reply Reply::about_job(std::string id) const {
    Reply other = *this;
    auto state = std::make_shared<State>(*state_);
    state->about.job = std::move(id);
    other.state_ = std::move(state);
    return other;
}

void Reply::send(Response response) const {
    state_->tag(response);
    state_->finish(response);
    state_->responder.send(std::move(response));
}

void Reply::send_made(std::function<Response()> make) const {
    state_->responder.send_made([state = state_, make = std::move(make)] {
        Response response = make();
        state->tag(response);
        state->finish(response);
        return response;
    });
}

void Reply::refuse(const Error& error, std::string_view members) const {
    send(problem_response(error, ids(), members));
}

void Reply::json(int status, std::string body) const {
    Response response;
    response.status = status;
    response.body = std::move(body);
    send(std::move(response));
}

std::shared_ptr<Stream> Reply::stream(Response head, std::optional<std::uint64_t> length) const {
    state_->finish(head);
    return state_->responder.stream(std::move(head), length);
}

Response Reply::response_of(int status, Result<std::string> body) const {
    if (!body) {
        return problem_response(body.error(), ids());
    }
    Response response;
    response.status = status;
    response.body = std::move(*body);
    return response;
}

}  // namespace attacca::http
