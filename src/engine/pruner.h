// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "core/retention/pruning.h"
#include "engine/content_collection.h"
#include "engine/gateway.h"
#include "engine/pruning_search.h"

// Lets go of the words of records whose retention has passed, as pruning_search.h finds them. The
// record and the end of the words are one transaction. Afterwards it collects what no record names
// any more (content_collection.h): when something was pruned, and at the first look of a process,
// for the one before it may have ended in between; and never for more than a twentieth of the time.
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
    // The same, for what no record names any more.
    [[nodiscard]] Result<core::ContentCollected> collect();

  private:
    void look_and_tell();
    void collect_and_tell();
    [[nodiscard]] Result<std::uint64_t> prune(core::PruneEntries wanted);

    Gateway& gateway_;
    const std::optional<Duration> shortest_;
    const Duration wait_;  // between two looks
    const std::function<void(const std::string&)> log_;
    PruningSearch search_;
    ContentCollection collection_;
    bool is_to_collect_ = true;
    MonoTime collects_from_;  // not before

    std::mutex mutex_;  // guards is_stopping_
    std::condition_variable changed_;
    bool is_stopping_ = false;
    std::thread thread_;
};

}  // namespace attacca::engine
