// SPDX-License-Identifier: Apache-2.0
#include "http/end_watch.h"

#include <utility>
#include <vector>

namespace attacca::http {

void EndWatch::add(const core::JobId& job,
                   Duration length,
                   std::function<bool()> is_ended,
                   Callback callback) {
    const std::lock_guard lock(mutex_);
    if (waiters_.empty()) {
        // Read before the row is: what ends in between is seen twice rather than not at all.
        next_ = ledger_size_();
    }
    const auto until = std::chrono::steady_clock::now() + std::chrono::microseconds(length.us);
    waiters_.emplace(job, Waiter{is_over_ ? std::chrono::steady_clock::time_point() : until,
                                 std::move(is_ended), std::move(callback)});
}

void EndWatch::end_all() {
    const std::lock_guard lock(mutex_);
    is_over_ = true;
    for (auto& [job, waiter] : waiters_) {
        waiter.until = {};
    }
}

// Looks at the records since the last step. Precondition: mutex_ is held.
void EndWatch::collect_ended(std::vector<Callback>& due) {
    const std::uint64_t size = ledger_size_();
    std::shared_ptr<const EventBatch> batch;
    for (; next_ < size; ++next_) {
        if (batch == nullptr || next_ >= batch->end()) {
            Result<std::shared_ptr<const EventBatch>> found = batches_.find(next_);
            if (!found || *found == nullptr) {
                return;
            }
            batch = std::move(*found);
        }
        const RecordView& record = batch->record(next_);
        if (record.type != "job_ended") {
            continue;
        }
        if (const auto id = Uuid::parse(record.job)) {
            const auto [first, last] = waiters_.equal_range(core::JobId{*id});
            for (auto it = first; it != last; ++it) {
                due.push_back(std::move(it->second.callback));
            }
            waiters_.erase(first, last);
        }
    }
}

bool EndWatch::step() {
    std::vector<Callback> due;
    {
        const std::lock_guard lock(mutex_);
        if (waiters_.empty()) {
            return true;
        }
        collect_ended(due);
        const auto now = std::chrono::steady_clock::now();
        for (auto it = waiters_.begin(); it != waiters_.end();) {
            Waiter& waiter = it->second;
            const auto is_ended = std::exchange(waiter.is_ended, nullptr);
            if (waiter.until <= now || (is_ended && is_ended())) {
                due.push_back(std::move(waiter.callback));
                it = waiters_.erase(it);
            } else {
                ++it;
            }
        }
    }
    for (const Callback& callback : due) {
        callback();
    }
    return true;
}

}  // namespace attacca::http
