// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "core/bundle/bundle_failures.h"
#include "core/bundle/custody.h"
#include "core/bundle/tar.h"

namespace attacca::core {

// That everything which the records name by SHA-256 is there and is that, and that nothing else is.
// Counts the records that are of no type known here: what they name is not known either.
void check_content(const RecordBytes& records,
                   const BundleFiles& files,
                   BundleFailures& failures,
                   std::uint64_t& not_understood);

// That the table of custody is what the records give, for whoever reads only that.
void check_custody(const RecordBytes& records, const BundleFiles& files, BundleFailures& failures);

}  // namespace attacca::core
