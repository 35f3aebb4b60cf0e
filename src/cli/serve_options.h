// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/time.h"
#include "cli/anchor_options.h"
#include "core/retention/pruning.h"

// How `attacca serve` is to run, as it is read from the command line.

namespace attacca::cli {

// What opening and recovering a data directory has shown.
struct ServeCheck {
    std::string data;
    std::uint64_t records = 0;
    std::uint64_t live_jobs = 0;
    bool is_storage_full = false;
};

struct ServeOptions {
    std::string data;
    std::string listen;  // ADDRESS:PORT
    std::string log_level;  // DEBUG, INFO, WARNING, ERROR or CRITICAL
    std::uint32_t slots = 0;
    std::uint32_t error_threshold = 5;
    Duration error_window = seconds(60);
    Duration breaker_delay = seconds(30);
    Duration lane_quiet = seconds(300);
    core::RetentionPolicy retention = {};
    bool allows_private_http = false;
    bool is_check = false;  // open and recover everything, do not listen
    std::function<void(const ServeCheck&)> on_checked = {};  // called when that went well
    AnchorPlaces anchors = {};
};

}  // namespace attacca::cli
