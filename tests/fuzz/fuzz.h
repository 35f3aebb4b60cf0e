// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"  // IWYU pragma: export

// What the targets share. A target is one file that defines LLVMFuzzerTestOneInput; it fails by
// ATTACCA_CHECK or by a sanitizer. libFuzzer drives it in the `fuzz` preset, replay_main.cc
// elsewhere.

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace attacca::fuzz {

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data), size};
}

// Decisions drawn from the input, for targets that build something from it. At its end all are 0.
class Draw {
  public:
    explicit Draw(std::string_view input) : rest_(input) {}

    std::uint8_t byte() {
        if (rest_.empty()) {
            return 0;
        }
        const auto value = static_cast<std::uint8_t>(rest_.front());
        rest_.remove_prefix(1);
        return value;
    }
    // Less than `limit`, which is from 1 to 256.
    std::size_t below(std::size_t limit) { return byte() % limit; }
    bool coin() { return (byte() & 1U) != 0; }
    std::uint64_t u64() {
        std::uint64_t value = 0;
        for (int i = 0; i < 8; ++i) {
            value = value << 8U | byte();
        }
        return value;
    }
    std::string_view take(std::size_t count) {
        const std::string_view taken = rest_.substr(0, count);
        rest_.remove_prefix(taken.size());
        return taken;
    }
    [[nodiscard]] bool is_empty() const { return rest_.empty(); }

  private:
    std::string_view rest_;
};

// Takes the text up to the next line end.
inline std::string_view take_line(std::string_view& rest) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return line;
}

}  // namespace attacca::fuzz
