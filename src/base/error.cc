// SPDX-License-Identifier: Apache-2.0
#include "base/error.h"

#include <array>

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

bool is_continuation(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
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
        case ErrorClass::bad_configuration: return 500;
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
        case ErrorClass::conflict: return 73;
        case ErrorClass::request_timeout:
        case ErrorClass::rate_limited:
        case ErrorClass::unavailable: return 75;
        case ErrorClass::unauthenticated:
        case ErrorClass::forbidden: return 77;
        case ErrorClass::usage: return 64;
        case ErrorClass::bad_configuration: return 78;
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
    constexpr std::string_view hex = "0123456789abcdef";
    std::size_t end = text.size();
    if (end > quoted_bytes_max) {
        end = quoted_bytes_max;
        while (end > 0 && is_continuation(text[end])) {
            --end;
        }
    }
    std::string out;
    for (const char c : text.substr(0, end)) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20U || byte == 0x7FU) {
            out += "\\x";
            out += hex[byte >> 4U];
            out += hex[byte & 0xFU];
        } else {
            out += c;
        }
    }
    if (end < text.size()) {
        out += "…";
    }
    return out;
}

}  // namespace attacca
