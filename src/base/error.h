// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

// What can go wrong, as a value.
//
// A Problem names one row of problems.def; its ErrorClass fixes the HTTP status and the exit status
// (RFC 9457 problem types; sysexits). `detail` is one sentence for a person: it never holds a
// secret, and text that came from a user is cut by `quoted()`.

namespace attacca {

enum class ErrorClass {
    bad_request,
    unauthenticated,
    forbidden,
    not_found,
    method_not_allowed,
    request_timeout,
    conflict,
    precondition_failed,
    gone,
    too_large,
    uri_too_long,
    unsupported_media,
    range_not_satisfiable,
    unprocessable,
    headers_too_large,
    rate_limited,
    internal,
    unavailable,
    unreachable,
    usage,
    bad_configuration,
    rolled_back,
};

enum class Problem {
#define PROBLEM(name, slug, error_class, title) name,
#include "base/problems.def"
#undef PROBLEM
};

[[nodiscard]] std::string_view slug_of(Problem problem);
[[nodiscard]] std::string_view title_of(Problem problem);
[[nodiscard]] ErrorClass class_of(Problem problem);
[[nodiscard]] int http_status_of(ErrorClass error_class);
// Exit statuses as in sysexits: 64 usage, 65 invalid input, 66 no such thing, 69 unreachable,
// 70 internal, 73 conflict, 75 try again, 77 not allowed, 78 bad configuration. And 4, as of
// verification: the ledger is rolled back.
[[nodiscard]] int exit_status_of(ErrorClass error_class);
// The problem with this slug, or `internal` when there is none (a newer server's answer).
[[nodiscard]] Problem problem_of_slug(std::string_view slug);

// One place in the input that is at fault. `pointer` is an RFC 6901 JSON pointer.
struct FieldError {
    std::string pointer;
    std::string code;
    std::string detail;
};

struct Error {
    Problem problem = Problem::internal;
    std::string detail;
    std::vector<FieldError> fields = {};

    // The whole error as one line for a person: title, then detail.
    [[nodiscard]] std::string text() const;
};

// User text for a message: control characters and what is not UTF-8 escaped, so that the result is
// always valid UTF-8; cut at 256 bytes of the text on a character border.
[[nodiscard]] std::string quoted(std::string_view text);
// Without these, argument-dependent lookup prefers std::quoted where <iomanip> is included.
[[nodiscard]] inline std::string quoted(const std::string& text) {
    return quoted(std::string_view(text));
}
[[nodiscard]] inline std::string quoted(std::string& text) {
    return quoted(std::string_view(text));
}
[[nodiscard]] inline std::string quoted(const char* text) {
    return quoted(std::string_view(text));
}

}  // namespace attacca
