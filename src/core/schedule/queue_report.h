// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "core/schedule/fair_meter.h"

// What waits and what runs, as it is now: a question to the engine and its answer, parts of Command
// and Acceptance (command.h). Nothing is kept for it.

namespace attacca::core {

struct ReadQueue {
    std::string tenant;  // whose lanes; empty: everybody's
};

struct QueueReport {
    struct Lane {
        std::string tenant;
        std::string lane;
        std::vector<std::string> capabilities = {};  // that its workers must have
        std::uint64_t queued = 0;
        std::uint64_t running = 0;
        std::uint64_t workers = 0;  // that wait and can serve it
    };

    std::uint64_t slots = 0;  // of this server
    std::uint64_t slots_used = 0;
    std::array<std::uint64_t, 3> queued{};  // for one of them: high, medium, low
    std::vector<Lane> lanes;  // by tenant and name: with work, or with workers that wait
    bool has_more = false;
    FairFigures fair;
};
inline constexpr std::size_t report_lanes_max = 1000;

}  // namespace attacca::core
