// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "engine/signed_tree.h"
#include "ports/store.h"

// How much a record's proof rests on by now: `L1 signed`, by the ledger's key; `L3 witnessed`, by
// as many witnesses as are needed as well; and `, L4 timestamped` behind either, where an authority
// stamped a checkpoint that covers it (whose word it is can be told with its certificate alone).
// L2, a root outside of this machine, is not reached while the root is a file.

namespace attacca::engine {

// Precondition: the tree covers the record. Errors: corrupt, io_error.
[[nodiscard]] Result<std::string> assurance_of(ports::StoreReader& reader,
                                               const SignedTree& signed_tree,
                                               std::uint64_t gseq);

}  // namespace attacca::engine
