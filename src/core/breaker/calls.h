// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/time.h"
#include "core/job/ids.h"
#include "core/schedule/ready_queue.h"

// What was seen of dependencies lately, by the entities of their breakers.
//
// Volatile (decision 0018): driven by the times of records, begun anew at a start. What follows
// from it is in records (an opening, a retry that is not made), so that a replay never asks here.

namespace attacca::core {

struct BreakerRules {
    std::uint32_t error_threshold = 5;  // errors within the window that open a breaker
    Duration error_window = seconds(60);
    Duration open_for = seconds(30);    // doubled with each opening in a row, up to
    Duration open_max = seconds(300);
    std::uint32_t probes_max = 1;       // calls at the same time while half-open
    // The retry budget: within a minute so many retries, or a tenth of the first attempts where
    // that is more.
    std::uint32_t retries_min = 100;
    std::uint32_t retry_percent = 10;
};

// First attempts and retries of the last minute, in steps of ten seconds.
class RetryBudget {
  public:
    void note_first(WallTime at) { ++slot(at).firsts; }
    void note_retry(WallTime at) { ++slot(at).retries; }
    [[nodiscard]] bool has_room(WallTime at, const BreakerRules& rules) const;
    [[nodiscard]] std::uint64_t firsts(WallTime at) const { return sum(at, &Slot::firsts); }
    [[nodiscard]] std::uint64_t retries(WallTime at) const { return sum(at, &Slot::retries); }

  private:
    struct Slot {
        std::int64_t tick = -1;
        std::uint64_t firsts = 0;
        std::uint64_t retries = 0;
    };
    static constexpr std::size_t slots_count = 6;
    static constexpr std::int64_t slot_us = 10'000'000;

    [[nodiscard]] Slot& slot(WallTime at);
    [[nodiscard]] std::uint64_t sum(WallTime at, std::uint64_t Slot::*member) const;

    std::array<Slot, slots_count> slots_;
};

struct Dependency {
    std::vector<WallTime> errors;  // the newest, at most `error_threshold`
    RetryBudget budget;
    WallTime last_at;
    std::uint32_t probes = 0;  // live calls that a half-open breaker let through
};

// What a breaker holds back.
struct HeldBack {
    std::deque<ReadyEntry> waiting;    // until it lets them go
    std::vector<ReadyEntry> released;  // of them, to become the next probes
};

// A live attempt. `probe_of`: the opening whose probe it is; 0 for none.
struct LiveCall {
    std::string entity;
    std::uint64_t probe_of = 0;
};

struct Calls {
    BreakerRules rules;
    std::map<std::string, Dependency> dependencies;
    std::map<std::string, HeldBack> held;
    std::map<FenceToken, LiveCall> live;
    std::set<std::string> half_open;  // entities of breakers that wait for probes

    // nullptr when nothing was seen of it lately.
    [[nodiscard]] const Dependency* find(const std::string& entity) const;
    // Forgets those of which nothing counts any more, when there may be many.
    Dependency& of(const std::string& entity, WallTime at);
    // How many errors of the window the dependency has had, up to the threshold.
    [[nodiscard]] std::uint32_t errors(const std::string& entity, WallTime at) const;

  private:
    std::size_t kept_ = 0;
};

}  // namespace attacca::core
