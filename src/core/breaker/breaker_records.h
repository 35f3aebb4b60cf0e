// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// The records of circuit breakers (entity `breaker/<tenant>/<dependency>`). Their bytes are
// core/ledger's, their fold is core/breaker/breaker.h.

namespace attacca::core {

enum class BreakerCause : std::uint8_t {
    errors,  // too many of them within the window
    probe,   // a probe failed
};
struct BreakerOpened {
    BreakerCause cause = BreakerCause::errors;
    std::uint32_t errors = 0;
    std::int64_t probe_in_ms = 0;  // then it becomes half-open
    friend bool operator==(const BreakerOpened&, const BreakerOpened&) = default;
};
struct BreakerHalfOpened {
    friend bool operator==(const BreakerHalfOpened&, const BreakerHalfOpened&) = default;
};
struct BreakerClosed {
    friend bool operator==(const BreakerClosed&, const BreakerClosed&) = default;
};

// An operator holds it open or closed, or gives it back to itself.
enum class BreakerMode : std::uint8_t { automatic, open, closed };
struct BreakerSet {
    BreakerMode mode = BreakerMode::automatic;
    std::string reason;  // for a person; may be empty
    friend bool operator==(const BreakerSet&, const BreakerSet&) = default;
};

// `auto`, `open`, `closed`.
[[nodiscard]] std::string_view name_of(BreakerMode mode);
[[nodiscard]] std::string_view name_of(BreakerCause cause);
[[nodiscard]] std::optional<BreakerMode> breaker_mode_of(std::string_view name);
[[nodiscard]] std::optional<BreakerCause> breaker_cause_of(std::string_view name);

}  // namespace attacca::core
