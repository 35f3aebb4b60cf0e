// SPDX-License-Identifier: Apache-2.0
#include "core/ledger/profile.h"

#include <bit>
#include <cstring>
#include <string>

namespace attacca::core {
namespace {

constexpr std::array<std::string_view, member_count> member_names = {
    "@",    "act", "art", "ent", "eseq", "gseq", "n",   "org", "p",
    "prev", "res", "ret", "src", "t",    "ten",  "tgt", "typ", "x"};

constexpr std::size_t key_bytes_max = 32;

// What a byte may be: a table is faster than comparisons, and this loop is most of verification.
enum ByteClass : std::uint8_t { key_byte = 1, plain_byte = 2, digit_byte = 4 };

constexpr std::array<std::uint8_t, 256> classes_of_bytes() {
    std::array<std::uint8_t, 256> classes{};
    for (std::size_t c = 0x20; c < classes.size(); ++c) {
        // Everything that RFC 8785 writes as itself; UTF-8 is checked for the whole text.
        classes[c] = c == '"' || c == '\\' ? 0 : plain_byte;
    }
    for (const char c : std::string_view("@_abcdefghijklmnopqrstuvwxyz0123456789")) {
        classes[static_cast<std::uint8_t>(c)] |= key_byte;
    }
    for (const char c : std::string_view("0123456789")) {
        classes[static_cast<std::uint8_t>(c)] |= digit_byte;
    }
    return classes;
}
constexpr std::array<std::uint8_t, 256> byte_classes = classes_of_bytes();

constexpr bool is(char c, ByteClass byte_class) {
    return (byte_classes[static_cast<std::uint8_t>(c)] & byte_class) != 0;
}

// How two keys compare. Most differ in their first bytes: a call of memcmp would cost more.
int order_of(std::string_view a, std::string_view b) {
    const std::size_t shared = a.size() < b.size() ? a.size() : b.size();
    for (std::size_t i = 0; i < shared; ++i) {
        if (a[i] != b[i]) {
            return static_cast<std::uint8_t>(a[i]) < static_cast<std::uint8_t>(b[i]) ? -1 : 1;
        }
    }
    return a.size() == b.size() ? 0 : a.size() < b.size() ? -1 : 1;
}

// Of the eight bytes at `at` how many stand in front of the first that a string does not hold as
// itself. All at once: a byte of `marks` has its highest bit where its byte is such a one, and the
// lowest of them is exact.
std::size_t plain_bytes_in_word(const char* at) {
    constexpr std::uint64_t ones = 0x0101010101010101U;
    constexpr std::uint64_t highs = ones << 7U;
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof word);
    if constexpr (std::endian::native == std::endian::big) {
        word = __builtin_bswap64(word);
    }
    const std::uint64_t quote = word ^ (ones * '"');
    const std::uint64_t backslash = word ^ (ones * '\\');
    const std::uint64_t marks = (((word - ones * 0x20U) & ~word) | ((quote - ones) & ~quote) |
                                 ((backslash - ones) & ~backslash)) &
                                highs;
    return marks == 0 ? sizeof word : static_cast<std::size_t>(std::countr_zero(marks)) / 8;
}

class Scanner {
  public:
    Scanner(std::string_view bytes, RawRecord& out)
        : begin_(bytes.data()), at_(begin_), end_(begin_ + bytes.size()), out_(out) {}

    // True when the text is one object of the profile.
    bool run() {
        if (peek() != '{') {
            return refuse("a record is an object");
        }
        open();
        while (depth_ > 0) {
            if (!step()) {
                return false;
            }
        }
        return at_ == end_ || refuse("bytes follow the object");
    }

    [[nodiscard]] std::size_t offset() const { return static_cast<std::size_t>(at_ - begin_); }
    [[nodiscard]] const char* why() const { return why_; }

  private:
    struct Level {
        bool is_object = false;
        bool has_values = false;
        std::string_view key;  // the last one read
        const char* value = nullptr;
    };

    bool refuse(const char* why) {
        why_ = why;
        return false;
    }
    // The end reads as a byte that nothing accepts.
    [[nodiscard]] char peek() const { return at_ != end_ ? *at_ : '\0'; }
    bool take(char c) {
        if (peek() != c) {
            return false;
        }
        ++at_;
        return true;
    }

    void open() {
        Level& level = levels_[depth_++];
        level.is_object = peek() == '{';
        level.has_values = false;
        level.key = {};
        ++at_;
    }

    // Reads the end of the innermost container, or its next value; a container that is this value
    // is opened, and the next steps read it.
    bool step() {
        Level& level = levels_[depth_ - 1];
        if (take(level.is_object ? '}' : ']')) {
            --depth_;
            note_member();
            return true;
        }
        if (level.has_values && !take(',')) {
            return refuse("expected a comma or the end of the container");
        }
        level.has_values = true;
        if (level.is_object && !key(level)) {
            return false;
        }
        level.value = at_;
        if (peek() == '{' || peek() == '[') {
            if (depth_ == record_depth_max) {
                return refuse("nested too deeply");
            }
            open();
            return true;
        }
        if (!scalar(level)) {
            return false;
        }
        note_member();
        return true;
    }

    bool scalar(const Level& level) {
        switch (peek()) {
            case '"':
                return string();
            case 't':
                note_final(level);
                return word("true");
            case 'f':
                return word("false");
            default:
                return integer();
        }
    }

