// SPDX-License-Identifier: Apache-2.0
#include "engine/pruner.h"

#include <algorithm>
#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <utility>

namespace attacca::engine {
namespace {

constexpr Duration longest_wait = seconds(3600);
constexpr Duration shortest_wait = milliseconds(500);

}  // namespace

Pruner::Pruner(Gateway& gateway, const core::RetentionPolicy& policy,
               std::function<void(const std::string&)> log)
    : gateway_(gateway),
      shortest_(core::shortest(policy)),
      log_(std::move(log)),
      search_(gateway.reader(), policy) {}

Pruner::~Pruner() {
    stop();
}

void Pruner::start() {
    if (!shortest_) {
        return;
    }
    thread_ = std::thread([this] {
        const Duration wait =
            std::clamp(Duration{shortest_->us / 8}, shortest_wait, longest_wait);
        std::unique_lock lock(mutex_);
        while (!changed_.wait_for(lock, std::chrono::microseconds(wait.us),
                                  [this] { return is_stopping_; })) {
            lock.unlock();
            const Result<std::uint64_t> pruned = look();
            if (!pruned && pruned.error().problem != Problem::under_hold &&
                pruned.error().problem != Problem::shutting_down && log_) {
                log_("records whose retention has passed could not be pruned: " +
                     pruned.error().text());
            }
            lock.lock();
        }
    });
}

void Pruner::stop() {
    {
        const std::lock_guard lock(mutex_);
        is_stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) {
        thread_.join();
    }
}

Result<std::uint64_t> Pruner::look() {
    const WallTime now = gateway_.clock().now().wall;
    const std::shared_ptr<const SignedTree> tree = gateway_.signed_tree();
    if (Result<void> begun = search_.begin(now, tree == nullptr ? 0 : tree->tree.size()); !begun) {
        return begun.error();
    }
    for (std::uint64_t pruned = 0;;) {
        ATTACCA_TRY(std::optional<core::PruneEntries> wanted, search_.next());
        if (!wanted) {
            return pruned;
        }
        ATTACCA_TRY(const std::uint64_t count, prune(std::move(*wanted)));
        pruned += count;
    }
}

Result<std::uint64_t> Pruner::prune(core::PruneEntries wanted) {
    const core::EntriesPruned range = wanted.range;
    auto answered = std::make_shared<std::promise<Result<void>>>();
    std::future<Result<void>> answer = answered->get_future();
    gateway_.submit(std::move(wanted), [answered](const core::Answer& given) {
        answered->set_value(given ? Result<void>() : Result<void>(given.error()));
    });
    if (Result<void> done = answer.get(); !done) {
        return done.error();
    }
    if (log_) {
        log_("pruned the records " + std::to_string(range.first) + " to " +
             std::to_string(range.first + range.count - 1) + ": their retention has passed");
    }
    return range.count;
}

}  // namespace attacca::engine
