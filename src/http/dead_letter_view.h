// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "http/api.h"

// What requests about dead letters have in common.

namespace attacca::http {

// Letters that one request may replay or discard.
inline constexpr std::uint32_t letters_at_once = 1000;

[[nodiscard]] Json letter_json(const core::DeadLetter& letter);

// Of the tenant, open or not. Errors: not_found, corrupt, io_error.
[[nodiscard]] Result<core::DeadLetter> find_letter(const Api& api, const std::string& tenant,
                                                   std::string_view id);
// Why nothing can be done about a letter that is open no more.
[[nodiscard]] Error closed_letter(const core::DeadLetter& letter);
// The engine does not hold the letter as open: the store tells why. Without a letter it was one of
// several.
void refuse_letter(const std::shared_ptr<Api>& api, const Reply& reply, const std::string& tenant,
                   const std::optional<core::JobId>& letter);

// {"cause"?, "node"?, "name"?, "limit"?, "dry_run"?, "reason"?}
struct LetterRequest {
    core::DeadLetterFilter filter;
    std::uint32_t limit = 100;
    bool is_dry_run = false;
    std::string reason;
};
// Errors: those of JSON; unknown_field, wrong_type, invalid_value, out_of_range.
[[nodiscard]] Result<LetterRequest> parse_letter_request(std::string_view body, bool has_reason);

// {"reason"?}, or nothing. Errors: as parse_letter_request().
[[nodiscard]] Result<std::string> parse_reason(std::string_view body);

// Asks the engine for letters that are open; `then` runs on a thread of the pool.
void read_letters(Api& api, const Reply& reply, core::ReadDeadLetters command,
                  const std::function<void(const core::DeadLetterPage&)>& then);

// {"items", "has_more"}
[[nodiscard]] std::string letters_text(const core::DeadLetterPage& page);

}  // namespace attacca::http
