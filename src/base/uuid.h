// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

// UUID version 7 (RFC 9562, section 5.7): 48 bits of Unix milliseconds, then random bits that the
// caller supplies. Sorts by time of creation.

namespace attacca {

struct Uuid {
    std::array<std::uint8_t, 16> bytes{};

    // In order of the bytes, read as two numbers: ids are compared a hundred times for each job.
    friend std::strong_ordering operator<=>(const Uuid& a, const Uuid& b) {
        const std::strong_ordering order = a.half(0) <=> b.half(0);
        return order != std::strong_ordering::equal ? order : a.half(8) <=> b.half(8);
    }
    friend bool operator==(const Uuid&, const Uuid&) = default;
    [[nodiscard]] std::string text() const;
    void append_text(std::string& out) const;
    [[nodiscard]] std::string_view view() const {
        return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    }
    // Only the canonical lower-case form of 36 characters is accepted, of any version.
    [[nodiscard]] static std::optional<Uuid> parse(std::string_view text);
    // Eight bytes from `at` as a big-endian number.
    [[nodiscard]] std::uint64_t half(std::size_t at) const {
        std::uint64_t value = 0;
        std::memcpy(&value, bytes.data() + at, sizeof(value));
        return std::endian::native == std::endian::little ? __builtin_bswap64(value) : value;
    }
    // Precondition: 16 bytes.
    [[nodiscard]] static Uuid of_bytes(std::string_view bytes);
};

[[nodiscard]] Uuid uuid_v7(WallTime at, std::uint64_t random_high, std::uint64_t random_low);

}  // namespace attacca
