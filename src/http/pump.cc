// SPDX-License-Identifier: Apache-2.0
#include "http/pump.h"

#include <algorithm>
#include <utility>

namespace attacca::http {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto longest_wait = std::chrono::seconds(60);

}  // namespace

Pump::Pump() : thread_([this] { loop(); }) {}

Pump::~Pump() {
    stop();
}

void Pump::add(std::shared_ptr<Source> source) {
    const std::lock_guard lock(mutex_);
    if (is_stopping_) {
        return;
    }
    added_.push_back(std::move(source));
    is_woken_ = true;
    changed_.notify_one();
}

void Pump::wake(Source& source) {
    source.is_due_.store(true);
    const std::lock_guard lock(mutex_);
    is_woken_ = true;
    changed_.notify_one();
}

void Pump::commit() {
    // Many batches may pass before the thread has run: one flag stands for all of them.
    if (has_commit_.exchange(true)) {
        return;
    }
    const std::lock_guard lock(mutex_);
    is_woken_ = true;
    changed_.notify_one();
}

void Pump::stop() {
    {
        const std::lock_guard lock(mutex_);
        is_stopping_ = true;
        changed_.notify_one();
    }
    if (thread_.joinable()) {
        thread_.join();
    }
    sources_.clear();
    added_.clear();
}

void Pump::loop() {
    std::unique_lock lock(mutex_);
    while (!is_stopping_) {
        const auto now = Clock::now();
        auto next = now + longest_wait;
        for (const std::shared_ptr<Source>& source : sources_) {
            if (source->period_.us > 0) {
                next = std::min(next, source->next_);
            }
            if (source->is_due_.load()) {
                next = now;
            }
        }
        changed_.wait_until(lock, next, [this] { return is_woken_ || is_stopping_; });
        is_woken_ = false;
        for (std::shared_ptr<Source>& source : added_) {
            sources_.push_back(std::move(source));
        }
        added_.clear();
        lock.unlock();
        run_due(has_commit_.exchange(false));
        lock.lock();
    }
}

void Pump::run_due(bool is_commit) {
    const auto now = Clock::now();
    std::erase_if(sources_, [&](const std::shared_ptr<Source>& source) {
        const bool is_time = source->period_.us > 0 && source->next_ <= now;
        const bool is_due = source->is_due_.exchange(false);
        if ((!is_due && !is_time && !(is_commit && source->wants_commits_)) || is_stopping_) {
            return false;
        }
        source->next_ = now + std::chrono::microseconds(source->period_.us);
        return !source->step();
    });
}

}  // namespace attacca::http
