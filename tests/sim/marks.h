// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

// Coverage marks: a rare path declares itself, and the smoke run demands that each was taken. A
// fault that never fires is not a test.

namespace attacca::sim {

enum class Mark : std::uint8_t {
#define ATTACCA_SIM_MARK(name) name,
#include "marks.def"
#undef ATTACCA_SIM_MARK
};

inline constexpr std::array mark_names = {
#define ATTACCA_SIM_MARK(name) std::string_view(#name),
#include "marks.def"
#undef ATTACCA_SIM_MARK
};

class Marks {
  public:
    void hit(Mark mark) { ++counts_[static_cast<std::size_t>(mark)]; }
    [[nodiscard]] std::uint64_t count(std::size_t mark) const { return counts_[mark]; }

  private:
    std::array<std::uint64_t, mark_names.size()> counts_{};
};

}  // namespace attacca::sim
