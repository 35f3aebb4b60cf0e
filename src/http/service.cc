// SPDX-License-Identifier: Apache-2.0
#include "http/service.h"

#include <utility>

#include "base/digest.h"
#include "http/api.h"
#include "http/router.h"
#include "http/server.h"

namespace attacca::http {

struct Service::Parts {
    std::shared_ptr<Observer> observer;
    std::shared_ptr<Api> api;
    std::unique_ptr<Router> router;
    std::unique_ptr<Server> server;
};

Service::Service(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Result<std::unique_ptr<Service>> Service::start(engine::Gateway& gateway,
                                                const ServiceOptions& options) {
    if (options.token.empty()) {
        return fail(Problem::bad_configuration, "the server has no token");
    }
    auto parts = std::make_unique<Parts>();
    parts->observer = std::make_shared<Observer>(Log(options.log_level, options.log_sink));
    Api::Options api_options;
    api_options.zones = options.zones;
    api_options.secret = sha256({"attacca cursors\n", options.token});
    api_options.comment_period = options.comment_period;
    parts->api = std::make_shared<Api>(gateway, parts->observer, api_options);
    parts->router = std::make_unique<Router>(parts->api, options.token);

    Handlers handlers;
    handlers.judge_head = [router = parts->router.get()](const Request& request) {
        return router->judge(request);
    };
    handlers.handle = [router = parts->router.get()](Request request, const Responder& responder) {
        router->handle(std::move(request), responder);
    };
    handlers.on_refusal = [observer = parts->observer](const Error& error) {
        observer->see({"none",
                       "none",
                       "",
                       http_status_of(class_of(error.problem)),
                       Duration{0},
                       {},
                       {},
                       slug_of(error.problem)});
    };
    ATTACCA_TRY(parts->server, Server::start({options.listen, options.threads, options.limits,
                                              options.on_bound},
                                             std::move(handlers)));
    parts->api->server.store(parts->server.get());
    return std::unique_ptr<Service>(new Service(std::move(parts)));
}

Service::~Service() {
    stop(Duration{0});
}

std::uint16_t Service::port(std::size_t listen_index) const {
    return parts_->server->port(listen_index);
}

void Service::stop(Duration grace) {
    if (parts_->server == nullptr) {
        return;
    }
    parts_->api->gateway.submit(core::EndClaims{}, [](const core::Answer&) {});
    parts_->api->ends->end_all();
    parts_->api->pump.wake(*parts_->api->ends);
    parts_->server->stop(grace);
    parts_->api->server.store(nullptr);
    parts_->api->stop();
    parts_->server.reset();
}

}  // namespace attacca::http
