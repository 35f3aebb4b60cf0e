// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "ports/store.h"

// Where the records of one entity stand in the ledger, by way of each batch's index.

namespace attacca::engine {

// What to do at a record that is pruned: its predecessors cannot be found.
enum class Pruned : std::uint8_t { is_an_error, ends_the_list };

// The positions of the records from `last` back to the first one after `after`, ascending.
// `after` is no_gseq for all of them. Errors: corrupt, io_error, pruned.
[[nodiscard]] Result<std::vector<std::uint64_t>> entity_positions(ports::StoreReader& reader,
                                                                  std::uint64_t last,
                                                                  std::uint64_t after,
                                                                  Pruned pruned =
                                                                      Pruned::is_an_error);

}  // namespace attacca::engine
