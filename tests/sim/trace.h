// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "base/bytes.h"
#include "base/digest.h"

// The digest of everything that happened, in order. Equal seeds have equal traces in every build.

namespace attacca::sim {

class Trace {
  public:
    void add(std::uint64_t word) {
        for (unsigned shift = 64; shift > 0; shift -= 8) {
            buffer_[used_++] = static_cast<char>(word >> (shift - 8));
        }
        if (used_ == buffer_.size()) {
            flush();
        }
    }
    void add(std::uint64_t first, std::uint64_t second) {
        add(first);
        add(second);
    }
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
