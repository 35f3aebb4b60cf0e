// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

// Time as data. `base` and `core` never read a clock: instants arrive as arguments.

namespace attacca {

// A point of wall-clock time: microseconds since 1970-01-01T00:00:00Z, without leap seconds.
struct WallTime {
    std::int64_t us = 0;
    friend auto operator<=>(const WallTime&, const WallTime&) = default;
};

// A point of the monotonic clock: microseconds since an arbitrary start of this process's life.
struct MonoTime {
    std::int64_t us = 0;
    friend auto operator<=>(const MonoTime&, const MonoTime&) = default;
};

struct Duration {
    std::int64_t us = 0;
    friend auto operator<=>(const Duration&, const Duration&) = default;
    [[nodiscard]] std::int64_t ms() const { return us / 1000; }
};

[[nodiscard]] constexpr Duration milliseconds(std::int64_t count) { return {count * 1000}; }
[[nodiscard]] constexpr Duration seconds(std::int64_t count) { return {count * 1'000'000}; }

constexpr MonoTime operator+(MonoTime at, Duration by) { return {at.us + by.us}; }
constexpr WallTime operator+(WallTime at, Duration by) { return {at.us + by.us}; }
constexpr Duration operator-(MonoTime a, MonoTime b) { return {a.us - b.us}; }
constexpr Duration operator-(WallTime a, WallTime b) { return {a.us - b.us}; }

// What "now" means to a rule: wall time for what a person reads, mono for leases and timers.
struct Now {
    WallTime wall;
    MonoTime mono;
};

// RFC 3339 in UTC with six decimals, `2026-03-01T12:00:00.123456Z`: the form of ledger records.
// An instant outside the years 0000 to 9999 is written as the nearest one inside.
[[nodiscard]] std::string rfc3339(WallTime at);
void append_rfc3339(std::string& out, WallTime at);
// The same with three decimals, for HTTP answers and people.
[[nodiscard]] std::string rfc3339_ms(WallTime at);
// Accepts RFC 3339 with `Z` or an offset and up to six decimals. Errors: invalid_value.
[[nodiscard]] Result<WallTime> parse_rfc3339(std::string_view text);

// Durations as people write them, `1m30s`, `250ms`, `2d`: units ms s m h d, each at most once, in
// falling order. Between 1 ms and 365 d. Errors: out_of_range, invalid_value.
[[nodiscard]] Result<Duration> parse_duration(std::string_view text);
// The same form, `90s` as `1m30s`; what is below a millisecond is dropped, and zero is `0ms`.
[[nodiscard]] std::string format_duration(Duration duration);

}  // namespace attacca
