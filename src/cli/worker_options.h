// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"

// What `attacca worker run` needs from outside: part of environment.h.

namespace attacca::cli {

struct WorkerOptions {
    std::string server;  // http://host:port
    std::vector<std::pair<std::string, std::string>> headers;  // of every request
    std::vector<std::string> lanes;  // at least one; the first that has work is served
    std::vector<std::string> capabilities;  // what tasks may ask for beside the lane
    std::string name;
    std::uint32_t slots = 1;
    Duration ttl;
    std::vector<std::string> argv;  // what is run for each task
    // One line for a person, from any thread, one at a time.
    std::function<void(std::string_view)> note;
};

}  // namespace attacca::cli
