// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

// Randomness for ids, nonces and jitter. Cryptographic in the product, seeded in the simulator.
// Safe from any thread.

namespace attacca::ports {

class Entropy {
  public:
    virtual ~Entropy() = default;
    [[nodiscard]] virtual std::uint64_t draw() = 0;
};

}  // namespace attacca::ports
