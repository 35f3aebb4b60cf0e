// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "engine/host.h"
#include "ports/anchor.h"

// Keeps the newest checkpoint in a file outside of the data directory, about once a second while
// there is a newer one. A thread of its own: no commit ever waits for it.

namespace attacca::engine {

// One line for the log: level and message.
using AnchorLog = std::function<void(std::string_view, const std::string&)>;

class AnchorKeeper {
  public:
    // `kept_size`: of the checkpoint that the file holds of this origin; 0 when it holds none. A
    // shorter one never replaces it. All outlive the keeper.
    AnchorKeeper(Host& host, ports::AnchorFile& file, std::uint64_t kept_size, AnchorLog log);
    ~AnchorKeeper();
    AnchorKeeper(const AnchorKeeper&) = delete;
    AnchorKeeper& operator=(const AnchorKeeper&) = delete;

    void start();
    // Ends the thread, then keeps what is newest. Call it after the host has stopped. Idempotent.
    void finish();

  private:
    void loop();
    void keep_newest();

    Host& host_;
    ports::AnchorFile& file_;
    std::uint64_t kept_size_;
    AnchorLog log_;
    bool is_failing_ = false;
    std::mutex mutex_;  // guards is_ending_
    std::condition_variable changed_;
    bool is_ending_ = false;
    std::thread thread_;
};

}  // namespace attacca::engine
