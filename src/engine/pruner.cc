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
// After a collection it rests for so many times as long as that took.
constexpr std::int64_t collection_share = 20;

}  // namespace

Pruner::Pruner(Gateway& gateway, const core::RetentionPolicy& policy,
               std::function<void(const std::string&)> log)
    : gateway_(gateway),
      shortest_(core::shortest(policy)),
      wait_(std::clamp(Duration{shortest_.value_or(Duration{0}).us / 8}, shortest_wait,
                       longest_wait)),
      log_(std::move(log)),
      search_(gateway.reader(), policy),
      collection_(gateway, [this] {
          const std::lock_guard lock(mutex_);
          return !is_stopping_;
      }) {}

Pruner::~Pruner() {
    stop();
}

void Pruner::start() {
    if (!shortest_) {
        return;
    }
    thread_ = std::thread([this] {
        std::unique_lock lock(mutex_);
        while (!changed_.wait_for(lock, std::chrono::microseconds(wait_.us),
                                  [this] { return is_stopping_; })) {
            lock.unlock();
            look_and_tell();
            collect_and_tell();
            lock.lock();
        }
    });
}

void Pruner::look_and_tell() {
    const Result<std::uint64_t> pruned = look();
    if (!pruned && pruned.error().problem != Problem::under_hold &&
        pruned.error().problem != Problem::shutting_down && log_) {
        log_("records whose retention has passed could not be pruned: " + pruned.error().text());
    }
}

void Pruner::collect_and_tell() {
    const MonoTime begin = gateway_.clock().now().mono;
    if (!is_to_collect_ || begin < collects_from_) {
        return;
    }
    is_to_collect_ = false;
    const Result<core::ContentCollected> gone = collect();
    const MonoTime end = gateway_.clock().now().mono;
    collects_from_ = end + std::max(wait_, Duration{collection_share * (end - begin).us});
    if (!gone) {
        is_to_collect_ = true;
        if (gone.error().problem != Problem::shutting_down && log_) {
            log_("what no record names any more could not be collected: " + gone.error().text());
        }
    } else if (gone->files + gone->bodies > 0 && log_) {
        log_("collected " + std::to_string(gone->files) + " files and " +
             std::to_string(gone->bodies) + " bodies, " + std::to_string(gone->bytes) +
             " bytes: no record names them any more");
    }
}

Result<core::ContentCollected> Pruner::collect() {
    return collection_.look();
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
    is_to_collect_ = true;
    return range.count;
}

}  // namespace attacca::engine
