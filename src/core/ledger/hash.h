// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/bytes.h"

// The hashes of the ledger. A record's leaf hash is also its link hash: the next record of the same
// entity names it as `prev`. One hash for both structures, so that chain and tree cannot differ.
//
// Pure. Safe from any thread.

namespace attacca::core {

// SHA-256(0x00 ‖ record): RFC 6962.
[[nodiscard]] Sha256 leaf_hash(std::string_view record);

// SHA-256(0x01 ‖ left ‖ right): RFC 6962.
[[nodiscard]] Sha256 node_hash(const Sha256& left, const Sha256& right);

// The root of the tree without leaves.
[[nodiscard]] Sha256 empty_root();

// The `prev` of an entity's first record. None of the texts holds a newline (the profile forbids
// it), so that no two places give the same bytes.
[[nodiscard]] Sha256 genesis_hash(std::string_view origin,
                                  std::string_view tenant,
                                  std::string_view entity);

}  // namespace attacca::core
