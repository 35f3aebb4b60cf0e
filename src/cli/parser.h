// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "cli/table.h"

// From argv to values, by the table. Pure.
//
// Forms: `--flag value`, `--flag=value`, `-o value`, `-ovalue`, `-qv`; after `--` everything is an
// argument; `-` is one. Global flags may stand anywhere, a command's own after its name.

namespace attacca::cli {

struct Invocation {
    // nullptr: help was asked for as a whole, or for `prefix` (such as "jobs").
    const CommandSpec* command = nullptr;
    std::string prefix;
    bool wants_help = false;
    std::vector<std::pair<std::string, std::string>> flags;  // by name; a switch has no text
    std::vector<std::string> arguments;

    [[nodiscard]] bool has(std::string_view name) const;
    // The last one given.
    [[nodiscard]] std::optional<std::string> value(std::string_view name) const;
    [[nodiscard]] std::vector<std::string> values(std::string_view name) const;
    [[nodiscard]] std::string argument(std::size_t index, std::string_view fallback = {}) const;
    // Errors: usage.
    [[nodiscard]] Result<std::optional<std::uint64_t>> number(std::string_view name,
                                                              std::uint64_t least,
                                                              std::uint64_t most) const;
    [[nodiscard]] Result<std::optional<Duration>> duration(std::string_view name) const;
};

// `words` without the program's name. Errors: usage, with a suggestion in the detail.
[[nodiscard]] Result<Invocation> parse_words(std::span<const std::string> words);

}  // namespace attacca::cli
