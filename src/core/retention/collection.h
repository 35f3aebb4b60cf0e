// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "base/bytes.h"

// The end of what records once named by its digest, when no record that is kept names it any more:
// files of attempts, and bodies of the store. That nobody needs a body is looked for and decided
// here; that nobody needs a file, by the owner of the files alone (ports/content.h).

namespace attacca::core {

inline constexpr const char* collection_entity = "collection";

struct ContentCollected {
    std::uint64_t bodies = 0;
    std::uint64_t bytes = 0;  // of both
    std::uint64_t files = 0;
    friend bool operator==(const ContentCollected&, const ContentCollected&) = default;
};

struct BodySize {
    Sha256 digest;
    std::uint64_t bytes = 0;
};

// Files that go when this is durable, and bodies that go with it. The caller has looked at all
// records before `marked`.
struct CollectContent {
    std::uint64_t files = 0;
    std::uint64_t file_bytes = 0;
    std::vector<BodySize> bodies = {};
    std::uint64_t marked = 0;
};

}  // namespace attacca::core
