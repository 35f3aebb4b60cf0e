// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "adapters/sqlite/sqlite_reader.h"
#include "core/ledger/checkpoint.h"

// Two notes of one key that cannot both be true (ledger.md 3.6), for somebody who has neither.

namespace attacca::verify {

// File names and their texts: the anchor, and what the key signed here: of the same size, or of a
// larger one together with the hashes that show which beginning that has. `texts` are the anchors
// as they were given. What cannot be read is left out.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> fork_proof(
    sqlite::SqliteReader& reader,
    const core::NoteKey& key,
    const std::vector<std::string>& texts,
    const core::Checkpoint& anchor);

}  // namespace attacca::verify
