// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

// Which libraries this program runs with, as they say themselves: a security update replaces some
// of them without a new build.

namespace attacca {

struct Library {
    std::string name;
    std::string version;
};

// Those that `base` wraps.
[[nodiscard]] std::vector<Library> base_libraries();

}  // namespace attacca
