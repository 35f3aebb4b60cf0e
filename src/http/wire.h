// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "http/message.h"

// The bytes of an answer, appended to one output buffer so that many go out in one write.

namespace attacca::http {

struct BodyForm {
    bool is_chunked = false;
    bool is_until_close = false;  // HTTP/1.0 has no chunks
    std::uint64_t length = 0;     // otherwise
};

struct HeadContext {
    std::string_view date;  // IMF-fixdate
    bool keeps_alive = true;
};

// Header values must not hold line ends: what does is left out, so that nothing a client sent can
// add a field of its own.
void append_response_head(std::string& out,
                          const Response& response,
                          const BodyForm& form,
                          const HeadContext& context);
void append_chunk(std::string& out, std::string_view bytes);

// `Sat, 21 Nov 2026 03:22:12 GMT`
[[nodiscard]] std::string http_date(std::int64_t unix_seconds);

}  // namespace attacca::http
