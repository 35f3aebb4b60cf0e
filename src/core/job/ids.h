// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <string>

#include "base/uuid.h"

// Identities. Distinct things have distinct types, so that a job's id cannot be passed for another.

namespace attacca::core {

struct JobId {
    Uuid uuid;
    friend auto operator<=>(const JobId&, const JobId&) = default;
    [[nodiscard]] std::string text() const { return uuid.text(); }
};

// Greater than every token granted before it in this partition; 0 means none.
struct FenceToken {
    std::uint64_t value = 0;
    friend auto operator<=>(const FenceToken&, const FenceToken&) = default;
};

// Position of a node in its definition (`nodes`, then `finally`).
using NodeIndex = std::uint32_t;
// Position of an instance in its job: the definition's nodes, then map items in expansion order.
using InstanceIndex = std::uint32_t;
inline constexpr std::uint32_t no_index = 0xFFFFFFFFU;

}  // namespace attacca::core
