// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

// Large things, content-addressed: `cas/sha256/ab/cd/<hex>` in the file adapter. A put returns only
// when the bytes and the directory entry are synced, so a record may name the digest afterwards.
// Safe from any thread.
//
// What put() and adopt() returned stays until it was released as often, however long the record
// that names it takes. A process that ends takes its pins with it: of what it did not record
// nothing will be.

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
    // The record that names it is durable, or there will be none. Of what is not pinned: nothing.
    virtual void release(const Sha256&) {}

    // For whoever removes what no record names (engine/content_collection.h), one at a time. From
    // begin_collection() to end_collection() nothing is removed that was pinned at any moment in
    // between: who then reads the ledger finds the name of all that was released before.
    struct File {
        Sha256 digest;
        std::uint64_t bytes = 0;
    };
    static constexpr unsigned file_groups = 256;  // by the first byte of the digest
    virtual void begin_collection() {}
    virtual void end_collection() {}
    // Those of a group, in no order. Errors: io_error.
    [[nodiscard]] virtual Result<std::vector<File>> files(unsigned /*group*/) const {
        return std::vector<File>();
    }
    // Whether remove() would leave it alone now.
    [[nodiscard]] virtual bool is_pinned(const Sha256&) const { return true; }
    // False where it stays, because it is pinned, or is not there. Errors: io_error.
    [[nodiscard]] virtual Result<bool> remove(const Sha256&) { return false; }
};

}  // namespace attacca::ports
