// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

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
// A job may ask for a retention of its own (`retention` of its definition), and a child job that
// does not has its parent's. Batches that only time keeps are not read again before that time.
//
// Recovery reads the records of live jobs alone, so it never needs what is gone.

namespace attacca::engine {

class Pruner {
  public:
    // The gateway outlives this. `log`: one line for each pruning.
    // Does nothing where the policy keeps all for ever.
    Pruner(Gateway& gateway, const core::RetentionPolicy& policy,
           std::function<void(const std::string&)> log);
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
    // Batches in a row that time keeps until `due`, or longer.
    struct Waiting {
        std::uint64_t first = 0;
        std::uint64_t end = 0;
        WallTime due;
    };
    static constexpr WallTime at_once{std::numeric_limits<std::int64_t>::min()};
    static constexpr WallTime never{std::numeric_limits<std::int64_t>::max()};

    void begin_look();
    // Where the search goes on behind batches that need not be looked at yet.
    [[nodiscard]] std::uint64_t pass_waiting(std::uint64_t gseq);
    void add_waiting(const Waiting& batches);
    [[nodiscard]] Result<Fate> fate_of(const ports::LedgerBatch& batch);
    // When it may go, for all that is known: `at_once`, or a time that has come; `never`, when what
    // stands against it is not time.
    [[nodiscard]] Result<WallTime> due(const ports::LedgerBatch& batch);
    [[nodiscard]] Result<WallTime> due(const core::RecordHeader& header, WallTime at);
    [[nodiscard]] Result<WallTime> due(const core::JobId& job);
    [[nodiscard]] Result<std::optional<Duration>> retention_of(const ports::JobRow& row);
    [[nodiscard]] Result<std::string> asked_by(const Sha256& definition);
    [[nodiscard]] Result<const core::Holds*> holds_of(const std::string& tenant);
    [[nodiscard]] Result<std::uint64_t> prune(core::PruneEntries& wanted);

    Gateway& gateway_;
    const core::RetentionPolicy policy_;
    const std::optional<Duration> shortest_;
    const std::function<void(const std::string&)> log_;

    // Of one look.
    WallTime now_;
    WallTime before_;  // what is not older is too young
    std::uint64_t end_ = 0;  // nothing at or behind it may go: its tile is not full
    std::uint64_t newest_of_server_ = 0;
    std::map<core::JobId, WallTime> due_;
    std::map<Sha256, std::string> asked_;  // by definition
    std::vector<Waiting> waited_;          // what the look before this one found, in order
    std::size_t next_waited_ = 0;
    std::vector<Waiting> waiting_;         // what this one finds
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
