// SPDX-License-Identifier: Apache-2.0
#include "base/bytes.h"

#include <bit>
#include <charconv>
#include <cstring>

#include "base/check.h"

namespace attacca {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";
constexpr std::string_view base64_digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// The value of each byte as a digit; `no_digit` has bits that no digit has, so that the values of
// several bytes can be or-ed and tested once.
constexpr std::uint8_t no_digit = 0x80;
using DigitValues = std::array<std::uint8_t, 256>;

constexpr std::uint8_t octet(char c) {
    return static_cast<std::uint8_t>(c);
}

constexpr DigitValues values_of(std::string_view digits) {
    DigitValues values{};
    for (auto& value : values) {
        value = no_digit;
    }
    for (std::size_t i = 0; i < digits.size(); ++i) {
        values[octet(digits[i])] = static_cast<std::uint8_t>(i);
    }
    return values;
}

constexpr DigitValues hex_values = values_of(hex_digits);
constexpr DigitValues base64_values = values_of(base64_digits);

// Writes 2 * bytes.size() digits to `out`.
void write_hex(char* out, std::string_view bytes) {
    for (const char c : bytes) {
        *out++ = hex_digits[octet(c) >> 4U];
        *out++ = hex_digits[octet(c) & 0xFU];
    }
}

// Reads text.size() / 2 bytes from an even number of digits; false when one is no digit.
bool read_hex(std::string_view text, char* out) {
    unsigned seen = 0;
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const unsigned high = hex_values[octet(text[i])];
        const unsigned low = hex_values[octet(text[i + 1])];
        seen |= high | low;
        *out++ = static_cast<char>((high << 4U) | low);
    }
    return (seen & no_digit) == 0;
}

template <typename Integer>
void append_big_endian(std::string& out, Integer value) {
    char buffer[sizeof(Integer)];
    for (std::size_t i = 0; i < sizeof(Integer); ++i) {
        buffer[i] = static_cast<char>(value >> (8U * (sizeof(Integer) - 1 - i)));
    }
    out.append(buffer, sizeof buffer);
}

constexpr std::uint16_t swapped(std::uint16_t value) {
    return __builtin_bswap16(value);
}

constexpr std::uint32_t swapped(std::uint32_t value) {
    return __builtin_bswap32(value);
}

constexpr std::uint64_t swapped(std::uint64_t value) {
    return __builtin_bswap64(value);
}

template <typename Integer>
Integer read_big_endian(std::string_view bytes, std::size_t at) {
    ATTACCA_CHECK(bytes.size() >= sizeof(Integer) && at <= bytes.size() - sizeof(Integer));
    Integer value = 0;
    std::memcpy(&value, bytes.data() + at, sizeof value);
    if constexpr (std::endian::native == std::endian::little) {
        value = swapped(value);
    }
    return value;
}

// The length of the character at the start of `text`, which is not ASCII; 0 when it is malformed.
// The bounds on the second byte refuse overlong forms, surrogates and what is beyond U+10FFFF
// (RFC 3629, section 4).
std::size_t utf8_character(std::string_view text) {
    const unsigned lead = octet(text[0]);
    std::size_t length = 0;
    unsigned low = 0x80;
    unsigned high = 0xBF;
    if (lead >= 0xC2 && lead <= 0xDF) {
        length = 2;
    } else if ((lead & 0xF0U) == 0xE0U) {
        length = 3;
        low = lead == 0xE0 ? 0xA0 : low;
        high = lead == 0xED ? 0x9F : high;
    } else if (lead >= 0xF0 && lead <= 0xF4) {
        length = 4;
        low = lead == 0xF0 ? 0x90 : low;
        high = lead == 0xF4 ? 0x8F : high;
    } else {
        return 0;
    }
    if (text.size() < length || octet(text[1]) < low || octet(text[1]) > high) {
        return 0;
    }
    for (std::size_t i = 2; i < length; ++i) {
        if ((octet(text[i]) & 0xC0U) != 0x80U) {
            return 0;
        }
    }
    return length;
}

}  // namespace

std::string hex(std::string_view bytes) {
    std::string out(bytes.size() * 2, '\0');
    write_hex(out.data(), bytes);
    return out;
}

void append_hex(std::string& out, std::string_view bytes) {
    const std::size_t at = out.size();
    out.resize(at + bytes.size() * 2);
    write_hex(out.data() + at, bytes);
}

std::optional<std::string> unhex(std::string_view text) {
    if (text.size() % 2 != 0) {
        return std::nullopt;
    }
    std::string out(text.size() / 2, '\0');
    if (!read_hex(text, out.data())) {
        return std::nullopt;
    }
    return out;
}

std::optional<Sha256> sha256_of_hex(std::string_view text) {
    Sha256 digest;
    if (text.size() != digest.bytes.size() * 2 ||
        !read_hex(text, reinterpret_cast<char*>(digest.bytes.data()))) {
        return std::nullopt;
    }
    return digest;
}

