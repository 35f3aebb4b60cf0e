// SPDX-License-Identifier: Apache-2.0
#include "base/error.h"

#include <algorithm>
#include <array>

#include "base/bytes.h"
#include "base/check.h"

namespace attacca {
namespace {

struct Row {
    std::string_view slug;
    ErrorClass error_class;
    std::string_view title;
};

constexpr std::array problem_rows = {
#define PROBLEM(name, slug, error_class, title) Row{slug, ErrorClass::error_class, title},
#include "base/problems.def"
#undef PROBLEM
};

const Row& row_of(Problem problem) {
    const auto index = static_cast<std::size_t>(problem);
    ATTACCA_CHECK(index < problem_rows.size());
    return problem_rows[index];
}

constexpr std::size_t quoted_bytes_max = 256;

void append_escaped(std::string& out, std::string_view bytes) {
    for (const char byte : bytes) {
        out += "\\x";
        append_hex(out, {&byte, 1});
    }
}

// C0 with DEL, and C1 (U+0080 to U+009F), which a terminal may obey too.
bool is_control(std::string_view character) {
    const auto lead = static_cast<unsigned char>(character[0]);
    if (character.size() == 1) {
        return lead < 0x20U || lead == 0x7FU;
    }
    return lead == 0xC2U && static_cast<unsigned char>(character[1]) < 0xA0U;
}

// One character of the text, or one byte that is part of none.
struct Piece {
    std::string_view bytes;
    bool is_plain;
};

Piece first_piece(std::string_view text) {
    constexpr std::size_t longest_character = 4;
    for (std::size_t size = 1; size <= std::min(text.size(), longest_character); ++size) {
        const std::string_view bytes = text.substr(0, size);
        if (is_utf8(bytes)) {
            return {bytes, !is_control(bytes)};
        }
    }
    return {text.substr(0, 1), false};
}

}  // namespace

std::string_view slug_of(Problem problem) {
    return row_of(problem).slug;
}

std::string_view title_of(Problem problem) {
    return row_of(problem).title;
}

ErrorClass class_of(Problem problem) {
    return row_of(problem).error_class;
}

Problem problem_of_slug(std::string_view slug) {
    for (std::size_t i = 0; i < problem_rows.size(); ++i) {
        if (problem_rows[i].slug == slug) {
            return static_cast<Problem>(i);
        }
    }
    return Problem::internal;
}

int http_status_of(ErrorClass error_class) {
    switch (error_class) {
        case ErrorClass::bad_request: return 400;
        case ErrorClass::unauthenticated: return 401;
        case ErrorClass::forbidden: return 403;
        case ErrorClass::not_found: return 404;
        case ErrorClass::method_not_allowed: return 405;
        case ErrorClass::request_timeout: return 408;
        case ErrorClass::conflict: return 409;
        case ErrorClass::precondition_failed: return 412;
        case ErrorClass::gone: return 410;
        case ErrorClass::too_large: return 413;
        case ErrorClass::uri_too_long: return 414;
        case ErrorClass::unsupported_media: return 415;
        case ErrorClass::range_not_satisfiable: return 416;
        case ErrorClass::unprocessable: return 422;
        case ErrorClass::headers_too_large: return 431;
        case ErrorClass::rate_limited: return 429;
        case ErrorClass::internal:
        case ErrorClass::usage:
        case ErrorClass::bad_configuration:
        case ErrorClass::rolled_back: return 500;
        case ErrorClass::unavailable:
        case ErrorClass::unreachable: return 503;
    }
    ATTACCA_CHECK(false);
}

int exit_status_of(ErrorClass error_class) {
    switch (error_class) {
        case ErrorClass::bad_request:
        case ErrorClass::too_large:
        case ErrorClass::uri_too_long:
        case ErrorClass::unsupported_media:
        case ErrorClass::range_not_satisfiable:
        case ErrorClass::headers_too_large:
        case ErrorClass::gone:
        case ErrorClass::unprocessable: return 65;
        case ErrorClass::not_found: return 66;
        case ErrorClass::unreachable: return 69;
        case ErrorClass::method_not_allowed:
        case ErrorClass::internal: return 70;
        case ErrorClass::precondition_failed:
        case ErrorClass::conflict: return 73;
        case ErrorClass::request_timeout:
        case ErrorClass::rate_limited:
        case ErrorClass::unavailable: return 75;
        case ErrorClass::unauthenticated:
        case ErrorClass::forbidden: return 77;
        case ErrorClass::usage: return 64;
        case ErrorClass::bad_configuration: return 78;
        case ErrorClass::rolled_back: return 4;
    }
    ATTACCA_CHECK(false);
}

std::string Error::text() const {
    std::string out{title_of(problem)};
    if (!detail.empty()) {
        out += ": ";
        out += detail;
    }
    return out;
}

std::string quoted(std::string_view text) {
    std::string out;
    std::size_t at = 0;
    while (at < text.size()) {
        const Piece piece = first_piece(text.substr(at));
        if (at + piece.bytes.size() > quoted_bytes_max) {
            out += "…";
            break;
        }
        if (piece.is_plain) {
            out += piece.bytes;
        } else {
            append_escaped(out, piece.bytes);
        }
        at += piece.bytes.size();
    }
    return out;
}

}  // namespace attacca
