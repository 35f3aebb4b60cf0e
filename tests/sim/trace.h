// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

#include "base/bytes.h"
#include "base/digest.h"
#include "prng.h"

// The digest of everything that happened, in order. Equal seeds have equal traces in every build.

namespace attacca::sim {

class Trace {
  public:
    void add(std::uint64_t word) {
        // The same bytes on every machine: the highest first.
        if constexpr (std::endian::native == std::endian::little) {
            word = __builtin_bswap64(word);
        }
        std::memcpy(buffer_.data() + used_, &word, sizeof word);
        used_ += sizeof word;
        if (used_ == buffer_.size()) {
            flush();
        }
    }
    // Two words that belong together, as one that depends on both: hashing is dear.
    void add(std::uint64_t first, std::uint64_t second) { add(mixed(first) + second); }
    [[nodiscard]] Sha256 finish() {
        flush();
        return stream_.finish();
    }

  private:
    void flush() {
        stream_.update({buffer_.data(), used_});
        used_ = 0;
    }

    std::array<char, 8192> buffer_{};
    std::size_t used_ = 0;
    Sha256Stream stream_;
};

}  // namespace attacca::sim