std::string base64(std::string_view bytes) {
    std::string out;
    append_base64(out, bytes);
    return out;
}

void append_base64(std::string& out, std::string_view bytes) {
    const std::size_t at = out.size();
    out.resize(at + (bytes.size() + 2) / 3 * 4);
    char* to = out.data() + at;
    const auto write = [&to](unsigned group) {
        *to++ = base64_digits[(group >> 18U) & 63U];
        *to++ = base64_digits[(group >> 12U) & 63U];
        *to++ = base64_digits[(group >> 6U) & 63U];
        *to++ = base64_digits[group & 63U];
    };
    std::size_t i = 0;
    for (; i + 3 <= bytes.size(); i += 3) {
        write(unsigned{octet(bytes[i])} << 16U | unsigned{octet(bytes[i + 1])} << 8U |
              octet(bytes[i + 2]));
    }
    const std::size_t rest = bytes.size() - i;
    if (rest == 1) {
        write(unsigned{octet(bytes[i])} << 16U);
        to[-2] = '=';
        to[-1] = '=';
    } else if (rest == 2) {
        write(unsigned{octet(bytes[i])} << 16U | unsigned{octet(bytes[i + 1])} << 8U);
        to[-1] = '=';
    }
}

std::optional<std::string> unbase64(std::string_view text) {
    if (text.size() % 4 != 0) {
        return std::nullopt;
    }
    std::size_t padding = 0;
    if (text.ends_with("==")) {
        padding = 2;
    } else if (text.ends_with('=')) {
        padding = 1;
    }
    std::string out;
    out.reserve(text.size() / 4 * 3);
    const std::size_t digits = text.size() - padding;
    unsigned group = 0;
    unsigned seen = 0;
    for (std::size_t i = 0; i < digits; ++i) {
        const unsigned value = base64_values[octet(text[i])];
        seen |= value;
        group = (group << 6U) | (value & 63U);
        if (i % 4 == 3) {
            out += static_cast<char>(group >> 16U);
            out += static_cast<char>(group >> 8U);
            out += static_cast<char>(group);
            group = 0;
        }
    }
    // The last group carries 12 or 18 bits for 1 or 2 bytes; the bits left over must be zero, or
    // two texts would decode to the same bytes.
    if (padding == 2) {
        seen |= (group & 0xFU) != 0 ? no_digit : 0U;
        out += static_cast<char>(group >> 4U);
    } else if (padding == 1) {
        seen |= (group & 0x3U) != 0 ? no_digit : 0U;
        out += static_cast<char>(group >> 10U);
        out += static_cast<char>(group >> 2U);
    }
    if ((seen & no_digit) != 0) {
        return std::nullopt;
    }
    return out;
}

void append_u16(std::string& out, std::uint16_t value) {
    append_big_endian(out, value);
}

void append_u32(std::string& out, std::uint32_t value) {
    append_big_endian(out, value);
}

void append_u64(std::string& out, std::uint64_t value) {
    append_big_endian(out, value);
}

std::uint16_t read_u16(std::string_view bytes, std::size_t at) {
    return read_big_endian<std::uint16_t>(bytes, at);
}

std::uint32_t read_u32(std::string_view bytes, std::size_t at) {
    return read_big_endian<std::uint32_t>(bytes, at);
}

std::uint64_t read_u64(std::string_view bytes, std::size_t at) {
    return read_big_endian<std::uint64_t>(bytes, at);
}

std::size_t utf8_prefix(std::string_view text) {
    std::size_t at = 0;
    // Most text is ASCII throughout: skip it in blocks that the compiler reads as one.
    constexpr std::size_t words = 8;
    for (std::array<std::uint64_t, words> block; text.size() - at >= sizeof block;
         at += sizeof block) {
        std::memcpy(block.data(), text.data() + at, sizeof block);
        std::uint64_t all = 0;
        for (const std::uint64_t word : block) {
            all |= word;
        }
        if ((all & 0x8080808080808080U) != 0) {
            break;
        }
    }
    while (at < text.size()) {
        std::uint64_t word = 0;
        if (text.size() - at >= sizeof word) {
            std::memcpy(&word, text.data() + at, sizeof word);
            if ((word & 0x8080808080808080U) == 0) {
                at += sizeof word;
                continue;
            }
        }
        if (octet(text[at]) < 0x80) {
            ++at;
            continue;
        }
        const std::size_t length = utf8_character(text.substr(at));
        if (length == 0) {
            break;
        }
        at += length;
    }
    return at;
}

bool is_utf8(std::string_view text) {
    return utf8_prefix(text) == text.size();
}

std::optional<std::uint64_t> parse_u64(std::string_view text) {
    if (text.empty() || (text.size() > 1 && text.front() == '0')) {
        return std::nullopt;
    }
    std::uint64_t value = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc{} || stop != end) {
        return std::nullopt;
    }
    return value;
}

}  // namespace attacca
