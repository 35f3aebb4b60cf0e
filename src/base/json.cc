// SPDX-License-Identifier: Apache-2.0
#include "base/json.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include "base/check.h"

namespace attacca {
namespace {

enum class Style { compact, canonical, pretty };

// Writes a document without recursion: a document that was built in memory may be deeper than a
// parsed one, and the stack must hold.
class Writer {
  public:
    Writer(std::string& out, Style style) : out_(out), style_(style) {}

    void write(const Json& root) {
        put(root);
        while (!open_.empty()) {
            step();
        }
    }

  private:
    struct Frame {
        const Json* container;
        std::size_t next = 0;
        // Only in canonical style and for objects.
        std::vector<const Json::Member*> sorted = {};
    };

    static std::size_t size_of(const Json& container) {
        return container.is_array() ? container.as_array().size() : container.as_object().size();
    }

    void put(const Json& value) {
        switch (value.type()) {
            case Json::Type::null:
                out_ += "null";
                return;
            case Json::Type::boolean:
                out_ += value.as_bool() ? "true" : "false";
                return;
            case Json::Type::integer:
                append_integer(out_, value.as_integer());
                return;
            case Json::Type::decimal:
                out_ += value.as_decimal().text;
                return;
            case Json::Type::string:
                append_json_string(out_, value.as_string());
                return;
            case Json::Type::array:
            case Json::Type::object:
                open(value);
                return;
        }
    }

    void open(const Json& container) {
        if (size_of(container) == 0) {
            out_ += container.is_array() ? "[]" : "{}";
            return;
        }
        constexpr std::size_t usual_depth = 8;
        if (open_.empty()) {
            open_.reserve(usual_depth);
        }
        Frame& frame = open_.emplace_back(Frame{&container});
        out_ += container.is_array() ? '[' : '{';
        if (style_ == Style::canonical && container.is_object()) {
            for (const Json::Member& member : container.as_object()) {
                frame.sorted.push_back(&member);
            }
            std::sort(frame.sorted.begin(), frame.sorted.end(),
                      [](const auto* a, const auto* b) { return a->key < b->key; });
        }
    }

    void step() {
        Frame& frame = open_.back();
        const Json& container = *frame.container;
        if (frame.next == size_of(container)) {
            const char bracket = container.is_array() ? ']' : '}';
            open_.pop_back();
            break_line();
            out_ += bracket;
            return;
        }
        if (frame.next > 0) {
            out_ += ',';
        }
        break_line();
        const std::size_t i = frame.next++;
        if (container.is_array()) {
            put(container.as_array()[i]);
            return;
        }
        const Json::Member& member =
            frame.sorted.empty() ? container.as_object()[i] : *frame.sorted[i];
        append_json_string(out_, member.key);
        out_ += style_ == Style::pretty ? ": " : ":";
        put(member.value);  // may move `frame`
    }

    void break_line() {
        if (style_ == Style::pretty) {
            out_ += '\n';
            out_.append(open_.size() * 2, ' ');
        }
    }

