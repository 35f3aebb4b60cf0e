// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "base/bytes.h"
#include "base/error.h"
#include "base/uuid.h"
#include "fuzz.h"

// The small codings: each accepted text is the only one of its value.

namespace attacca {
namespace {

// The length of the character at the start of the text, or 0: Unicode 15, table 3-7, row by row.
std::size_t naive_character(std::string_view text) {
    const auto is_in = [&](std::size_t at, unsigned from, unsigned to) {
        const unsigned byte = at < text.size() ? static_cast<unsigned char>(text[at]) : 256U;
        return byte >= from && byte <= to;
    };
    const auto follow = [&](std::size_t at) { return is_in(at, 0x80, 0xBF); };
    if (is_in(0, 0x00, 0x7F)) {
        return 1;
    }
    if (is_in(0, 0xC2, 0xDF)) {
        return follow(1) ? 2 : 0;
    }
    if ((is_in(0, 0xE0, 0xE0) && is_in(1, 0xA0, 0xBF)) || (is_in(0, 0xE1, 0xEC) && follow(1)) ||
        (is_in(0, 0xED, 0xED) && is_in(1, 0x80, 0x9F)) || (is_in(0, 0xEE, 0xEF) && follow(1))) {
        return follow(2) ? 3 : 0;
    }
    if ((is_in(0, 0xF0, 0xF0) && is_in(1, 0x90, 0xBF)) || (is_in(0, 0xF1, 0xF3) && follow(1)) ||
        (is_in(0, 0xF4, 0xF4) && is_in(1, 0x80, 0x8F))) {
        return follow(2) && follow(3) ? 4 : 0;
    }
    return 0;
}

std::size_t naive_prefix(std::string_view text) {
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t size = naive_character(text.substr(at));
        if (size == 0) {
            break;
        }
        at += size;
    }
    return at;
}

void check_utf8(std::string_view input) {
    const std::size_t prefix = naive_prefix(input);
    ATTACCA_CHECK(utf8_prefix(input) == prefix);
    ATTACCA_CHECK(is_utf8(input) == (prefix == input.size()));
    const std::string shown = quoted(input);
    ATTACCA_CHECK(is_utf8(shown));
    ATTACCA_CHECK(shown.size() <= 4 * 256 + 16);
    for (const char c : shown) {
        ATTACCA_CHECK(static_cast<unsigned char>(c) >= 0x20 && c != '\x7f');
    }
}

void check_encodings(std::string_view input) {
    ATTACCA_CHECK(unhex(hex(input)) == input);
    ATTACCA_CHECK(unbase64(base64(input)) == input);
    if (const auto bytes = unhex(input)) {
        ATTACCA_CHECK(hex(*bytes) == input);
    }
    if (const auto bytes = unbase64(input)) {
        ATTACCA_CHECK(base64(*bytes) == input);
    }
    if (const auto digest = sha256_of_hex(input)) {
        ATTACCA_CHECK(hex(*digest) == input);
    }
    if (const auto number = parse_u64(input)) {
        ATTACCA_CHECK(std::to_string(*number) == input);
    }
    if (const auto uuid = Uuid::parse(input)) {
        ATTACCA_CHECK(uuid->text() == input);
    }
}

void check_made(std::string_view input) {
    fuzz::Draw draw(input);
    const std::uint64_t number = draw.u64();
    ATTACCA_CHECK(parse_u64(std::to_string(number)) == number);
    std::string bytes;
    append_u64(bytes, number);
    ATTACCA_CHECK(read_u64(bytes, 0) == number);
    append_u64(bytes, draw.u64());
    const Uuid uuid = Uuid::of_bytes(bytes);
    ATTACCA_CHECK(Uuid::parse(uuid.text()) == uuid);
}

}  // namespace
}  // namespace attacca

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input = attacca::fuzz::text_of(data, size);
    attacca::check_utf8(input);
    attacca::check_encodings(input);
    attacca::check_made(input);
    return 0;
}
