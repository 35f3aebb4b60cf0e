// SPDX-License-Identifier: Apache-2.0
#include "http/server.h"

#include <algorithm>
#include <csignal>
#include <thread>
#include <utility>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <sys/resource.h>

#include "base/bytes.h"
#include "http/connection.h"

namespace attacca::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using ErrorCode = boost::system::error_code;
using WorkGuard = asio::executor_work_guard<asio::io_context::executor_type>;

// Beyond connections_max this many may wait for their 503; later ones are closed at once.
constexpr std::size_t refused_connections_max = 64;
constexpr auto accept_pause = std::chrono::milliseconds(50);

// `127.0.0.1:7480` or `[::1]:7480`; names are not looked up.
Result<tcp::endpoint> parse_address(const std::string& text) {
    const std::size_t colon = text.rfind(':');
    const auto port = colon == std::string::npos
                          ? std::nullopt
                          : parse_u64(std::string_view(text).substr(colon + 1));
    std::string host = text.substr(0, colon);
    const bool has_brackets = host.size() > 2 && host.front() == '[' && host.back() == ']';
    if (has_brackets) {
        host = host.substr(1, host.size() - 2);
    }
    ErrorCode error;
    const asio::ip::address address = asio::ip::make_address(host, error);
    if (error || !port || *port > 65535 || address.is_v6() != has_brackets) {
        return fail(Problem::bad_configuration, "the listen address " + quoted(text) +
                                                    " must be like 127.0.0.1:7480 or [::1]:7480");
    }
    return tcp::endpoint(address, static_cast<std::uint16_t>(*port));
}

// As many descriptors as we may have, and no more connections than they allow: running out of them
// would hurt the store and the runners before the clients.
std::size_t connections_allowed(std::size_t wanted) {
    constexpr rlim_t kept_back = 256;
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return wanted;
    }
    const rlim_t enough = std::min<rlim_t>(limit.rlim_max, wanted + kept_back + 1024);
    if (limit.rlim_cur < enough) {
        limit.rlim_cur = enough;
        static_cast<void>(::setrlimit(RLIMIT_NOFILE, &limit));
        static_cast<void>(::getrlimit(RLIMIT_NOFILE, &limit));
    }
    const rlim_t usable =
        limit.rlim_cur > 2 * kept_back ? limit.rlim_cur - kept_back : limit.rlim_cur / 2;
    return std::min<std::size_t>(wanted, usable);
}

}  // namespace

struct Server::Parts {
    Shared shared;
    std::vector<std::unique_ptr<Lane>> lanes;
    std::vector<WorkGuard> guards;
    std::vector<std::unique_ptr<tcp::acceptor>> acceptors;
    std::vector<std::uint16_t> ports;
    std::vector<std::thread> threads;
    std::size_t next_lane = 0;
    bool is_stopping = false;  // of lane 0's thread
    bool is_stopped = false;

    Result<void> listen(const std::string& text);
    void accept(tcp::acceptor& acceptor);
    void welcome(Lane& lane, tcp::socket socket);
    void end();
};

Result<void> Server::Parts::listen(const std::string& text) {
    ATTACCA_TRY(const tcp::endpoint endpoint, parse_address(text));
    auto acceptor = std::make_unique<tcp::acceptor>(lanes.front()->io);
    ErrorCode error;
    acceptor->open(endpoint.protocol(), error);
    if (!error) {
        acceptor->set_option(tcp::acceptor::reuse_address(true), error);
    }
    if (!error && endpoint.address().is_v6()) {
        acceptor->set_option(asio::ip::v6_only(true), error);
    }
    if (!error) {
        acceptor->bind(endpoint, error);
    }
    if (!error) {
        acceptor->listen(4096, error);
    }
    if (error) {
        return fail(Problem::bad_configuration,
                    "cannot listen on " + quoted(text) + ": " + error.message());
    }
    ports.push_back(acceptor->local_endpoint(error).port());
    acceptors.push_back(std::move(acceptor));
    return {};
}

