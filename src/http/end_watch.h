// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>

#include "base/time.h"
#include "core/job/ids.h"
#include "http/batch_cache.h"
#include "http/pump.h"

// Requests that wait for a job's end (`Prefer: wait=30`). It reads each new batch once, however
// many requests wait, and none while nobody does.

namespace attacca::http {

class EndWatch : public Source {
  public:
    using Callback = std::function<void()>;

    EndWatch(BatchCache& batches, std::function<std::uint64_t()> ledger_size)
        : Source(true, milliseconds(50)), batches_(batches), ledger_size_(std::move(ledger_size)) {}

    // Calls back once on the pump's thread: when the job has ended, when `length` has passed, or
    // when end_all() is called. `is_ended` is asked once at the beginning, on the pump's thread,
    // for a job that ended before.
    void add(const core::JobId& job,
             Duration length,
             std::function<bool()> is_ended,
             Callback callback);
    void end_all();

    bool step() override;

  private:
    struct Waiter {
        std::chrono::steady_clock::time_point until;
        std::function<bool()> is_ended;  // empty once it was asked
        Callback callback;
    };
    void collect_ended(std::vector<Callback>& due);

    BatchCache& batches_;
    std::function<std::uint64_t()> ledger_size_;
    std::mutex mutex_;  // guards everything below
    std::multimap<core::JobId, Waiter> waiters_;
    std::uint64_t next_ = 0;  // the first record not looked at, while there are waiters
    bool is_over_ = false;
};

}  // namespace attacca::http
