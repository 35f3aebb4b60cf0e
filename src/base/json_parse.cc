// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <optional>
#include <set>
#include <string>

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/src.hpp>

#include "base/bytes.h"
#include "base/check.h"
#include "base/json.h"

// Boost.JSON reads the grammar, we build the values. Its own document type would merge duplicate
// keys and read 1e999 as infinity; the events below refuse both. The library is compiled into this
// one file (src.hpp), so that nothing else sees it and nothing is linked.

namespace attacca {
namespace {

namespace bj = boost::json;

Error refusal(Problem problem, std::string_view what, std::size_t at) {
    return fail(problem, std::string(what) + " at byte " + std::to_string(at));
}

// Whether the number lies beyond a double's range. One that is too small to differ from zero does
// not: it stays the exact text that it is. `estimate` tells only on which side a number falls out.
bool is_beyond_double(std::string_view text, double estimate) {
    double value = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool is_tiny = estimate > -1 && estimate < 1;
    return parsed.ec == std::errc::result_out_of_range && !is_tiny;
}

// Why an event stopped the parser. Without `at`, the place is where the parser stands.
struct Refusal {
    Problem problem;
    std::string what;
    std::optional<std::size_t> at;
};

// The parser's events. An event that returns false stops the parser; `refused` then says why.
class Builder {
  public:
    static constexpr std::size_t max_object_size = SIZE_MAX;
    static constexpr std::size_t max_array_size = SIZE_MAX;
    static constexpr std::size_t max_key_size = SIZE_MAX;
    static constexpr std::size_t max_string_size = SIZE_MAX;

    Builder(std::string_view text, std::size_t depth_max) : text_(text), depth_max_(depth_max) {}

    [[nodiscard]] const std::optional<Refusal>& refused() const { return refused_; }
    [[nodiscard]] Json take() { return std::move(root_); }

    bool on_document_begin(bj::error_code&) { return true; }
    bool on_document_end(bj::error_code&) { return true; }
    bool on_object_begin(bj::error_code& ec) { return open(Json::object(), ec); }
    bool on_object_end(std::size_t, bj::error_code&) { return close(); }
    bool on_array_begin(bj::error_code& ec) { return open(Json::array(), ec); }
    bool on_array_end(std::size_t, bj::error_code&) { return close(); }

    bool on_key_part(bj::string_view part, std::size_t, bj::error_code&) { return collect(part); }
    bool on_key(bj::string_view rest, std::size_t, bj::error_code& ec) {
        Frame& frame = open_.back();
        frame.key = collected(rest);
        if (is_known(frame)) {
            return refuse({Problem::json_duplicate_key, "`" + quoted(frame.key) + "` occurs again",
                           std::nullopt},
                          ec);
        }
        return true;
    }
    bool on_string_part(bj::string_view part, std::size_t, bj::error_code&) {
        return collect(part);
    }
    bool on_string(bj::string_view rest, std::size_t, bj::error_code&) {
        return add(Json(collected(rest)));
    }

    // Called only where the text ends within a number: the parser fails by itself.
    bool on_number_part(bj::string_view, bj::error_code&) { return true; }
    bool on_int64(std::int64_t value, bj::string_view text, bj::error_code& ec) {
        // An integer has no negative zero; the text keeps it.
        if (value == 0 && text.front() == '-') {
            return add_decimal(text, 0, ec);
        }
        return add(Json(value));
    }
    bool on_uint64(std::uint64_t, bj::string_view text, bj::error_code& ec) {
        return add_decimal(text, 0, ec);
    }
    bool on_double(double value, bj::string_view text, bj::error_code& ec) {
        return add_decimal(text, value, ec);
    }

    bool on_bool(bool value, bj::error_code&) { return add(Json(value)); }
    bool on_null(bj::error_code&) { return add(Json()); }
    // The parser does not accept comments, but its template names these.
    bool on_comment_part(bj::string_view, bj::error_code&) { return false; }
    bool on_comment(bj::string_view, bj::error_code&) { return false; }

  private:
    struct Frame {
        Json container;
        std::string key = {};
        // The keys so far, once they are too many to compare one by one. A tree, not a hash table:
        // the keys come from outside and could be chosen to collide.
        std::set<std::string, std::less<>> keys = {};
    };
    static constexpr std::size_t compared_keys_max = 16;

    bool open(Json container, bj::error_code& ec) {
        if (open_.size() == depth_max_) {
            return refuse({Problem::json_depth,
                           "more than " + std::to_string(depth_max_) + " levels", std::nullopt},
                          ec);
        }
        open_.push_back(Frame{std::move(container)});
        return true;
    }

    bool close() {
        Json done = std::move(open_.back().container);
        open_.pop_back();
        return add(std::move(done));
    }

    bool add(Json value) {
        if (open_.empty()) {
            root_ = std::move(value);
        } else if (Frame& frame = open_.back(); frame.container.is_array()) {
            frame.container.push(std::move(value));
        } else {
            frame.container.as_object().push_back(
                Json::Member{std::move(frame.key), std::move(value)});
        }
        return true;
    }

