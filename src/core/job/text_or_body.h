// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "base/bytes.h"

namespace attacca::core {

inline constexpr std::size_t inline_text_bytes_max = 1024;
inline constexpr std::size_t body_bytes_max = 65536;

// A user's JSON text: in the record itself when small, else a content-addressed body.
struct TextOrBody {
    std::string text;
    std::optional<Sha256> body;
    friend bool operator==(const TextOrBody&, const TextOrBody&) = default;
};

}  // namespace attacca::core
