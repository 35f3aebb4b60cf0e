// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "core/job/record.h"

namespace attacca::core {

// Records of dead letters with random content, by RandomRecords.
template <typename Random>
Payload random_letter(Random& random) {
    switch (random.below(3)) {
        case 0:
            return DeadLettered{
                random.small_number(), random.coin() ? Parked::poison : Parked::exhausted,
                random.coin() ? std::optional(random.small_number()) : std::nullopt,
                random.text(), random.text(), random.small_number()};
        case 1: return DeadLetterReplayed{random.job()};
        default: return DeadLetterDiscarded{random.text()};
    }
}

}  // namespace attacca::core
