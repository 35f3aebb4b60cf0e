// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "cli/client.h"
#include "cli/context.h"

// What the commands about workflows and schedules have in common.

namespace attacca::cli {

// `/api/v1/<kind>/<name><rest>`
[[nodiscard]] std::string named_target(std::string_view kind, std::string_view name,
                                       std::string_view rest = {});

// `?limit=…&after=…` of --limit and --after.
[[nodiscard]] std::string page_query(const Context& context);

// Values of -p NAME=VALUE: numbers, booleans, lists and objects as JSON, all else as text.
// Errors: usage.
[[nodiscard]] Result<Json> loose_params(const Context& context);

// Prints one page: a table for people, else the page or its items.
void print_page(const Context& context, const Json& page, const TextTable& table,
                std::string_view nothing);
[[nodiscard]] Json::Array items_of(const Json& page);

}  // namespace attacca::cli
