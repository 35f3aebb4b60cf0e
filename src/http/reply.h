// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "http/log.h"
#include "http/message.h"
#include "http/metrics.h"
#include "http/problem.h"

// An answer on its way through everything that looks at answers: correlation id, metrics, log.

namespace attacca::http {

// Shared, because answers may come when the service is gone already.
struct Observer {
    Metrics metrics;
    Log log;

    explicit Observer(Log to) : log(std::move(to)) {}

    struct Seen {
        std::string_view method;
        std::string_view endpoint;  // the route's pattern
        std::string_view path;
        int status = 0;
        Duration duration;
        std::string_view correlation_id;
        std::string_view user;
        std::string_view problem = {};  // of a request that never became one
        std::string_view job = {};     // the id of the job that it is about
        std::string_view remote = {};  // the peer's address
    };
    // Counts and logs one answered request.
    void see(const Seen& seen);
};

class Reply {
  public:
    struct About {
        std::shared_ptr<Observer> observer;
        RequestIds ids;
        Method method = Method::get;
        std::string_view endpoint;
        std::string path;
        std::string user;
        std::string job = {};  // the id of the job that it is about, where there is one
        std::string remote = {};  // the peer's address
        // What it shows has an entity tag, and need not be sent to who knows it.
        bool is_tagged = false;
        std::optional<std::string> known_tags = {};  // `If-None-Match`
    };
    Reply(About about, Responder responder);
    // The same answer, which is now known to be about this job.
    [[nodiscard]] Reply about_job(std::string id) const;

    void send(Response response) const;
    // `make` runs on the server's thread: for answers that are called for on the engine's.
    void send_made(std::function<Response()> make) const;
    // `members`: see problem_response().
    void refuse(const Error& error, std::string_view members = {}) const;
    void json(int status, std::string body) const;
    [[nodiscard]] std::shared_ptr<Stream> stream(
        Response head, std::optional<std::uint64_t> length = std::nullopt) const;

    // A JSON answer, or the problem.
    [[nodiscard]] Response response_of(int status, Result<std::string> body) const;
    [[nodiscard]] const RequestIds& ids() const { return state_->about.ids; }

  private:
    struct State {
        About about;
        Responder responder;
        std::chrono::steady_clock::time_point began;
        void tag(Response& response) const;
        void finish(Response& response) const;
    };
    std::shared_ptr<const State> state_;
};

}  // namespace attacca::http
