// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/error.h"
#include "http/limits.h"

// Strictness before parsing. Two readers of one byte stream that disagree about where a request
// ends let an attacker smuggle one past the first of them, so everything that readers are known to
// see differently is refused here: bare line feeds, folded fields, space before a colon, two
// lengths, a length beside chunks (RFC 9112, sections 2.2, 5.1, 6.3). The library parser behind
// this check accepts several of them.

namespace attacca::http {

class HeadScanner {
  public:
    enum class State { needs_more, complete, refused };

    explicit HeadScanner(const Limits& limits) : limits_(&limits) {}

    // Looks at the bytes received so far of one request, from its first byte on; each call sees at
    // least what the last one saw. Cost: linear over all calls.
    State scan(std::string_view bytes);

    // After `complete`: the length of the head, the empty line included.
    [[nodiscard]] std::size_t head_bytes() const { return head_bytes_; }
    // After `refused`.
    [[nodiscard]] const Error& error() const { return error_; }
    // For the next request.
    void reset();

  private:
    State refuse(Problem problem, std::string detail);
    State check_line_end(std::string_view bytes, std::size_t at);
    State check_field(std::string_view line);
    State check_length(std::string_view value);
    State finish(std::size_t head_bytes);

    const Limits* limits_;
    std::size_t scanned_ = 0;
    std::size_t line_start_ = 0;
    std::size_t lines_ = 0;  // complete ones, the request line included
    std::size_t head_bytes_ = 0;
    bool is_version_11_ = false;
    bool has_length_ = false;
    bool has_chunks_ = false;
    bool has_host_ = false;
    Error error_;
};

}  // namespace attacca::http