    bool add_decimal(bj::string_view text, double estimate, bj::error_code& ec) {
        if (is_beyond_double({text.data(), text.size()}, estimate)) {
            return refuse({Problem::json_number, "a number beyond the range",
                           static_cast<std::size_t>(text.data() - text_.data())},
                          ec);
        }
        return add(Json(Json::Decimal{std::string(text.data(), text.size())}));
    }

    static bool is_known(Frame& frame) {
        const Json::Object& members = frame.container.as_object();
        if (members.size() < compared_keys_max) {
            return frame.container.find(frame.key) != nullptr;
        }
        if (frame.keys.empty()) {
            for (const Json::Member& member : members) {
                frame.keys.insert(member.key);
            }
        }
        return !frame.keys.insert(frame.key).second;
    }

    bool collect(bj::string_view part) {
        pending_.append(part.data(), part.size());
        return true;
    }

    std::string collected(bj::string_view rest) {
        if (pending_.empty()) {
            return std::string(rest.data(), rest.size());
        }
        pending_.append(rest.data(), rest.size());
        return std::exchange(pending_, {});
    }

    bool refuse(Refusal refusal, bj::error_code& ec) {
        refused_ = std::move(refusal);
        ec = make_error_code(bj::error::exception);
        return false;
    }

    std::string_view text_;
    std::size_t depth_max_;
    std::vector<Frame> open_;
    Json root_;
    std::string pending_;
    std::optional<Refusal> refused_;
};

// Whether the text ends in an escape like \ud83d, the first half of a surrogate pair.
bool ends_in_high_surrogate(std::string_view text) {
    constexpr std::size_t escape_size = 6;
    if (text.size() < escape_size) {
        return false;
    }
    const std::string_view escape = text.substr(text.size() - escape_size);
    const bool is_high = escape.starts_with("\\u") && (escape[2] == 'd' || escape[2] == 'D') &&
                         std::string_view("89abAB").find(escape[3]) != std::string_view::npos;
    // An even number of backslashes before it would make this one a part of another escape.
    const std::string_view before = text.substr(0, text.size() - escape_size);
    const std::size_t other = before.find_last_not_of('\\');
    const std::size_t backslashes =
        before.size() - (other == std::string_view::npos ? 0 : other + 1);
    return is_high && backslashes % 2 == 0;
}

// The place of the quotation mark that opens the string which `close` ends.
std::size_t start_of_string(std::string_view text, std::size_t close) {
    std::size_t at = close;
    while (at > 0) {
        at = text.rfind('"', at - 1);
        std::size_t backslashes = 0;
        while (backslashes < at && text[at - 1 - backslashes] == '\\') {
            ++backslashes;
        }
        if (backslashes % 2 == 0) {
            break;
        }
    }
    return at;
}

Error grammar_error(std::string_view text, std::size_t at, const bj::error_code& ec) {
    const std::string_view before = text.substr(0, at);
    const std::string_view after = text.substr(at);
    if (ec == bj::error::exponent_overflow) {
        return refusal(Problem::json_number, "a number beyond the range", at);
    }
    if (ec == bj::error::incomplete || after.empty()) {
        return refusal(Problem::json_syntax, "the text ends too early", text.size());
    }
    // The parser calls a first half without a second a plain syntax error.
    const bool is_half =
        ends_in_high_surrogate(before) ||
        (before.ends_with('\\') && ends_in_high_surrogate(before.substr(0, before.size() - 1)));
    if (is_half || ec == bj::error::illegal_leading_surrogate ||
        ec == bj::error::illegal_trailing_surrogate) {
        return refusal(Problem::json_encoding, "a lone surrogate", at);
    }
    if (after.starts_with("NaN") || after.starts_with("Infinity")) {
        return refusal(Problem::json_number, "what is not a finite number", at);
    }
    return refusal(Problem::json_syntax, "unexpected character", at);
}

}  // namespace

Result<Json> parse_json(std::string_view text, std::size_t depth_max) {
    // The parser recurses once per level; the caller's limit is what bounds the stack.
    ATTACCA_CHECK(depth_max <= json_depth_limit);
    if (const std::size_t valid = utf8_prefix(text); valid < text.size()) {
        return refusal(Problem::json_encoding, "invalid UTF-8", valid);
    }
    bj::parse_options options;
    options.max_depth = depth_max + 1;  // one more, so that ours is the limit that is met
    options.allow_invalid_utf8 = true;  // checked above, once
    bj::basic_parser<Builder> parser(options, text, depth_max);
    bj::error_code ec;
    const std::size_t at = parser.write_some(false, text.data(), text.size(), ec);
    if (const auto& refused = parser.handler().refused()) {
        const bool is_key = refused->problem == Problem::json_duplicate_key;
        return refusal(refused->problem, refused->what,
                       is_key ? start_of_string(text, at) : refused->at.value_or(at));
    }
    if (ec) {
        return grammar_error(text, at, ec);
    }
    if (at < text.size()) {
        return refusal(Problem::json_syntax, "more text after the value", at);
    }
    return parser.handler().take();
}

}  // namespace attacca
