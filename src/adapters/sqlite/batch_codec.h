// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

// The bytes of a batch row: records compressed by zstd, and the gseqs of previous records.
//
// The packed index holds for each record the distance back to the previous record of its entity as
// a varint of seven bits per byte, low bits first; 0 means that there is none. Where each record
// begins is not stored: the records carry their lengths.

namespace attacca::sqlite {

void pack_previous(const std::vector<std::uint64_t>& previous,
                   std::uint64_t first_gseq,
                   std::string& out);
// Errors: corrupt, unless the bytes hold exactly `count` distances that stay within the ledger.
[[nodiscard]] Result<std::vector<std::uint64_t>> unpack_previous(std::string_view packed,
                                                                 std::uint64_t first_gseq,
                                                                 std::uint32_t count);

// One context, used again for each batch. One thread at a time.
class Packer {
  public:
    Packer();
    ~Packer();
    // The result stays until the next call. Empty only if memory ran out.
    [[nodiscard]] std::string_view pack(std::string_view bytes);

  private:
    struct Context;
    std::unique_ptr<Context> context_;
    std::string packed_;
};

class Unpacker {
  public:
    Unpacker();
    ~Unpacker();
    // Errors: corrupt, unless the bytes are a whole frame of exactly this many bytes.
    [[nodiscard]] Result<std::string> unpack(std::string_view packed, std::uint64_t raw_bytes);

  private:
    struct Context;
    std::unique_ptr<Context> context_;
};

}  // namespace attacca::sqlite
