// SPDX-License-Identifier: Apache-2.0
#include "core/ledger/members.h"

#include <array>
#include <charconv>
#include <limits>

#include "base/json.h"
#include "core/ledger/profile.h"
#include "core/ledger/scalar.h"

namespace attacca::core {
namespace {

template <typename Integer>
void append_decimal(std::string& out, Integer value, bool is_beyond) {
    std::array<char, std::numeric_limits<Integer>::digits10 + 2> digits;
    const auto written = std::to_chars(digits.data(), digits.data() + digits.size(), value);
    const std::string_view text(digits.data(),
                                static_cast<std::size_t>(written.ptr - digits.data()));
    if (is_beyond) {
        out += '"';
    }
    out += text;
    if (is_beyond) {
        out += '"';
    }
}

// The size of a string at the start of the text, quotes included.
std::size_t string_size(std::string_view text) {
    std::size_t at = text.find('"', 1);
    if (text[at - 1] != '\\') {
        return at + 1;  // nearly every string has no escape in it
    }
    at = 1;
    while (text[at] != '"') {
        at += text[at] == '\\' ? std::size_t{2} : std::size_t{1};
    }
    return at + 1;
}

// The size of the value at the start of the text. A container ends where as many brackets have
// closed as opened: the profile has made sure that they match.
std::size_t value_size(std::string_view text) {
    if (!text.empty() && text.front() == '"') {
        return string_size(text);
    }
    std::size_t at = 0;
    std::size_t depth = 0;
    while (at < text.size()) {
        const char c = text[at];
        if (c == '"') {
            at += string_size(text.substr(at));
        } else if (c == '{' || c == '[') {
            ++depth;
            ++at;
        } else if (c == '}' || c == ']') {
            --depth;
            ++at;
        } else if (depth == 0 && c == ',') {
            break;
        } else {
            ++at;
            continue;
        }
        if (depth == 0) {
            break;
        }
    }
    return at;
}

// Takes the value at the start of `rest`, and the comma behind it.
std::string_view take_value(std::string_view& rest) {
    const std::size_t size = value_size(rest);
    const std::string_view value(rest.data(), size);
    rest.remove_prefix(size);
    if (!rest.empty()) {
        rest.remove_prefix(1);
    }
    return value;
}

}  // namespace

void append_i64(std::string& out, std::int64_t value) {
    constexpr auto max = static_cast<std::int64_t>(record_integer_max);
    append_decimal(out, value, value > max || value < -max);
}

void append_u64_text(std::string& out, std::uint64_t value) {
    append_decimal(out, value, value > record_integer_max);
}

void MemberWriter::text(std::string_view key, std::string_view value) {
    start(key);
    append_json_string(out_, value);
}

void MemberWriter::i64(std::string_view key, std::int64_t value) {
    start(key);
    append_i64(out_, value);
}

void MemberWriter::u64(std::string_view key, std::uint64_t value) {
    start(key);
    append_u64_text(out_, value);
}

void MemberWriter::yes(std::string_view key) {
    start(key);
    out_ += "true";
}

void MemberWriter::digest(std::string_view key, const Sha256& value) {
    start(key);
    out_ += '"';
    append_hex(out_, value.view());
    out_ += '"';
}

void MemberWriter::instant(std::string_view key, WallTime value) {
    start(key);
    out_ += '"';
    append_rfc3339(out_, value);
    out_ += '"';
}

std::string& MemberWriter::raw(std::string_view key) {
    start(key);
    return out_;
}

MemberReader::MemberReader(std::string_view object) : rest_(object.substr(1, object.size() - 2)) {}

bool MemberReader::take(std::string_view key, std::string_view& raw) {
    if (!bad_key_.empty() || !is_next(key)) {
        return false;
    }
    rest_.remove_prefix(key.size());
    raw = take_value(rest_);
    return true;
}

void MemberReader::refuse(std::string_view key) {
    if (bad_key_.empty()) {
        bad_key_ = key;
    }
}

void MemberReader::text(std::string_view key, std::string& out) {
    std::string_view raw;
    if (!take(key, raw) || !read_text(raw, out)) {
        refuse(key);
    }
}

void MemberReader::i64(std::string_view key, std::int64_t& out) {
    std::string_view raw;
    if (!take(key, raw) || !read_i64(raw, out)) {
        refuse(key);
    }
}

void MemberReader::u64(std::string_view key, std::uint64_t& out) {
    std::string_view raw;
    if (!take(key, raw) || !read_u64(raw, out)) {
        refuse(key);
    }
}

void MemberReader::u32(std::string_view key, std::uint32_t& out) {
    std::uint64_t value = 0;
    u64(key, value);
    if (value > std::numeric_limits<std::uint32_t>::max()) {
        refuse(key);
        return;
    }
    out = static_cast<std::uint32_t>(value);
}

void MemberReader::yes(std::string_view key) {
    std::string_view raw;
    if (!take(key, raw) || raw != "true") {
        refuse(key);
    }
}

void MemberReader::digest(std::string_view key, Sha256& out) {
    std::string_view raw;
    const std::optional<std::string_view> text = take(key, raw) ? plain_text_of(raw) : std::nullopt;
    const std::optional<Sha256> digest = text ? sha256_of_hex(*text) : std::nullopt;
    if (!digest) {
        refuse(key);
        return;
    }
    out = *digest;
}

void MemberReader::instant(std::string_view key, WallTime& out) {
    std::string_view raw;
    const std::optional<std::string_view> text = take(key, raw) ? plain_text_of(raw) : std::nullopt;
    const std::optional<WallTime> at = text ? instant_of(*text) : std::nullopt;
    if (!at) {
        refuse(key);
        return;
    }
    out = *at;
}

std::string_view ElementReader::next() {
    return rest_.empty() ? std::string_view{} : take_value(rest_);
}

}  // namespace attacca::core
