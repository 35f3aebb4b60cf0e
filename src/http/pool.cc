// SPDX-License-Identifier: Apache-2.0
#include "http/pool.h"

#include <utility>

namespace attacca::http {

Pool::Pool(std::size_t threads, std::size_t waiting_max) : waiting_max_(waiting_max) {
    for (std::size_t i = 0; i < threads; ++i) {
        threads_.emplace_back([this] { loop(); });
    }
}

Pool::~Pool() {
    stop();
}

bool Pool::run(std::function<void()> work) {
    const std::lock_guard lock(mutex_);
    if (is_stopping_ || waiting_.size() >= waiting_max_) {
        return false;
    }
    waiting_.push_back(std::move(work));
    changed_.notify_one();
    return true;
}

void Pool::stop() {
    {
        const std::lock_guard lock(mutex_);
        is_stopping_ = true;
        changed_.notify_all();
    }
    for (std::thread& thread : threads_) {
        thread.join();
    }
    threads_.clear();
}

void Pool::loop() {
    std::unique_lock lock(mutex_);
    while (true) {
        changed_.wait(lock, [this] { return is_stopping_ || !waiting_.empty(); });
        if (waiting_.empty()) {
            return;
        }
        std::function<void()> work = std::move(waiting_.front());
        waiting_.pop_front();
        lock.unlock();
        work();
        work = nullptr;
        lock.lock();
    }
}

}  // namespace attacca::http
