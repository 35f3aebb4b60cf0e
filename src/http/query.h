// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"

// Request targets, decoded strictly: a percent sign that is no escape is refused, not kept.

namespace attacca::http {

// What a list holds at the most, whatever `limit` asks for.
inline constexpr std::uint64_t page_max = 1000;

// `plus_is_space` in queries, not in paths. Nothing when an escape is malformed.
[[nodiscard]] std::optional<std::string> percent_decoded(std::string_view text, bool plus_is_space);

// The parameters of a query. A route takes those that it knows; what is left is an error, so that
// a misspelt filter is never a filter that matches everything.
class Query {
  public:
    // Errors: query_invalid.
    [[nodiscard]] static Result<Query> parse(std::string_view text);

    // The value of a parameter that may occur once. A second one is found by finish().
    [[nodiscard]] std::optional<std::string> take(std::string_view name);
    // All values: the parameter may be repeated, and each may be a comma-separated list.
    [[nodiscard]] std::vector<std::string> take_list(std::string_view name);
    // Errors: query_invalid (no number, outside [min, max]).
    [[nodiscard]] Result<std::uint64_t> take_number(std::string_view name,
                                                    std::uint64_t fallback,
                                                    std::uint64_t min,
                                                    std::uint64_t max);
    [[nodiscard]] Result<std::optional<WallTime>> take_time(std::string_view name);
    [[nodiscard]] Result<bool> take_bool(std::string_view name);
    // Errors: query_invalid, when a parameter was not taken.
    [[nodiscard]] Result<void> finish() const;

    [[nodiscard]] static Error refusal(std::string_view name, const std::string& detail);

  private:
    std::vector<std::pair<std::string, std::string>> parameters_;
};

}  // namespace attacca::http
