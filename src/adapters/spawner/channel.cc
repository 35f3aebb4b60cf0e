// SPDX-License-Identifier: Apache-2.0
#include "adapters/spawner/channel.h"

#include <array>
#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <sys/socket.h>

#include "base/bytes.h"
#include "base/check.h"

namespace attacca::spawner {
namespace {

constexpr std::size_t length_bytes = 4;

}  // namespace

Channel::Channel(Fd socket) : socket_(std::move(socket)) {
    const int flags = ::fcntl(socket_.get(), F_GETFL);
    ATTACCA_CHECK(flags >= 0 && ::fcntl(socket_.get(), F_SETFL, flags | O_NONBLOCK) == 0);
}

void Channel::send(std::string_view message) {
    ATTACCA_CHECK(message.size() <= message_bytes_max);
    append_u32(unsent_, static_cast<std::uint32_t>(message.size()));
    unsent_ += message;
}

bool Channel::flush() {
    std::size_t done = 0;
    bool is_connected = true;
    while (done < unsent_.size()) {
        const ssize_t count =
            ::send(socket_.get(), unsent_.data() + done, unsent_.size() - done, MSG_NOSIGNAL);
        if (count >= 0) {
            done += static_cast<std::size_t>(count);
        } else if (errno != EINTR) {
            is_connected = errno == EAGAIN || errno == ENOBUFS;
            break;
        }
    }
    unsent_.erase(0, done);
    return is_connected;
}

bool Channel::receive(std::vector<std::string>& messages) {
    std::array<char, 65536> block;
    bool is_connected = true;
    while (is_connected) {
        const ssize_t count = ::recv(socket_.get(), block.data(), block.size(), 0);
        if (count > 0) {
            received_.append(block.data(), static_cast<std::size_t>(count));
            is_connected = split(messages);
        } else if (count == 0) {
            is_connected = false;
        } else if (errno != EINTR) {
            is_connected = errno == EAGAIN;
            break;
        }
    }
    return is_connected;
}

bool Channel::split(std::vector<std::string>& messages) {
    std::size_t at = 0;
    while (received_.size() - at >= length_bytes) {
        const std::size_t size = read_u32(received_, at);
        if (size > message_bytes_max) {
            return false;
        }
        if (received_.size() - at - length_bytes < size) {
            break;
        }
        messages.push_back(received_.substr(at + length_bytes, size));
        at += length_bytes + size;
    }
    received_.erase(0, at);
    return true;
}

}  // namespace attacca::spawner
