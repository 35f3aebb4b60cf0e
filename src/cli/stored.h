// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"
#include "core/ledger/checkpoint.h"
#include "ports/content.h"
#include "ports/seal_keys.h"
#include "ports/store.h"

namespace attacca::cli {

// What a data directory holds, read without its lock; nothing is started or written.
class Stored {
  public:
    virtual ~Stored() = default;
    [[nodiscard]] virtual ports::StoreReader& reader() = 0;
    // As engine::Gateway has them.
    [[nodiscard]] virtual ports::StoreReader& opening_reader() { return reader(); }
    [[nodiscard]] virtual ports::SealKeys* seal_keys() { return nullptr; }
    [[nodiscard]] virtual ports::Content& content() = 0;
    // The key that signs the ledger. Errors: not_found, invalid_value, io_error.
    [[nodiscard]] virtual Result<core::NoteKey> key() = 0;
};

}  // namespace attacca::cli