    bool key(Level& level) {
        if (!take('"')) {
            return refuse("expected a key");
        }
        const char* const start = at_;
        while (at_ != end_ && is(*at_, key_byte)) {
            ++at_;
        }
        const std::string_view key(start, static_cast<std::size_t>(at_ - start));
        if (key.empty() || key.size() > key_bytes_max || !take('"')) {
            return refuse("a key is 1 to 32 of @ a-z 0-9 _");
        }
        // Strictly ascending order refuses duplicates too.
        if (order_of(key, level.key) <= 0) {
            return refuse("keys are not in ascending order");
        }
        level.key = key;
        return take(':') || refuse("expected a colon");
    }

    bool string() {
        ++at_;
        while (true) {
            skip_plain();
            if (take('"')) {
                return true;
            }
            if (!escape()) {
                return false;
            }
        }
    }

    void skip_plain() {
        constexpr std::size_t word_size = sizeof(std::uint64_t);
        while (static_cast<std::size_t>(end_ - at_) >= word_size) {
            const std::size_t plain = plain_bytes_in_word(at_);
            at_ += plain;
            if (plain < word_size) {
                return;
            }
        }
        while (at_ != end_ && is(*at_, plain_byte)) {
            ++at_;
        }
    }

    // RFC 8785 has one escape for each byte that needs one: a short form, else \u00xx.
    bool escape() {
        if (!take('\\')) {
            return refuse("a control character, or the end, in a string");
        }
        constexpr std::string_view short_forms = "\"\\bfnrt";
        if (at_ != end_ && short_forms.find(*at_) != short_forms.npos) {
            ++at_;
            return true;
        }
        constexpr std::size_t long_form_size = 5;
        const std::string_view form(at_, static_cast<std::size_t>(end_ - at_));
        constexpr std::string_view digits = "0123456789abcdef";
        const bool is_control = form.size() >= long_form_size && form.substr(0, 3) == "u00" &&
                                (form[3] == '0' || form[3] == '1') &&
                                digits.find(form[4]) != digits.npos;
        const bool has_short_form =
            is_control && form[3] == '0' &&
            std::string_view("89acd").find(form[4]) != std::string_view::npos;
        if (!is_control || has_short_form) {
            return refuse("an escape that is not minimal");
        }
        at_ += long_form_size;
        return true;
    }

    bool integer() {
        const bool is_negative = take('-');
        const char* const start = at_;
        std::uint64_t value = 0;
        constexpr std::ptrdiff_t digits_max = 16;  // 2^53 - 1 has so many
        while (at_ != end_ && is(*at_, digit_byte) && at_ - start <= digits_max) {
            value = value * 10 + static_cast<std::uint64_t>(*at_ - '0');
            ++at_;
        }
        if (at_ == start) {
            return refuse("expected a value");
        }
        if (*start == '0' && (is_negative || at_ - start > 1)) {
            return refuse("an integer with a leading zero");
        }
        return value <= record_integer_max || refuse("an integer beyond 2^53 - 1");
    }

    bool word(std::string_view text) {
        if (std::string_view(at_, static_cast<std::size_t>(end_ - at_)).substr(0, text.size()) !=
            text) {
            return refuse("expected a value");
        }
        at_ += text.size();
        return true;
    }

    void note_final(const Level& level) {
        if (depth_ == 2 && level.key == "fin" && levels_[0].key == "p") {
            out_.is_final = true;
        }
    }

    // Called where a value ends: keeps those of the first level.
    void note_member() {
        if (depth_ != 1) {
            return;
        }
        const Level& level = levels_[0];
        // Keys ascend, so one walk over the names serves the whole record.
        int order = -1;
        while (next_member_ < member_count &&
               (order = order_of(member_names[next_member_], level.key)) < 0) {
            ++next_member_;
        }
        if (order != 0) {
            out_.has_unknown_member = true;
            return;
        }
        out_.members[next_member_] =
            std::string_view(level.value, static_cast<std::size_t>(at_ - level.value));
    }

    const char* begin_;
    const char* at_;
    const char* end_;
    RawRecord& out_;
    const char* why_ = nullptr;
    std::array<Level, record_depth_max> levels_{};
    std::size_t depth_ = 0;
    std::size_t next_member_ = 0;
};

}  // namespace

Result<void> read_raw_record(std::string_view bytes, RawRecord& out) {
    if (bytes.size() > record_bytes_max) {
        return fail(Problem::corrupt, "record: more than 65535 bytes");
    }
    if (!is_utf8(bytes)) {
        return fail(Problem::corrupt, "record: not valid UTF-8");
    }
    out = RawRecord{};
    Scanner scanner(bytes, out);
    if (!scanner.run()) {
        return fail(Problem::corrupt,
                    "record: byte " + std::to_string(scanner.offset()) + ": " + scanner.why());
    }
    return {};
}

Result<RawRecord> read_raw_record(std::string_view bytes) {
    RawRecord raw;
    if (Result<void> read = read_raw_record(bytes, raw); !read) {
        return read.error();
    }
    return raw;
}

Result<void> check_profile(std::string_view bytes) {
    const Result<RawRecord> raw = read_raw_record(bytes);
    return raw ? Result<void>() : Result<void>(raw.error());
}

}  // namespace attacca::core
