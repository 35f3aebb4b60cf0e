// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string_view>

#include "base/result.h"
#include "core/schedule/zone.h"

// The time zones that this machine knows, by their IANA names. Safe from any thread.

namespace attacca::ports {

class Zones {
  public:
    virtual ~Zones() = default;
    // The same name gives the same zone for the life of the process. `UTC` is always known.
    // Errors: unknown_zone; corrupt, when the zone's file cannot be understood.
    [[nodiscard]] virtual Result<std::shared_ptr<const core::Zone>> find(
        std::string_view name) = 0;
};

}  // namespace attacca::ports
