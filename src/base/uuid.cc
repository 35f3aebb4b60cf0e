// SPDX-License-Identifier: Apache-2.0
#include "base/uuid.h"

#include <algorithm>
#include <cstring>

#include "base/check.h"

namespace attacca {
namespace {

constexpr std::size_t text_size = 36;
constexpr std::string_view digits = "0123456789abcdef";

// Where the two digits of each byte stand: the hyphens are at 8, 13, 18 and 23.
constexpr std::array<std::size_t, 16> digit_places = {0,  2,  4,  6,  9,  11, 14, 16,
                                                      19, 21, 24, 26, 28, 30, 32, 34};

void write_text(char* out, const std::array<std::uint8_t, 16>& bytes) {
    out[8] = out[13] = out[18] = out[23] = '-';
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        out[digit_places[i]] = digits[bytes[i] >> 4U];
        out[digit_places[i] + 1] = digits[bytes[i] & 0xFU];
    }
}

constexpr std::uint8_t no_hex_digit = 0x80;

constexpr std::array<std::uint8_t, 256> values_of_digits() {
    std::array<std::uint8_t, 256> values{};
    for (std::uint8_t& value : values) {
        value = no_hex_digit;
    }
    for (std::size_t i = 0; i < digits.size(); ++i) {
        values[static_cast<std::uint8_t>(digits[i])] = static_cast<std::uint8_t>(i);
    }
    return values;
}
constexpr std::array<std::uint8_t, 256> digit_values = values_of_digits();

unsigned digit_value(char c) {
    return digit_values[static_cast<std::uint8_t>(c)];
}

}  // namespace

std::string Uuid::text() const {
    std::string out(text_size, '\0');
    write_text(out.data(), bytes);
    return out;
}

void Uuid::append_text(std::string& out) const {
    char buffer[text_size];
    write_text(buffer, bytes);
    out.append(buffer, sizeof buffer);
}

std::optional<Uuid> Uuid::parse(std::string_view text) {
    if (text.size() != text_size || text[8] != '-' || text[13] != '-' || text[18] != '-' ||
        text[23] != '-') {
        return std::nullopt;
    }
    Uuid uuid;
    unsigned seen = 0;
    for (std::size_t i = 0; i < uuid.bytes.size(); ++i) {
        const unsigned high = digit_value(text[digit_places[i]]);
        const unsigned low = digit_value(text[digit_places[i] + 1]);
        seen |= high | low;
        uuid.bytes[i] = static_cast<std::uint8_t>((high << 4U) | low);
    }
    if ((seen & no_hex_digit) != 0) {
        return std::nullopt;
    }
    return uuid;
}

Uuid Uuid::of_bytes(std::string_view bytes) {
    Uuid uuid;
    ATTACCA_CHECK(bytes.size() == uuid.bytes.size());
    std::memcpy(uuid.bytes.data(), bytes.data(), bytes.size());
    return uuid;
}

Uuid uuid_v7(WallTime at, std::uint64_t random_high, std::uint64_t random_low) {
    constexpr std::uint64_t ms_max = (std::uint64_t{1} << 48U) - 1;
    // A clock before 1970 is wrong anyway; the id must still be one.
    const auto ms = static_cast<std::uint64_t>(std::max<std::int64_t>(at.us, 0) / 1000) & ms_max;
    const std::uint64_t high = ms << 16U | 0x7000U | (random_high & 0x0FFFU);
    const std::uint64_t low = std::uint64_t{1} << 63U | (random_low >> 2U);
    Uuid uuid;
    for (std::size_t i = 0; i < 8; ++i) {
        uuid.bytes[i] = static_cast<std::uint8_t>(high >> (56U - 8U * i));
        uuid.bytes[i + 8] = static_cast<std::uint8_t>(low >> (56U - 8U * i));
    }
    return uuid;
}

}  // namespace attacca
