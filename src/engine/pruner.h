// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>

#include "core/ledger/profile.h"
#include "core/retention/hold.h"
#include "core/retention/pruning.h"
#include "engine/gateway.h"

// Lets go of the words of records whose retention has passed (core/retention/pruning.h).
//
// It looks at the batches from the oldest on, and stops at the first one that is too young. A batch
// goes when everything in it may: jobs have ended and their retention has passed, no hold covers
// any of it, it holds nothing that is kept for ever, nor the newest record of the server, and all
// of its hashes stand in full tiles. The record and the end of the words are one transaction.
//
// Recovery reads the records of live jobs alone, so it never needs what is gone.

namespace attacca::engine {

class Pruner {
  public:
    // The gateway outlives this. `log`: one line for each pruning.
    Pruner(Gateway& gateway, Duration retention, std::function<void(const std::string&)> log);
    ~Pruner();

    // Looks now and then on a thread of its own, until the end.
    void start();
    void stop();

    // One look. For one thread at a time. How many records were pruned.
    // Errors: io_error, corrupt (of the store), and those of an answer; under_hold, when a hold
    // came in between: the next look sees it.
    [[nodiscard]] Result<std::uint64_t> look();

  private:
    enum class Fate { pruned, kept, prunable, too_young };

    void begin_look();
    [[nodiscard]] Result<Fate> fate_of(const ports::LedgerBatch& batch);
    [[nodiscard]] Result<bool> may_go(const ports::LedgerBatch& batch);
    [[nodiscard]] Result<bool> may_go(const core::RecordHeader& header);
    [[nodiscard]] Result<bool> has_ended(const core::JobId& job);
    [[nodiscard]] Result<const core::Holds*> holds_of(const std::string& tenant);
    [[nodiscard]] Result<std::uint64_t> prune(core::PruneEntries& wanted);

    Gateway& gateway_;
    const Duration retention_;
    const std::function<void(const std::string&)> log_;

    // Of one look.
    WallTime before_;
    std::uint64_t end_ = 0;  // nothing at or behind it may go: its tile is not full
    std::uint64_t newest_of_server_ = 0;
    std::map<core::JobId, bool> ended_;
    std::map<std::string, core::Holds> holds_;

    std::set<std::string> tenants_;  // of the batch at hand
    std::set<core::JobId> jobs_;

    std::uint64_t done_ = 0;  // everything in front of it is pruned, or kept for ever

    std::mutex mutex_;  // guards is_stopping_
    std::condition_variable changed_;
    bool is_stopping_ = false;
    std::thread thread_;
};

}  // namespace attacca::engine
