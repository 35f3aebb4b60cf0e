// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/job/ids.h"

// The records of dead letters (entity `dead-letter/<tenant>/<job>`), and why a node is parked.
// Their bytes are core/ledger's, their fold is core/dead_letter/dead_letter.h.

namespace attacca::core {

// Why a failure that is worth another attempt gets none.
enum class Parked : std::uint8_t {
    no,
    poison,     // its attempts took this server or its workers down, again and again
    exhausted,  // it had as many attempts as its policy, or what it depends on, allows
};
inline constexpr int parked_count = 3;

// A job failed for good because of nodes that were parked.
struct DeadLettered {
    std::uint32_t attempts = 0;         // of the first of them, in the definition's order
    Parked cause = Parked::exhausted;   // poison when one of them was
    std::optional<std::uint32_t> item;  // with `node`: the first of them
    std::string name;                   // the job's
    std::string node;
    std::uint32_t parked = 0;           // instances in all
    friend bool operator==(const DeadLettered&, const DeadLettered&) = default;
};

// A new job runs what did not succeed.
struct DeadLetterReplayed {
    JobId job;
    friend bool operator==(const DeadLetterReplayed&, const DeadLetterReplayed&) = default;
};

// Nothing is to be done about it.
struct DeadLetterDiscarded {
    std::string reason;  // for a person; may be empty
    friend bool operator==(const DeadLetterDiscarded&, const DeadLetterDiscarded&) = default;
};

[[nodiscard]] std::string_view name_of(Parked parked);
[[nodiscard]] std::optional<Parked> parked_of(std::string_view name);

}  // namespace attacca::core
