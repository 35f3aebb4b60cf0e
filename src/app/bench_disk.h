// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"

// The physical bound that benchmarks are compared with, and this process's memory.

namespace attacca::app {

// Appends 4 KiB and calls fdatasync, over and over for half a second, in this directory.
[[nodiscard]] Result<std::int64_t> fdatasyncs_per_second(const std::string& directory);
[[nodiscard]] std::int64_t resident_megabytes();

}  // namespace attacca::app
