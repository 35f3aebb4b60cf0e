// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/gateway.h"
#include "http/limits.h"
#include "http/log.h"
#include "ports/zones.h"

// The HTTP service on a running engine: what app/ starts for `serve`.

namespace attacca::http {

struct ServiceOptions {
    std::vector<std::string> listen = {"127.0.0.1:7480"};
    int threads = 1;
    Limits limits = {};
    std::string token;  // of the administrator; must not be empty
    LogLevel log_level = LogLevel::info;
    Log::Sink log_sink = {};  // standard error without one
    Duration comment_period = seconds(15);
    // Gets the port of the first address when it is bound and nothing is accepted yet, so that what
    // tells others of it is there before the first answer. May be empty; its error ends the start.
    std::function<Result<void>(std::uint16_t port)> on_bound = {};
    ports::Zones* zones = nullptr;  // outlives the service; without: UTC only
};

class Service {
  public:
    // The gateway must outlive the service. Errors: bad_configuration.
    [[nodiscard]] static Result<std::unique_ptr<Service>> start(engine::Gateway& gateway,
                                                                const ServiceOptions& options);
    ~Service();
    Service(const Service&) = delete;
    Service& operator=(const Service&) = delete;

    [[nodiscard]] std::uint16_t port(std::size_t listen_index = 0) const;
    // Stops accepting, ends streams and waits, lets answers under way go out for up to `grace`.
    // Call it before the engine stops: answers come from there. Idempotent.
    void stop(Duration grace);

  private:
    struct Parts;
    explicit Service(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

}  // namespace attacca::http
