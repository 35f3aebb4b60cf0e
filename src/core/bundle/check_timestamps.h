// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/time.h"
#include "core/bundle/check_consistency.h"

namespace attacca::core {

// The newest time stamp of a bundle that holds.
struct StampSummary {
    std::uint64_t size = 0;  // of its checkpoint; 0: there is none
    WallTime at;
    bool is_trusted = false;  // the authority is one of those that were given
};

// That each time stamp is of the bundle's checkpoint or of an earlier one that is in it, and, where
// certificates to trust are given, that such an authority signed it.
// Errors: invalid_value, when `trusted` holds no certificate.
[[nodiscard]] Result<StampSummary> check_timestamps(const BundleParts& parts,
                                                    const std::optional<std::string>& trusted);

}  // namespace attacca::core
