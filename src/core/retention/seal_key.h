// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/sealing.h"
#include "core/job/ids.h"

// The key of a sealed job and of all jobs that descend from it. It never stands in the ledger: who
// destroys it makes everything unreadable that it sealed, and the ledger stays whole.

namespace attacca::core {

struct SealKey {
    JobId id;  // the job that the key was made for
    SealSecret secret;
    friend bool operator==(const SealKey&, const SealKey&) = default;
};

[[nodiscard]] inline std::string sealed_text(const SealKey& key, std::string_view context,
                                             std::string_view text) {
    return seal(key.id.uuid, key.secret, context, text);
}

}  // namespace attacca::core
