// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/spawner/fd.h"

// Messages over a stream socket that never blocks: each is a u32 length and its bytes. What the
// other side does not take yet waits in memory. One thread only.

namespace attacca::spawner {

// More than the kernel takes as arguments and environment of one process.
inline constexpr std::size_t message_bytes_max = std::size_t{8} << 20U;

class Channel {
  public:
    // Takes over a connected stream socket.
    explicit Channel(Fd socket);

    [[nodiscard]] int fd() const { return socket_.get(); }
    void close() { socket_.reset(); }
    // Precondition: at most message_bytes_max bytes.
    void send(std::string_view message);
    [[nodiscard]] bool has_unsent() const { return !unsent_.empty(); }
    // Writes what the socket takes. False when the other side is gone.
    [[nodiscard]] bool flush();
    // Appends every message that has arrived. False when the other side is gone or talks nonsense;
    // what came before is appended all the same.
    [[nodiscard]] bool receive(std::vector<std::string>& messages);

  private:
    [[nodiscard]] bool split(std::vector<std::string>& messages);

    Fd socket_;
    std::string unsent_;
    std::string received_;
};

}  // namespace attacca::spawner
