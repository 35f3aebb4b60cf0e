// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

// A server on a free port of this machine that says exactly what a test wants, byte for byte. One
// connection after another, one request on each.

namespace attacca::curl {

class LoopbackServer {
  public:
    // `handler(request, fd)` writes the answer; the connection is closed when it returns.
    using Handler = std::function<void(const std::string&, int)>;

    explicit LoopbackServer(Handler handler) : handler_(std::move(handler)) {
        listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof(address);
        void* const raw = &address;
        if (::bind(listener_, static_cast<sockaddr*>(raw), size) == 0 &&
            ::listen(listener_, 8) == 0 &&
            ::getsockname(listener_, static_cast<sockaddr*>(raw), &size) == 0) {
            port_ = ntohs(address.sin_port);
        }
        thread_ = std::thread([this] { serve(); });
    }
    ~LoopbackServer() {
        ::shutdown(listener_, SHUT_RDWR);
        thread_.join();
        ::close(listener_);
    }
    LoopbackServer(const LoopbackServer&) = delete;
    LoopbackServer& operator=(const LoopbackServer&) = delete;

    [[nodiscard]] std::string url(const std::string& target = "/") const {
        return "http://127.0.0.1:" + std::to_string(port_) + target;
    }
    // What was asked last.
    [[nodiscard]] std::string asked() {
        const std::scoped_lock lock(mutex_);
        return asked_;
    }
    static void say(int fd, std::string_view text) {
        while (!text.empty()) {
            const ssize_t sent = ::send(fd, text.data(), text.size(), MSG_NOSIGNAL);
            if (sent <= 0) {
                return;
            }
            text.remove_prefix(static_cast<std::size_t>(sent));
        }
    }

  private:
    void serve() {
        for (int fd = accept(); fd >= 0; fd = accept()) {
            const std::string request = read_request(fd);
            {
                const std::scoped_lock lock(mutex_);
                asked_ = request;
            }
            handler_(request, fd);
            ::close(fd);
        }
    }
    [[nodiscard]] int accept() const {
        return ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    }
    // Up to the end of the body that its Content-Length announces.
    static std::string read_request(int fd) {
        std::string request;
        char part[4096];
        for (;;) {
            const std::size_t end = request.find("\r\n\r\n");
            if (end != std::string::npos) {
                const std::size_t at = request.find("Content-Length: ");
                const std::size_t body = at == std::string::npos
                                             ? 0
                                             : std::stoul(request.substr(at + 16));
                if (request.size() >= end + 4 + body) {
                    return request;
                }
            }
            const ssize_t got = ::recv(fd, part, sizeof(part), 0);
            if (got <= 0) {
                return request;
            }
            request.append(part, static_cast<std::size_t>(got));
        }
    }

    Handler handler_;
    std::mutex mutex_;  // guards asked_
    std::string asked_;
    int listener_ = -1;
    std::uint16_t port_ = 0;
    std::thread thread_;
};

}  // namespace attacca::curl
