// SPDX-License-Identifier: Apache-2.0
#include "http/framing.h"

#include <algorithm>
#include <utility>

namespace attacca::http {
namespace {

constexpr std::size_t method_bytes_max = 32;

bool is_token_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool is_token(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), is_token_character);
}

bool is_visible(char c) {
    return c > ' ' && c < '\x7f';
}

// Field values may hold spaces, tabs and bytes beyond ASCII, but no other control character.
bool is_value_character(char c) {
    return c == '\t' || (static_cast<unsigned char>(c) >= 0x20 && c != '\x7f');
}

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

bool equals_ignoring_case(std::string_view text, std::string_view lower_case) {
    return text.size() == lower_case.size() &&
           std::equal(text.begin(), text.end(), lower_case.begin(),
                      [](char a, char b) { return lower(a) == b; });
}

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

struct RequestLine {
    std::string_view method;
    std::string_view target;
    std::string_view version;
};

// Exactly two single spaces; anything else gives empty parts.
RequestLine split_request_line(std::string_view line) {
    const std::size_t first = line.find(' ');
    const std::size_t last = line.rfind(' ');
    if (first == std::string_view::npos || first == last) {
        return {};
    }
    return {line.substr(0, first), line.substr(first + 1, last - first - 1), line.substr(last + 1)};
}

}  // namespace

void HeadScanner::reset() {
    *this = HeadScanner(*limits_);
}

HeadScanner::State HeadScanner::refuse(Problem problem, std::string detail) {
    error_ = fail(problem, std::move(detail));
    return State::refused;
}

HeadScanner::State HeadScanner::scan(std::string_view bytes) {
    while (true) {
        const std::size_t end = bytes.find('\n', scanned_);
        if (end == std::string_view::npos) {
            scanned_ = bytes.size();
            break;
        }
        scanned_ = end + 1;
        const State state = check_line_end(bytes, end);
        if (state != State::needs_more) {
            return state;
        }
        line_start_ = end + 1;
    }
    if (lines_ == 0 && bytes.size() > limits_->target_bytes_max + method_bytes_max) {
        return refuse(Problem::uri_too_long, "the request target is limited to " +
                                                 std::to_string(limits_->target_bytes_max) +
                                                 " bytes");
    }
    if (bytes.size() > limits_->head_bytes_max) {
        return refuse(
            Problem::headers_too_large,
            "the header is limited to " + std::to_string(limits_->head_bytes_max) + " bytes");
    }
    return State::needs_more;
}

// `at` is the place of a line feed.
HeadScanner::State HeadScanner::check_line_end(std::string_view bytes, std::size_t at) {
    if (at == line_start_ || bytes[at - 1] != '\r') {
        return refuse(Problem::bad_request_framing, "a line does not end with CR LF");
    }
    if (at >= limits_->head_bytes_max) {
        return lines_ == 0 ? refuse(Problem::uri_too_long, "the request target is too long")
                           : refuse(Problem::headers_too_large, "the header is too long");
    }
    const std::string_view line = bytes.substr(line_start_, at - 1 - line_start_);
    if (lines_ == 0) {
        lines_ = 1;
        const RequestLine parts = split_request_line(line);
        if (parts.target.size() > limits_->target_bytes_max) {
            return refuse(Problem::uri_too_long, "the request target is limited to " +
                                                     std::to_string(limits_->target_bytes_max) +
                                                     " bytes");
        }
        is_version_11_ = parts.version == "HTTP/1.1";
        if (!is_token(parts.method) || parts.method.size() > method_bytes_max ||
            parts.target.empty() ||
            !std::all_of(parts.target.begin(), parts.target.end(), is_visible) ||
            (!is_version_11_ && parts.version != "HTTP/1.0")) {
            return refuse(Problem::bad_request_framing, "the request line is malformed");
        }
        return State::needs_more;
    }
    if (line.empty()) {
        return finish(at + 1);
    }
    ++lines_;
    if (lines_ - 1 > limits_->fields_max) {
        return refuse(
            Problem::headers_too_large,
            "a request is limited to " + std::to_string(limits_->fields_max) + " header fields");
    }
    return check_field(line);
}

HeadScanner::State HeadScanner::check_field(std::string_view line) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) {
        return refuse(Problem::bad_request_framing, "a header field is malformed");
    }
    const std::string_view name = line.substr(0, colon);
    const std::string_view value = trimmed(line.substr(colon + 1));
    if (!std::all_of(value.begin(), value.end(), is_value_character)) {
        return refuse(Problem::bad_request_framing, "a header value holds a control character");
    }
    if (equals_ignoring_case(name, "content-length")) {
        return check_length(value);
    }
    if (equals_ignoring_case(name, "transfer-encoding")) {
        if (has_chunks_ || has_length_ || !is_version_11_ ||
            !equals_ignoring_case(value, "chunked")) {
            return refuse(Problem::bad_request_framing,
                          "Transfer-Encoding must be `chunked`, once, without Content-Length");
        }
        has_chunks_ = true;
    }
    if (equals_ignoring_case(name, "host")) {
        if (has_host_) {
            return refuse(Problem::bad_request_framing, "there are two Host fields");
        }
        has_host_ = true;
    }
    return State::needs_more;
}

HeadScanner::State HeadScanner::check_length(std::string_view value) {
    const bool is_number =
        !value.empty() && value.size() <= 18 &&
        std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (!is_number) {
        return refuse(Problem::bad_request_framing, "Content-Length is not a number");
    }
    if (has_length_ || has_chunks_) {
        return refuse(Problem::bad_request_framing, "the length of the body is given twice");
    }
    has_length_ = true;
    return State::needs_more;
}

HeadScanner::State HeadScanner::finish(std::size_t head_bytes) {
    if (is_version_11_ && !has_host_) {
        return refuse(Problem::bad_request_framing, "the Host field is missing");
    }
    head_bytes_ = head_bytes;
    return State::complete;
}

}  // namespace attacca::http
