// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "base/result.h"
#include "http/message.h"

// Every refusal has one shape: application/problem+json (RFC 9457), written here and nowhere else.
// Spec: kernel.md 4, reliability.md 3.

namespace attacca::http {

// How a request is named in answers and logs: its own id, and the id that joins it to what caused
// it, which the client may give (X-Correlation-Id).
struct RequestIds {
    std::string request;      // `req-<uuid>`
    std::string correlation;  // the client's, or the same as `request`

    [[nodiscard]] static RequestIds fresh();
    // Takes over the client's id when it is 1 to 128 characters of [A-Za-z0-9._:/-].
    [[nodiscard]] static RequestIds of(const Request& request);
};

// `members` is JSON text of further members that begins with a comma, or empty.
[[nodiscard]] Response problem_response(const Error& error,
                                        const RequestIds& ids,
                                        std::string_view members = {});

}  // namespace attacca::http
