// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

// Large things, content-addressed: `cas/sha256/ab/cd/<hex>` in the file adapter. A put returns only
// when the bytes and the directory entry are synced, so a record may name the digest afterwards.
// Safe from any thread.

namespace attacca::ports {

class Content {
  public:
    virtual ~Content() = default;
    // Errors: storage_full, io_error.
    [[nodiscard]] virtual Result<Sha256> put(std::string_view bytes) = 0;
    // Takes over a finished file of the same file system (renamed into place).
    [[nodiscard]] virtual Result<Sha256> adopt(const std::string& path) = 0;
    [[nodiscard]] virtual Result<std::uint64_t> size(const Sha256& digest) const = 0;
    // Up to `length` bytes from `offset`. Errors: not_found, io_error.
    [[nodiscard]] virtual Result<std::string> read(const Sha256& digest,
                                                   std::uint64_t offset,
                                                   std::uint64_t length) const = 0;
};

}  // namespace attacca::ports
