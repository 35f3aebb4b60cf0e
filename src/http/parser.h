// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "http/limits.h"
#include "http/message.h"

// One request after another, from bytes as they arrive, by Beast's parser, which is kept between
// reads. The head was checked by HeadScanner before. Not thread-safe.

namespace attacca::http {

class RequestParser {
  public:
    explicit RequestParser(const Limits& limits);
    ~RequestParser();

    // Takes a whole head. Errors: bad_request_framing.
    [[nodiscard]] Result<Request> put_head(std::string_view head);

    // --- After put_head ---
    [[nodiscard]] bool keeps_alive() const;
    [[nodiscard]] bool is_version_11() const;
    // Of a body that is not chunked.
    [[nodiscard]] std::optional<std::uint64_t> content_length() const;
    [[nodiscard]] bool is_done() const;

    // Takes bytes of the body and returns how many; those that it did not take are given again,
    // with more behind them. Precondition: !is_done(). Errors: bad_request_framing,
    // body_too_large.
    [[nodiscard]] Result<std::size_t> put_body(std::string_view bytes);
    // Precondition: is_done(). The parser is ready for the next head then.
    [[nodiscard]] std::string take_body();

  private:
    struct Beast;
    const Limits* limits_;
    std::unique_ptr<Beast> beast_;
};

}  // namespace attacca::http
