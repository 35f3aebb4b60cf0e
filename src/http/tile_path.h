// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"

// The paths of C2SP tlog-tiles: `<L>/<N>[.p/<W>]` and `entries/<N>[.p/<W>]`, where N is written as
// `x001/x234/067`. One path for one tile, so that caches keep each once.

namespace attacca::http {

struct TilePath {
    bool is_entries = false;
    std::uint32_t level = 0;  // of hashes
    std::uint64_t index = 0;
    std::uint32_t width = 256;  // less in a partial tile
    friend bool operator==(const TilePath&, const TilePath&) = default;
};

// Errors: not_found.
[[nodiscard]] Result<TilePath> parse_tile_path(std::string_view path);

}  // namespace attacca::http
