// SPDX-License-Identifier: Apache-2.0
#include "engine/anchor_keeper.h"

#include <chrono>
#include <memory>
#include <utility>

namespace attacca::engine {
namespace {

constexpr std::chrono::seconds keep_interval{1};

}  // namespace

AnchorKeeper::AnchorKeeper(Host& host,
                           ports::AnchorFile& file,
                           std::uint64_t kept_size,
                           AnchorLog log)
    : host_(host), file_(file), kept_size_(kept_size), log_(std::move(log)) {}

AnchorKeeper::~AnchorKeeper() {
    finish();
}

void AnchorKeeper::start() {
    thread_ = std::thread([this] { loop(); });
}

void AnchorKeeper::finish() {
    if (!thread_.joinable()) {
        return;
    }
    {
        const std::lock_guard lock(mutex_);
        is_ending_ = true;
    }
    changed_.notify_all();
    thread_.join();
    keep_newest();
}

void AnchorKeeper::loop() {
    std::unique_lock lock(mutex_);
    while (!is_ending_) {
        lock.unlock();
        keep_newest();
        lock.lock();
        changed_.wait_for(lock, keep_interval, [this] { return is_ending_; });
    }
}

void AnchorKeeper::keep_newest() {
    const std::shared_ptr<const SignedTree> newest = host_.signed_tree();
    if (newest == nullptr || newest->tree.size() <= kept_size_) {
        return;
    }
    const Result<void> kept = file_.keep(newest->note);
    if (kept) {
        kept_size_ = newest->tree.size();
    } else if (!is_failing_) {
        log_("warning", "the newest checkpoint cannot be kept in the anchor file: " +
                            kept.error().text());
    }
    is_failing_ = !kept;
    host_.update_anchors([this](AnchorStatus& status) {
        status.has_file = true;
        status.is_file_failing = is_failing_;
        status.file_size = kept_size_;
    });
}

}  // namespace attacca::engine
