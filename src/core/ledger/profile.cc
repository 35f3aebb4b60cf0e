// SPDX-License-Identifier: Apache-2.0
#include "core/ledger/profile.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <string>

namespace attacca::core {
namespace {

constexpr std::array<std::string_view, member_count> member_names = {
    "@",    "act", "art", "ent", "eseq", "gseq", "n",   "org", "p",
    "prev", "res", "ret", "src", "t",    "ten",  "tgt", "typ", "x"};

// A name with its quotes and colon, as it stands in a record: it fits into a word, and is compared
// with one at once.
struct QuotedName {
    std::uint64_t mask = 0;
    std::uint64_t text = 0;
    std::size_t size = 0;
};

constexpr QuotedName quoted_name(std::string_view name) {
    std::array<char, sizeof(std::uint64_t)> text{'"'};
    std::array<char, sizeof(std::uint64_t)> mask{};
    std::copy(name.begin(), name.end(), text.begin() + 1);
    std::copy_n("\":", 2, text.begin() + 1 + name.size());
    std::fill_n(mask.begin(), name.size() + 3, '\xFF');
    return {std::bit_cast<std::uint64_t>(mask), std::bit_cast<std::uint64_t>(text),
            name.size() + 3};
}

constexpr std::array<QuotedName, member_count> quoted_names = [] {
    std::array<QuotedName, member_count> names;
    std::transform(member_names.begin(), member_names.end(), names.begin(), quoted_name);
    return names;
}();

constexpr std::size_t key_bytes_max = 32;

// What a byte may be: a table is faster than comparisons, and this loop is most of verification.
enum ByteClass : std::uint8_t { key_byte = 1, plain_byte = 2 };

constexpr std::array<std::uint8_t, 256> classes_of_bytes() {
    std::array<std::uint8_t, 256> classes{};
    for (std::size_t c = 0x20; c < classes.size(); ++c) {
        // Everything that RFC 8785 writes as itself; UTF-8 is checked for the whole text.
        classes[c] = c == '"' || c == '\\' ? 0 : plain_byte;
    }
    for (const char c : std::string_view("@_abcdefghijklmnopqrstuvwxyz0123456789")) {
        classes[static_cast<std::uint8_t>(c)] |= key_byte;
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

// Of the sixteen bytes at `at` how many stand in front of the first that a string does not hold as
// itself. Most of a record is strings, so they are compared all at once.
using Block = std::uint8_t __attribute__((vector_size(16)));

std::size_t plain_bytes_in_block(const char* at) {
    Block block;
    std::memcpy(&block, at, sizeof block);
    const Block marks = std::bit_cast<Block>((block < 0x20) | (block == '"') | (block == '\\'));
    std::size_t plain = 0;
    for (std::uint64_t word : std::bit_cast<std::array<std::uint64_t, 2>>(marks)) {
        if constexpr (std::endian::native == std::endian::big) {
            word = __builtin_bswap64(word);
        }
        if (word != 0) {
            return plain + static_cast<std::size_t>(std::countr_zero(word)) / 8;
        }
        plain += sizeof word;
    }
    return plain;
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
    // Small, for they are made for each record; a record is smaller than 64 KiB.
    struct Level {
        std::uint16_t key_at = 0;  // of the last one read
        std::uint8_t key_size = 0;
        bool is_object = false;
        bool has_values = false;

        void set_key(std::size_t at, std::size_t size) {
            key_at = static_cast<std::uint16_t>(at);
            key_size = static_cast<std::uint8_t>(size);
        }
    };
    [[nodiscard]] std::string_view key_of(const Level& level) const {
        return {begin_ + level.key_at, level.key_size};
    }

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
        level.key_size = 0;
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
        if (depth_ == 1) {
            if (!take_next_name()) {
                if (!key(level)) {
                    return false;
                }
                find_name(key_of(level));
            }
            value_ = at_;
        } else if (level.is_object && !key(level)) {
            return false;
        }
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

    // Most keys of the first level are the next name that there can be, or one soon after it: a
    // comparison with the whole of it says so, and that the keys ascend. False: nothing was read.
    bool take_next_name() {
        std::uint64_t word = 0;
        if (out_.has_unknown_member || static_cast<std::size_t>(end_ - at_) < sizeof word) {
            return false;
        }
        std::memcpy(&word, at_, sizeof word);
        std::size_t i = next_member_;
        while (i < member_count && (word & quoted_names[i].mask) != quoted_names[i].text) {
            ++i;
        }
        if (i == member_count) {
            return false;
        }
        levels_[0].set_key(offset() + 1, member_names[i].size());
        at_ += quoted_names[i].size;
        member_ = i;
        next_member_ = i + 1;
        return true;
    }

    // Keys ascend, so one walk over the names serves the whole record.
    void find_name(std::string_view key) {
        while (next_member_ < member_count && order_of(member_names[next_member_], key) < 0) {
            ++next_member_;
        }
        const bool is_known = next_member_ < member_count && member_names[next_member_] == key;
        member_ = is_known ? next_member_++ : member_count;
        out_.has_unknown_member = out_.has_unknown_member || !is_known;
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
        if (order_of(key, key_of(level)) <= 0) {
            return refuse("keys are not in ascending order");
        }
        level.set_key(static_cast<std::size_t>(start - begin_), key.size());
        return take(':') || refuse("expected a colon");
    }

    bool string() {
        ++at_;
        for (skip_plain(); !take('"'); skip_plain()) {
            if (!escape()) {
                return false;
            }
        }
        return true;
    }

    void skip_plain() {
        while (static_cast<std::size_t>(end_ - at_) >= sizeof(Block)) {
            const std::size_t plain = plain_bytes_in_block(at_);
            at_ += plain;
            if (plain < sizeof(Block)) {
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
        if (depth_ == 1 && member_ < member_count) {
            out_.escaped |= 1U << member_;
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
        while (at_ != end_ && *at_ >= '0' && *at_ <= '9' && at_ - start <= digits_max) {
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
        constexpr auto payload = static_cast<std::size_t>(Member::p);
        if (depth_ == 2 && key_of(level) == "fin" && member_ == payload) {
            out_.is_final = true;
        }
    }

    // Called where a value ends: keeps those of the first level.
    void note_member() {
        if (depth_ == 1 && member_ < member_count) {
            out_.members[member_] = {value_, static_cast<std::size_t>(at_ - value_)};
        }
    }

    const char* begin_;
    const char* at_;
    const char* end_;
    RawRecord& out_;
    const char* why_ = nullptr;
    std::array<Level, record_depth_max> levels_{};
    std::size_t depth_ = 0;
    const char* value_ = nullptr;        // of the first level, at hand
    std::size_t member_ = member_count;  // whose it is; member_count for an unknown one
    std::size_t next_member_ = 0;        // the first name that can still come
};

}  // namespace

Result<void> read_raw_record(std::string_view bytes, RawRecord& out) {
    if (bytes.size() > record_bytes_max) {
        return fail(Problem::corrupt, "record: more than 65535 bytes");
    }
    if (!is_utf8(bytes)) {
        return fail(Problem::corrupt, "record: not valid UTF-8");
    }
    out.members.fill({});
    out.has_unknown_member = false;
    out.is_final = false;
    out.escaped = 0;
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
