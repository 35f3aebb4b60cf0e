// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "http/problem.h"
#include "http/raw_client_for_test.h"
#include "http/server.h"

// A real server on a port of its own, with handlers that answer at once, later, or never.

namespace attacca::http {

// Keeps responders of paths below /later until the test answers them.
class Later {
  public:
    void keep(const std::string& path, Responder responder) {
        const std::lock_guard lock(mutex_);
        kept_.emplace(path, std::move(responder));
        arrived_.notify_all();
    }
    Responder wait_for(const std::string& path) {
        std::unique_lock lock(mutex_);
        arrived_.wait(lock, [&] { return kept_.contains(path); });
        Responder responder = kept_.at(path);
        kept_.erase(path);
        return responder;
    }
    bool holds(const std::string& path) {
        const std::lock_guard lock(mutex_);
        return kept_.contains(path);
    }

  private:
    std::mutex mutex_;
    std::condition_variable arrived_;
    std::map<std::string, Responder> kept_;
};

inline Limits tiny_limits() {
    Limits limits;
    limits.body_bytes_max = 100000;
    limits.tick = milliseconds(5);
    limits.linger = milliseconds(50);
    return limits;
}

class ServerForTest {
  public:
    // False when it could not be started.
    bool start(const Limits& limits, int threads = 1) {
        ServerOptions options;
        options.listen = {"127.0.0.1:0"};
        options.limits = limits;
        options.threads = threads;
        Handlers handlers;
        handlers.judge_head = [](const Request& request) -> std::optional<Response> {
            if (request.path == "/forbidden") {
                return problem_response(fail(Problem::forbidden), RequestIds::of(request));
            }
            return std::nullopt;
        };
        handlers.handle = [this](Request request, Responder responder) {
            handle(std::move(request), std::move(responder));
        };
        auto started = Server::start(options, std::move(handlers));
        if (started) {
            server_ = std::move(*started);
        }
        return server_ != nullptr;
    }
    [[nodiscard]] std::uint16_t port() const { return server_->port(); }
    Later& later() { return later_; }
    Server& server() { return *server_; }

  private:
    void handle(Request request, Responder responder) {
        if (request.path.starts_with("/later")) {
            later_.keep(request.path, std::move(responder));
            return;
        }
        if (request.path == "/forgotten") {
            return;
        }
        Response response;
        response.content_type = "text/plain";
        response.body = std::string(name_of(request.method)) + " " + request.path + " " +
                        request.query + " " + std::to_string(request.body.size());
        responder.send(std::move(response));
    }

    Later later_;
    std::unique_ptr<Server> server_;  // ends first: its handlers use later_
};

}  // namespace attacca::http
