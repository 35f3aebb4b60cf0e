// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

// Threads for handlers that take long: listings, histories, large bodies. Bounded: when too much
// waits, the next is refused at once. Safe from any thread.

namespace attacca::http {

class Pool {
  public:
    Pool(std::size_t threads, std::size_t waiting_max);
    // Runs what waits, then ends.
    ~Pool();
    Pool(const Pool&) = delete;
    Pool& operator=(const Pool&) = delete;

    // False when too much waits already, or the pool is stopping; then `work` was not run.
    [[nodiscard]] bool run(std::function<void()> work);
    void stop();

  private:
    void loop();

    const std::size_t waiting_max_;
    std::mutex mutex_;  // guards waiting_, is_stopping_
    std::condition_variable changed_;
    std::deque<std::function<void()>> waiting_;
    bool is_stopping_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace attacca::http
