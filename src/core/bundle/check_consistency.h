// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "core/bundle/bundle_failures.h"
#include "core/bundle/policy.h"
#include "core/bundle/tar.h"

namespace attacca::core {

struct BundleParts {
    const BundleFiles& files;
    const TrustPolicy& policy;
    const CheckpointNote& checkpoint;
    BundleFailures& failures;
};

// That each earlier checkpoint in the bundle is the beginning of the bundle's.
void check_consistency(const BundleParts& parts);

// How the bundle stands to a checkpoint that was kept elsewhere. Raises `anchored_size` to the
// anchor's when it agrees.
void check_anchor(const BundleParts& parts,
                  const CheckpointNote& anchor,
                  std::uint64_t& anchored_size);

}  // namespace attacca::core
