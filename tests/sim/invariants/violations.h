// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>

// The first invariant that did not hold. A world stops at it.

namespace attacca::sim {

class Violations {
  public:
    void report(const char* invariant, std::string what) {
        if (!is_broken()) {
            invariant_ = invariant;
            what_ = std::move(what);
        }
    }
    [[nodiscard]] bool is_broken() const { return !invariant_.empty(); }
    [[nodiscard]] const std::string& invariant() const { return invariant_; }
    [[nodiscard]] const std::string& what() const { return what_; }

  private:
    std::string invariant_;
    std::string what_;
};

}  // namespace attacca::sim
