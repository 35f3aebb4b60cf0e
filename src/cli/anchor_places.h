// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/anchor_options.h"
#include "cli/context.h"

namespace attacca::cli {

// --anchor-file, --witness and --policy. Errors: those of reading the policy's file.
[[nodiscard]] Result<AnchorPlaces> anchor_places(Context& context);

}  // namespace attacca::cli
