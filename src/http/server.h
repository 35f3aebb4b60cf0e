// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "http/limits.h"
#include "http/message.h"

// The transport: listens, reads requests, hands them to the handlers, writes answers in the order
// of the requests, many at once where they are pipelined. It knows nothing of routes.
//
// Threads: one or two of its own run all connections; a handler runs on one of them, so it must
// not block for long. Requests of one connection run side by side only when all of them are safe
// (GET, HEAD) or none is; unsafe ones are handed over in their order.

namespace attacca::http {

struct Handlers {
    // Judges by the head alone, before the body is read. An answer here ends the connection when
    // there was a body to come.
    std::function<std::optional<Response>(const Request&)> judge_head;
    std::function<void(Request, Responder)> handle;
    // A refusal that the transport made itself: for metrics and logs.
    std::function<void(const Error&)> on_refusal;
};

struct ServerOptions {
    std::vector<std::string> listen = {"127.0.0.1:7480"};  // also `[::1]:7480`; port 0 = any
    int threads = 1;                                       // 1 or 2
    Limits limits = {};
    std::function<Result<void>(std::uint16_t port)> on_bound = {};  // see ServiceOptions
};

class Server {
  public:
    // Binds and starts. Errors: bad_configuration (an address that cannot be read or bound).
    [[nodiscard]] static Result<std::unique_ptr<Server>> start(const ServerOptions& options,
                                                               Handlers handlers);
    // Stops without grace if stop() was not called.
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    // The port that the n-th listen address got.
    [[nodiscard]] std::uint16_t port(std::size_t listen_index = 0) const;
    [[nodiscard]] std::size_t connection_count() const;

    // Accepts no more, ends idle connections and streams, lets answers under way go out for up to
    // `grace`, then ends. Returns when all threads are gone; handlers may answer into the void
    // afterwards. Call it once, from a thread that is not the server's.
    void stop(Duration grace);

  private:
    struct Parts;
    explicit Server(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

}  // namespace attacca::http
