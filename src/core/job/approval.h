// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/job/ids.h"
#include "core/job/states.h"

// What people decide, and what is done about a node that failed: a command (command.h) and two
// records (record.h).

namespace attacca::core {

// A person's word about a node that waits for one.
struct GiveApproval {
    JobId job;
    std::string tenant;
    std::string actor;
    std::string node;
    std::optional<std::uint32_t> item;
    Ruling ruling = Ruling::approved;
    std::string comment;
};

// A person decided about a node that waits for one.
struct ApprovalGiven {
    std::string node;
    std::optional<std::uint32_t> item;
    Ruling ruling = Ruling::approved;
    std::string by;       // as the record's actor
    std::string comment;  // at most inline_text_bytes_max
    friend bool operator==(const ApprovalGiven&, const ApprovalGiven&) = default;
};

// A node failed for good, and its `on_failure` says more than `fail`.
struct RecoveryTaken {
    std::string node;
    std::optional<std::uint32_t> item;
    OnFailure action = OnFailure::skip_node;
    friend bool operator==(const RecoveryTaken&, const RecoveryTaken&) = default;
};

}  // namespace attacca::core
