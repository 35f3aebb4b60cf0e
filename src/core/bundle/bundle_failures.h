// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/ledger/checkpoint.h"
#include "core/ledger/fault.h"

// What was found wrong in a bundle: each fault of each record once, and those of the list of files
// last, because a changed file is first of all what it was changed from.

namespace attacca::core {

class BundleFailures {
  public:
    static constexpr std::size_t kept_max = 200;

    explicit BundleFailures(bool is_strict) : is_strict_(is_strict) {}

    void add(Fault fault, std::optional<std::uint64_t> gseq, std::string detail);
    // As add(), behind all others.
    void add_last(Fault fault, std::string detail);
    // Tells what is wrong with a signed note; true when nothing is.
    bool add_trust(NoteTrust trust,
                   std::string_view what,
                   std::string_view origin,
                   std::optional<std::uint64_t> gseq = std::nullopt);
    // Puts those of add_last() behind the others.
    void flush();

    [[nodiscard]] bool is_empty() const { return failures_.empty() && last_.empty(); }
    [[nodiscard]] Verdict verdict() const { return verdict_; }
    [[nodiscard]] std::uint64_t omitted() const { return omitted_; }
    [[nodiscard]] std::vector<Failure> take() { return std::move(failures_); }

  private:
    bool is_strict_;
    Verdict verdict_ = Verdict::good;
    std::vector<Failure> failures_;
    std::vector<Failure> last_;
    std::set<std::pair<Fault, std::uint64_t>> told_;
    std::uint64_t omitted_ = 0;
};

}  // namespace attacca::core
