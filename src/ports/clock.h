// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/time.h"

// The only way to read time outside adapters/system. Safe from any thread.

namespace attacca::ports {

class Clock {
  public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual Now now() const = 0;
};

}  // namespace attacca::ports
