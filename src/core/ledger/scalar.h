// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/time.h"

// The scalar values of AER/1, from the raw JSON text of a member. Each has one form only, so that
// a value that was read would be written with the same bytes.
//
// Preconditions of those that take `raw`: the text passed the profile (profile.h).

namespace attacca::core {

// The text between the quotes of a string without escapes.
[[nodiscard]] std::optional<std::string_view> plain_text_of(std::string_view raw);
// The text of any string, its escapes resolved, replaces `out`.
[[nodiscard]] bool read_text(std::string_view raw, std::string& out);
// An integer that is not negative and is written as such.
[[nodiscard]] std::optional<std::uint64_t> number_of(std::string_view raw);
// Integers of 64 bits: beyond 2^53 - 1 as decimal strings, and only there.
[[nodiscard]] bool read_u64(std::string_view raw, std::uint64_t& out);
[[nodiscard]] bool read_i64(std::string_view raw, std::int64_t& out);

// `YYYY-MM-DDTHH:MM:SS.ffffffZ` and only this, so that the order of texts is the order of times.
[[nodiscard]] std::optional<WallTime> instant_of(std::string_view text);
// Strict base64 of exactly `size` bytes, written to `out` without an allocation.
[[nodiscard]] bool read_base64(std::string_view text, std::uint8_t* out, std::size_t size);

}  // namespace attacca::core
