// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

// What kind of failure an attempt met (requirement I9): it decides whether the attempt is worth
// another one, and whether what it depends on is to blame. Stored in `attempt_ended`; a record of
// an older version has none.

namespace attacca::core {

struct AttemptReport;

enum class FailureClass : std::uint8_t {
    none,         // it did not fail, or nobody said how
    timeout,      // it took too long, or was silent for too long
    lost,         // its worker, or this server, went away
    unavailable,  // it could not be run: runner, connection, storage
    temporary,    // it ran, and said that another try may succeed
    failed,       // it ran and said no: tried again only where the node says `retry`
    permanent,    // never worth another try
};
inline constexpr int failure_class_count = 7;

[[nodiscard]] std::string_view name_of(FailureClass failure);
[[nodiscard]] std::optional<FailureClass> failure_class_of(std::string_view name);
[[nodiscard]] FailureClass class_of(const AttemptReport& report);

}  // namespace attacca::core
