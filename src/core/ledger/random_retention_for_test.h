// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "core/job/record.h"

namespace attacca::core {

// Records of retention, holds and erasures with random content, by RandomRecords.
template <typename Random>
Payload random_retention(Random& random) {
    if (random.below(4) == 0) {
        return EntriesPruned{random.instant(), random.number(), random.number(), random.digest()};
    }
    if (random.below(4) == 0) {
        return ContentCollected{random.number(), random.number(), random.number()};
    }
    if (random.coin()) {
        return random.coin()
                   ? Payload(Erased{random.job(), random.text(), random.text()})
                   : Payload(EraseRefused{random.job(), random.text(), random.text(),
                                          random.text()});
    }
    const auto scope = random.coin() ? std::optional(random.job()) : std::nullopt;
    if (random.coin()) {
        return HoldPlaced{scope, random.text(), random.text()};
    }
    return HoldReleased{scope, random.text(), random.text()};
}

}  // namespace attacca::core
