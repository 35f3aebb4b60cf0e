// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ports/clock.h"

// The clocks of the operating system. About 50 ns a call; safe from any thread.

namespace attacca::system {

class SystemClock final : public ports::Clock {
  public:
    [[nodiscard]] Now now() const override;
};

}  // namespace attacca::system
