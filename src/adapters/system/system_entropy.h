// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>

#include "ports/entropy.h"

// Randomness of the kernel, fetched in blocks: one system call for 512 draws. A value is wiped from
// the block when it is handed out. Safe from any thread; do not use it across fork().

namespace attacca::system {

class SystemEntropy final : public ports::Entropy {
  public:
    [[nodiscard]] std::uint64_t draw() override;

  private:
    std::mutex mutex_;
    std::array<std::uint64_t, 512> block_{};
    std::size_t left_ = 0;
};

// Fresh bytes straight from the kernel, for keys and tokens.
[[nodiscard]] std::string random_bytes(std::size_t count);

}  // namespace attacca::system