    std::string& out_;
    Style style_;
    std::vector<Frame> open_;
};

std::string text_of(const Json& root, Style style) {
    std::string out;
    Writer(out, style).write(root);
    return out;
}

bool needs_escape(char c) {
    return static_cast<unsigned char>(c) < 0x20U || c == '"' || c == '\\';
}

// Whether any of eight bytes needs an escape. Subtracting n from each borrows into the
// top bit of a byte that is less than n; `& ~x` drops the bytes that had the top bit before.
bool any_needs_escape(std::uint64_t word) {
    constexpr std::uint64_t ones = 0x0101010101010101U;
    constexpr std::uint64_t tops = 0x80 * ones;
    const std::uint64_t quote = word ^ (ones * '"');
    const std::uint64_t backslash = word ^ (ones * '\\');
    return ((((word - ones * 0x20) & ~word) | ((quote - ones) & ~quote) |
             ((backslash - ones) & ~backslash)) &
            tops) != 0;
}

// How many bytes from `at` on stand for themselves in a string literal.
std::size_t plain_run(std::string_view text, std::size_t at) {
    const std::size_t start = at;
    std::uint64_t word = 0;
    while (text.size() - at >= sizeof word) {
        std::memcpy(&word, text.data() + at, sizeof word);
        if (any_needs_escape(word)) {
            break;
        }
        at += sizeof word;
    }
    while (at < text.size() && !needs_escape(text[at])) {
        ++at;
    }
    return at - start;
}

void append_escape(std::string& out, char c) {
    constexpr std::string_view digits = "0123456789abcdef";
    switch (c) {
        case '"':
            out += "\\\"";
            return;
        case '\\':
            out += "\\\\";
            return;
        case '\b':
            out += "\\b";
            return;
        case '\f':
            out += "\\f";
            return;
        case '\n':
            out += "\\n";
            return;
        case '\r':
            out += "\\r";
            return;
        case '\t':
            out += "\\t";
            return;
        default:
            break;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += "\\u00";
    out += digits[byte >> 4U];
    out += digits[byte & 0xFU];
}

}  // namespace

Json Json::array() {
    return Array{};
}

Json Json::object() {
    return Object{};
}

bool Json::as_bool() const {
    ATTACCA_CHECK(is_bool());
    return *std::get_if<bool>(&value_);
}

std::int64_t Json::as_integer() const {
    ATTACCA_CHECK(is_integer());
    return *std::get_if<std::int64_t>(&value_);
}

const Json::Decimal& Json::as_decimal() const {
    ATTACCA_CHECK(is_decimal());
    return *std::get_if<Decimal>(&value_);
}

const std::string& Json::as_string() const {
    ATTACCA_CHECK(is_string());
    return *std::get_if<std::string>(&value_);
}

std::string& Json::as_string() {
    ATTACCA_CHECK(is_string());
    return *std::get_if<std::string>(&value_);
}

const Json::Array& Json::as_array() const {
    ATTACCA_CHECK(is_array());
    return *std::get_if<Array>(&value_);
}

Json::Array& Json::as_array() {
    ATTACCA_CHECK(is_array());
    return *std::get_if<Array>(&value_);
}

const Json::Object& Json::as_object() const {
    ATTACCA_CHECK(is_object());
    return *std::get_if<Object>(&value_);
}

Json::Object& Json::as_object() {
    ATTACCA_CHECK(is_object());
    return *std::get_if<Object>(&value_);
}

const Json* Json::find(std::string_view key) const {
    if (!is_object()) {
        return nullptr;
    }
    for (const Member& member : as_object()) {
        if (member.key == key) {
            return &member.value;
        }
    }
    return nullptr;
}

void Json::set(std::string_view key, Json value) {
    for (Member& member : as_object()) {
        if (member.key == key) {
            member.value = std::move(value);
            return;
        }
    }
    as_object().push_back(Member{std::string(key), std::move(value)});
}

void Json::push(Json value) {
    as_array().push_back(std::move(value));
}

std::string Json::text() const {
    return text_of(*this, Style::compact);
}

void Json::append_text(std::string& out) const {
    Writer(out, Style::compact).write(*this);
}

std::string Json::canonical_text() const {
    return text_of(*this, Style::canonical);
}

std::string Json::pretty_text() const {
    return text_of(*this, Style::pretty);
}

bool operator==(const Json& a, const Json& b) {
    return a.value_ == b.value_;
}

void append_json_string(std::string& out, std::string_view text) {
    out += '"';
    std::size_t at = 0;
    while (true) {
        const std::size_t run = plain_run(text, at);
        out.append(text, at, run);
        at += run;
        if (at == text.size()) {
            break;
        }
        append_escape(out, text[at]);
        ++at;
    }
    out += '"';
}

void append_integer(std::string& out, std::int64_t value) {
    constexpr std::size_t longest = std::string_view{"-9223372036854775808"}.size();
    std::array<char, longest> buffer;
    const auto written = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
    out.append(buffer.data(), static_cast<std::size_t>(written.ptr - buffer.data()));
}

}  // namespace attacca
