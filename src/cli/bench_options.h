// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

// What `attacca bench` asks for: part of environment.h.

namespace attacca::cli {

struct BenchOptions {
    std::string workload;  // lifecycle, dag, enqueue, dispatch, schedule
    std::uint64_t jobs = 0;
    std::string data;
    std::uint64_t window = 12'000;  // jobs that wait or run at once: about two full batches
    bool has_limits = false;        // every limit is on, and none is met
};

}  // namespace attacca::cli
