// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/digest.h"

// The digest of everything that happened, in order. Equal seeds have equal traces in every build.

namespace attacca::sim {

class Trace {
  public:
    void add(std::uint64_t word) {
        append_u64(buffer_, word);
        if (buffer_.size() >= buffer_bytes) {
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
    static constexpr std::size_t buffer_bytes = 8192;

    void flush() {
        stream_.update(buffer_);
        buffer_.clear();
    }

    std::string buffer_;
    Sha256Stream stream_;
};

}  // namespace attacca::sim
