// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

// The physical bound of what is done in memory alone.

namespace attacca::app {

// How long one access takes to a place in so many bytes that depends on the access before: mostly a
// miss of all caches. In the same kind of blocks as the fair queue has. Takes so much memory, which
// it gives back.
[[nodiscard]] double random_access_ns(std::uint64_t bytes);

}  // namespace attacca::app
