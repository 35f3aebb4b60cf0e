// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// Bytes are carried in std::string / std::string_view; fixed-size values have a type of their own.
// Text codings are RFC 4648: base64 with padding, and lower-case hexadecimal. Decoders are strict:
// no white space, no missing padding, no non-zero trailing bits.

namespace attacca {

struct Sha256 {
    std::array<std::uint8_t, 32> bytes{};

    friend auto operator<=>(const Sha256&, const Sha256&) = default;
    [[nodiscard]] std::string_view view() const {
        return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    }
};

[[nodiscard]] std::string hex(std::string_view bytes);
[[nodiscard]] inline std::string hex(const Sha256& digest) { return hex(digest.view()); }
void append_hex(std::string& out, std::string_view bytes);
[[nodiscard]] std::optional<std::string> unhex(std::string_view text);
[[nodiscard]] std::optional<Sha256> sha256_of_hex(std::string_view text);

[[nodiscard]] std::string base64(std::string_view bytes);
void append_base64(std::string& out, std::string_view bytes);
[[nodiscard]] std::optional<std::string> unbase64(std::string_view text);

// Appends an integer in big-endian order / reads one (precondition: enough bytes at `at`).
void append_u16(std::string& out, std::uint16_t value);
void append_u32(std::string& out, std::uint32_t value);
void append_u64(std::string& out, std::uint64_t value);
[[nodiscard]] std::uint16_t read_u16(std::string_view bytes, std::size_t at);
[[nodiscard]] std::uint32_t read_u32(std::string_view bytes, std::size_t at);
[[nodiscard]] std::uint64_t read_u64(std::string_view bytes, std::size_t at);

[[nodiscard]] bool is_utf8(std::string_view text);
// How many bytes at the start of the text are whole and valid characters.
[[nodiscard]] std::size_t utf8_prefix(std::string_view text);

// Decimal text of a whole string, without sign or leading zeros; nothing on any other input.
[[nodiscard]] std::optional<std::uint64_t> parse_u64(std::string_view text);

}  // namespace attacca
