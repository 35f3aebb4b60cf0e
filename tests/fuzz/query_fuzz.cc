// SPDX-License-Identifier: Apache-2.0
#include "http/query.h"

#include <algorithm>
#include <string>

#include "base/bytes.h"
#include "fuzz.h"
#include "http/range.h"

// Queries, percent escapes and ranges of bytes: no parameter is lost or made up, what was escaped
// comes back, and a range lies within what it is taken from.

namespace attacca::http {
namespace {

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        out += '%';
        append_hex(out, std::string_view(&c, 1));
    }
    return out;
}

void check_escapes(std::string_view input) {
    ATTACCA_CHECK(percent_decoded(escaped(input), false) == input);
    const auto decoded = percent_decoded(input, false);
    if (decoded) {
        const auto escapes = static_cast<std::size_t>(std::count(input.begin(), input.end(), '%'));
        ATTACCA_CHECK(decoded->size() + 2 * escapes == input.size());
    }
    ATTACCA_CHECK(decoded.has_value() == percent_decoded(input, true).has_value());
}

void check_query(std::string_view input) {
    auto query = Query::parse(input);
    if (!query) {
        ATTACCA_CHECK(query.error().problem == Problem::query_invalid);
        ATTACCA_CHECK(is_utf8(query.error().detail));
        return;
    }
    std::size_t taken = 0;
    while (const auto value = query->take("tag")) {
        ATTACCA_CHECK(is_utf8(*value));
        ++taken;
    }
    const auto number = query->take_number("limit", 50, 1, 1000);
    ATTACCA_CHECK(!number || (*number >= 1 && *number <= 1000));
    static_cast<void>(query->take_time("created_after").has_value());
    static_cast<void>(query->take_bool("follow").has_value());
    for (const std::string& value : query->take_list("status")) {
        ATTACCA_CHECK(value.find(',') == value.npos);
    }
    if (const auto finished = query->finish(); !finished) {
        ATTACCA_CHECK(is_utf8(finished.error().detail));
    }
    const auto pairs = static_cast<std::size_t>(std::count(input.begin(), input.end(), '&')) + 1;
    ATTACCA_CHECK(taken <= pairs);
}

// Any text becomes one parameter's value when it is escaped.
void check_made(std::string_view input) {
    auto query = Query::parse("a=1&tag=" + escaped(input) + "&b=2");
    ATTACCA_CHECK(query.has_value() == is_utf8(input));
    if (query) {
        ATTACCA_CHECK(query->take("tag") == input);
        ATTACCA_CHECK(query->take("a") == "1" && query->take("b") == "2");
        ATTACCA_CHECK(query->finish().has_value());
    }
}

void check_range(std::string_view input) {
    fuzz::Draw draw(input);
    const std::uint64_t size = draw.u64() >> draw.below(64);
    for (const std::uint64_t whole : {size, std::uint64_t{10}}) {
        const auto range = parse_range(input, whole);
        if (!range) {
            ATTACCA_CHECK(range.error().problem == Problem::range_not_satisfiable);
        } else if (*range) {
            ATTACCA_CHECK((*range)->length > 0 && (*range)->length <= whole);
            ATTACCA_CHECK((*range)->offset <= whole - (*range)->length);
            const auto again =
                parse_range("bytes=" + std::to_string((*range)->offset) + "-" +
                                std::to_string((*range)->offset + (*range)->length - 1),
                            whole);
            ATTACCA_CHECK(again.has_value() && *again == *range);
        }
    }
}

}  // namespace
}  // namespace attacca::http

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input = attacca::fuzz::text_of(data, size);
    attacca::http::check_escapes(input);
    attacca::http::check_query(input);
    attacca::http::check_made(input);
    attacca::http::check_range(input);
    return 0;
}
