// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

// What the machine says about its load, for /metrics: read from /proc at each call.
// Safe from any thread.

namespace attacca::http {

struct Machine {
    std::uint64_t cpu_percent = 0;  // since the last call; since boot at the first
    std::uint64_t memory_percent = 0;
    std::uint64_t disk_used_bytes = 0;
    std::uint64_t resident_bytes = 0;  // of this process
};

// `directory`: on which file system to look. What cannot be read stays 0.
[[nodiscard]] Machine look_at_machine(const std::string& directory);

}  // namespace attacca::http
