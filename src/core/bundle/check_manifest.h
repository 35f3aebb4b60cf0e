// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/bundle/bundle_failures.h"
#include "core/bundle/tar.h"

namespace attacca::core {

// That MANIFEST.txt names every file with its digest and no other, that the files which every
// bundle has are there, and that each name is one of a bundle.
void check_manifest(const BundleFiles& files, BundleFailures& failures);

}  // namespace attacca::core
