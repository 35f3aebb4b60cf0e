// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

// One range of bytes (RFC 9110, section 14). Several ranges in one request are answered with the
// whole, as that section allows.

namespace attacca::http {

struct ByteRange {
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
    friend bool operator==(const ByteRange&, const ByteRange&) = default;
};

// Nothing when the field is to be ignored: another unit, malformed, several ranges.
// Errors: range_not_satisfiable.
[[nodiscard]] Result<std::optional<ByteRange>> parse_range(std::string_view field,
                                                           std::uint64_t size);

// `bytes 0-99/1234`. Precondition: the range is not empty.
[[nodiscard]] std::string content_range(const ByteRange& range, std::uint64_t size);

}  // namespace attacca::http
