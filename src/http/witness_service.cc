// SPDX-License-Identifier: Apache-2.0
#include "http/witness_service.h"

#include <optional>
#include <string_view>
#include <utility>

#include "http/pool.h"
#include "http/problem.h"
#include "http/server.h"

namespace attacca::http {
namespace {

constexpr std::size_t waiting_requests_max = 256;
constexpr std::string_view add_path = "/add-checkpoint";
constexpr std::string_view key_path = "/vkey";
constexpr std::string_view alive_path = "/livez";
constexpr std::string_view checkpoint_suffix = "/checkpoint";
constexpr std::size_t hash_digits = 64;

// The hash in `/<hash>/checkpoint`, else nothing.
std::string_view origin_hash_of(std::string_view path) {
    if (path.size() != 1 + hash_digits + checkpoint_suffix.size() ||
        !path.ends_with(checkpoint_suffix)) {
        return {};
    }
    return path.substr(1, hash_digits);
}

Response refusal_of(const Request& request, const Error& error) {
    return problem_response(error, RequestIds::of(request));
}

// A refusal by the head alone, or nothing.
std::optional<Response> judge_witness_head(const Request& request) {
    const bool is_add = request.path == add_path;
    const bool is_read = request.path == key_path || request.path == alive_path ||
                         !origin_hash_of(request.path).empty();
    if (!is_add && !is_read) {
        return refusal_of(request, fail(Problem::not_found, ""));
    }
    const bool may = is_add ? request.method == Method::post
                            : request.method == Method::get || request.method == Method::head;
    if (!may) {
        Response response = refusal_of(request, fail(Problem::method_not_allowed, ""));
        response.headers.push_back({"Allow", is_add ? "POST" : "GET, HEAD"});
        return response;
    }
    return std::nullopt;
}

Response answer_request(engine::WitnessBook& book, const Request& request) {
    engine::WitnessBook::Answer answer;
    if (request.path == add_path) {
        answer = book.add_checkpoint(request.body);
    } else if (request.path == key_path) {
        answer.body = core::format_witness_vkey(book.key()) + "\n";
    } else if (request.path == alive_path) {
        answer.body = "alive\n";
    } else {
        answer = book.newest(origin_hash_of(request.path));
    }
    Response response;
    response.status = answer.status;
    response.content_type = std::move(answer.content_type);
    response.headers.push_back({"Cache-Control", "no-store"});
    response.body = std::move(answer.body);
    return response;
}

}  // namespace

struct WitnessService::Parts {
    // Handlers that outlive the server still find it.
    std::shared_ptr<Pool> pool = std::make_shared<Pool>(1, waiting_requests_max);
    std::unique_ptr<Server> server;
};

Limits witness_limits() {
    Limits limits;
    limits.head_bytes_max = 8 * 1024;
    limits.body_bytes_max = 128 * 1024;
    limits.bodies_bytes_max = 16 * 1024 * 1024;
    limits.connections_max = 1000;
    limits.body_timeout = seconds(10);
    limits.pipeline_max = 4;
    return limits;
}

WitnessService::WitnessService(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

WitnessService::~WitnessService() {
    stop(Duration{0});
}

Result<std::unique_ptr<WitnessService>> WitnessService::start(
    engine::WitnessBook& book,
    const std::string& listen,
    const Limits& limits,
    std::function<Result<void>(std::uint16_t port)> on_bound) {
    auto parts = std::make_unique<Parts>();
    Handlers handlers;
    handlers.judge_head = judge_witness_head;
    handlers.handle = [&book, pool = parts->pool](Request request, const Responder& responder) {
        const auto shared = std::make_shared<const Request>(std::move(request));
        const bool is_taken = pool->run(
            [&book, shared, responder] { responder.send(answer_request(book, *shared)); });
        if (!is_taken) {
            responder.send(refusal_of(*shared, fail(Problem::overloaded, "")));
        }
    };
    handlers.on_refusal = [](const Error&) {};
    ServerOptions options;
    options.listen = {listen};
    options.limits = limits;
    options.on_bound = std::move(on_bound);
    ATTACCA_TRY(parts->server, Server::start(options, std::move(handlers)));
    return std::unique_ptr<WitnessService>(new WitnessService(std::move(parts)));
}

std::uint16_t WitnessService::port() const {
    return parts_->server->port();
}

void WitnessService::stop(Duration grace) {
    if (parts_->server != nullptr) {
        parts_->server->stop(grace);
        parts_->pool->stop();
        parts_->server.reset();
    }
}

}  // namespace attacca::http
