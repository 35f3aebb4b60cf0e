// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/environment.h"

// What a verification found, and the exit status that follows from it (ledger.md 3.9). The first
// thousand findings are kept in words; beyond that only their codes count.

namespace attacca::verify {

// Of one code: 1 tampered, 2 incomplete, 3 untrusted, 4 rollback or fork.
[[nodiscard]] int exit_status_of_code(std::string_view code);

class Findings {
  public:
    static constexpr std::size_t kept_max = 1000;

    void add(std::string_view code, std::optional<std::uint64_t> gseq, std::string detail);
    // Something that was told only, or could not be checked; equal ones are told once.
    void note(std::string text);

    [[nodiscard]] bool is_empty() const { return count_ == 0; }
    [[nodiscard]] bool has(std::string_view code) const { return codes_.contains(code); }
    // A contradiction outweighs a rollback, that a key that is not trusted, that what is missing.
    [[nodiscard]] int exit_status() const;
    // Moves everything into the report.
    void give_to(cli::VerifyReport& report);

  private:
    std::uint64_t count_ = 0;
    std::set<std::string, std::less<>> codes_;
    std::vector<cli::VerifyFailure> failures_;
    std::vector<std::string> notes_;
};

}  // namespace attacca::verify
