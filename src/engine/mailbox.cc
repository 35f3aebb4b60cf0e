// SPDX-License-Identifier: Apache-2.0
#include "engine/mailbox.h"

#include <chrono>
#include <utility>
#include <variant>

namespace attacca::engine {

std::size_t Mailbox::jobs_in(const MailItem& item) {
    const auto* submit = std::get_if<core::SubmitJobs>(&item.command);
    return submit == nullptr ? 0 : submit->jobs.size();
}

bool Mailbox::put(MailItem& item) {
    const std::size_t jobs = jobs_in(item);
    bool must_notify = false;
    {
        const std::lock_guard lock(mutex_);
        // An empty mailbox takes any command, however large.
        if (jobs > 0 && jobs_ > 0 && jobs_ + jobs > jobs_max_) {
            return false;
        }
        jobs_ += jobs;
        items_.push_back(std::move(item));
        must_notify = std::exchange(is_waiting_, false);
    }
    if (must_notify) {
        changed_.notify_one();
    }
    return true;
}

void Mailbox::put_result(const BatchResult& result) {
    {
        const std::lock_guard lock(mutex_);
        result_ = result;
        is_waiting_ = false;
    }
    changed_.notify_one();
}

void Mailbox::wake() {
    {
        const std::lock_guard lock(mutex_);
        is_woken_ = true;
        is_waiting_ = false;
    }
    changed_.notify_one();
}

Mailbox::Taken Mailbox::wait(bool wants_items, std::optional<Duration> timeout) {
    std::unique_lock lock(mutex_);
    const auto has_something = [&] {
        const bool has = is_woken_ || result_ || (wants_items && !items_.empty());
        is_waiting_ = !has;
        return has;
    };
    if (timeout) {
        changed_.wait_for(lock, std::chrono::microseconds(timeout->us), has_something);
    } else {
        changed_.wait(lock, has_something);
    }
    is_waiting_ = false;
    is_woken_ = false;
    Taken taken;
    taken.result = std::exchange(result_, std::nullopt);
    if (wants_items) {
        taken.items = std::exchange(items_, {});
        jobs_ = 0;
    }
    return taken;
}

std::size_t Mailbox::depth() const {
    const std::lock_guard lock(mutex_);
    return items_.size();
}

}  // namespace attacca::engine
