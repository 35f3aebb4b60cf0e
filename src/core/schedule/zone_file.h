// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "core/schedule/zone.h"

// The compiled zone files of the system (TZif, RFC 8536), versions 2 and later. Pure: bytes in, a
// zone out. Files with leap seconds (`right/…`) are refused: our time has none.

namespace attacca::core {

inline constexpr std::size_t zone_file_bytes_max = 65536;

// Names that may become part of a file's path: `Europe/Berlin`, `Etc/GMT+1`, `UTC`.
[[nodiscard]] bool is_zone_name(std::string_view name);

// Errors: corrupt.
[[nodiscard]] Result<Zone> decode_zone_file(std::string name, std::string_view bytes);

}  // namespace attacca::core