void Server::Parts::accept(tcp::acceptor& acceptor) {
    Lane& lane = *lanes[next_lane++ % lanes.size()];
    acceptor.async_accept(
        lane.io, [this, &acceptor, &lane](const ErrorCode& error, tcp::socket socket) {
            if (is_stopping) {
                return;
            }
            if (!error) {
                welcome(lane, std::move(socket));
                accept(acceptor);
                return;
            }
            // Out of descriptors, most likely: trying again at once would only burn the processor.
            auto pause = std::make_shared<asio::steady_timer>(lanes.front()->io, accept_pause);
            pause->async_wait([this, &acceptor, pause](const ErrorCode&) {
                if (!is_stopping) {
                    accept(acceptor);
                }
            });
        });
}

void Server::Parts::welcome(Lane& lane, tcp::socket socket) {
    const std::size_t count = shared.connections.load();
    if (count >= shared.limits.connections_max + refused_connections_max) {
        return;
    }
    const bool is_refused = count >= shared.limits.connections_max;
    auto connection = std::make_shared<Connection>(lane, std::move(socket));
    asio::post(lane.io, [&lane, connection, is_refused] {
        if (lane.is_stopping) {
            return;
        }
        lane.connections.insert(connection);
        if (is_refused) {
            connection->start_refusing();
        } else {
            connection->start();
        }
    });
}

void Server::Parts::end() {
    for (const std::unique_ptr<Lane>& lane : lanes) {
        asio::post(lane->io, [&lane] { lane->end(); });
    }
    guards.clear();
    for (std::thread& thread : threads) {
        thread.join();
    }
    threads.clear();
    acceptors.clear();
    is_stopped = true;
}

Server::Server(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Result<std::unique_ptr<Server>> Server::start(const ServerOptions& options, Handlers handlers) {
    // A peer that goes away in mid-answer must not end the process.
    std::signal(SIGPIPE, SIG_IGN);
    auto parts = std::make_unique<Parts>();
    parts->shared.limits = options.limits;
    parts->shared.limits.connections_max = connections_allowed(options.limits.connections_max);
    parts->shared.handlers = std::move(handlers);
    for (int i = 0; i < std::max(1, std::min(options.threads, 2)); ++i) {
        parts->lanes.push_back(std::make_unique<Lane>(parts->shared));
        parts->guards.emplace_back(parts->lanes.back()->io.get_executor());
    }
    for (const std::string& address : options.listen) {
        if (Result<void> bound = parts->listen(address); !bound) {
            return bound.error();
        }
    }
    if (options.on_bound) {
        if (Result<void> done = options.on_bound(parts->ports.front()); !done) {
            return done.error();
        }
    }
    for (const std::unique_ptr<tcp::acceptor>& acceptor : parts->acceptors) {
        parts->accept(*acceptor);
    }
    for (const std::unique_ptr<Lane>& lane : parts->lanes) {
        lane->sweep();
        parts->threads.emplace_back([&lane] { lane->io.run(); });
    }
    return std::unique_ptr<Server>(new Server(std::move(parts)));
}

Server::~Server() {
    if (!parts_->is_stopped) {
        stop(Duration{0});
    }
}

std::uint16_t Server::port(std::size_t listen_index) const {
    return parts_->ports.at(listen_index);
}

std::size_t Server::connection_count() const {
    return parts_->shared.connections.load();
}

void Server::stop(Duration grace) {
    asio::post(parts_->lanes.front()->io, [parts = parts_.get()] {
        parts->is_stopping = true;
        for (const std::unique_ptr<tcp::acceptor>& acceptor : parts->acceptors) {
            ErrorCode ignored;
            acceptor->close(ignored);
        }
        for (const std::unique_ptr<Lane>& lane : parts->lanes) {
            asio::post(lane->io, [&lane] { lane->begin_stop(); });
        }
    });
    parts_->shared.none_left.wait(grace, [&] { return parts_->shared.connections.load() == 0; });
    parts_->end();
}

}  // namespace attacca::http
