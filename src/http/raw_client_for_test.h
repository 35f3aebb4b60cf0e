// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

// A client that sends exactly the bytes a test wants, to loopback only. Every wait ends after 20 s.

namespace attacca::http {

struct RawAnswer {
    int status = 0;
    std::string head;
    std::string body;

    // The value of a field, compared without regard to case; empty when there is none.
    [[nodiscard]] std::string field(std::string_view name) const {
        std::size_t at = 0;
        while ((at = head.find("\r\n", at)) != std::string::npos) {
            at += 2;
            const std::size_t colon = head.find(':', at);
            if (colon == std::string::npos) {
                return {};
            }
            const std::string found = head.substr(at, colon - at);
            if (found.size() == name.size() &&
                ::strncasecmp(found.data(), name.data(), name.size()) == 0) {
                const std::size_t end = head.find("\r\n", colon);
                return head.substr(colon + 2, end - colon - 2);
            }
        }
        return {};
    }
};

class RawClient {
  public:
    explicit RawClient(std::uint16_t port, int receive_buffer = 0) {
        fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        const timeval limit{20, 0};
        ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
        if (receive_buffer > 0) {
            ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
        }
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const void* plain = &address;
        is_open_ = ::connect(fd_, static_cast<const sockaddr*>(plain), sizeof address) == 0;
    }
    ~RawClient() { ::close(fd_); }
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;

    [[nodiscard]] bool is_open() const { return is_open_; }

    // False when the server does not take it all.
    bool send(std::string_view bytes) {
        while (!bytes.empty()) {
            const ssize_t count = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (count <= 0) {
                return false;
            }
            bytes.remove_prefix(static_cast<std::size_t>(count));
        }
        return true;
    }
    void end_sending() { ::shutdown(fd_, SHUT_WR); }

    // The next answer; status 0 when the connection ended first.
    RawAnswer read(bool is_head = false) {
        RawAnswer answer;
        std::size_t end = 0;
        while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
            if (!receive()) {
                return answer;
            }
        }
        answer.head = buffer_.substr(0, end + 2);
        buffer_.erase(0, end + 4);
        answer.status = std::atoi(answer.head.c_str() + 9);
        if (is_head || answer.status == 100) {
            return answer;
        }
        if (answer.field("Transfer-Encoding") == "chunked") {
            while (read_chunk(answer.body)) {
            }
            return answer;
        }
        const auto length =
            static_cast<std::size_t>(std::atoll(answer.field("Content-Length").c_str()));
        while (buffer_.size() < length && receive()) {
        }
        answer.body = buffer_.substr(0, length);
        buffer_.erase(0, length);
        return answer;
    }

    // Only the head of an answer whose body is a stream.
    RawAnswer read_head() { return read(true); }
    // The next chunk, appended; false at the last one or when the connection ended.
    bool read_chunk(std::string& body) {
        std::size_t end = 0;
        while ((end = buffer_.find("\r\n")) == std::string::npos) {
            if (!receive()) {
                return false;
            }
        }
        const std::size_t size = std::strtoul(buffer_.c_str(), nullptr, 16);
        while (buffer_.size() < end + 2 + size + 2) {
            if (!receive()) {
                return false;
            }
        }
        body += buffer_.substr(end + 2, size);
        buffer_.erase(0, end + 2 + size + 2);
        return size > 0;
    }
    // Reads a stream until `text` was seen in its body.
    std::string read_until(std::string_view text) {
        std::string body;
        while (body.find(text) == std::string::npos && read_chunk(body)) {
        }
        return body;
    }

    // True when the server ended the connection and nothing more came.
    [[nodiscard]] bool is_ended() { return buffer_.empty() && !receive() && buffer_.empty(); }

    RawAnswer get(std::string_view path, std::string_view fields = {}) {
        send("GET " + std::string(path) + " HTTP/1.1\r\nHost: h\r\n" + std::string(fields) +
             "\r\n");
        return read();
    }
    RawAnswer post(std::string_view path, std::string_view body, std::string_view fields = {}) {
        send("POST " + std::string(path) +
             " HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: " +
             std::to_string(body.size()) + "\r\n" + std::string(fields) + "\r\n" +
             std::string(body));
        return read();
    }

  private:
    bool receive() {
        char bytes[16384];
        const ssize_t count = ::recv(fd_, bytes, sizeof bytes, 0);
        if (count <= 0) {
            return false;
        }
        buffer_.append(bytes, static_cast<std::size_t>(count));
        return true;
    }

    int fd_ = -1;
    bool is_open_ = false;
    std::string buffer_;
};

}  // namespace attacca::http
