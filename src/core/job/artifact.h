// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.h"

namespace attacca::core {

// A file or log in the content-addressed store. `name` is for people, never a path.
struct Artifact {
    std::string name;
    Sha256 digest;
    std::uint64_t bytes = 0;
    std::string media_type;
    bool is_truncated = false;
    friend bool operator==(const Artifact&, const Artifact&) = default;
};

}  // namespace attacca::core
