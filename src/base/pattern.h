// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

// A regular expression by RE2: linear time on every input, so a user may supply it.

namespace attacca {

class Pattern {
  public:
    // Errors: invalid_value, with RE2's message.
    [[nodiscard]] static Result<Pattern> compile(std::string_view text);
    ~Pattern();
    Pattern(Pattern&&) noexcept;
    Pattern& operator=(Pattern&&) noexcept;

    [[nodiscard]] bool matches_whole(std::string_view text) const;
    [[nodiscard]] bool matches_part(std::string_view text) const;

  private:
    struct Compiled;
    explicit Pattern(std::unique_ptr<Compiled> compiled);
    std::unique_ptr<Compiled> compiled_;
};

}  // namespace attacca
