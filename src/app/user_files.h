// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

// Files that a person names on the command line, with a person's permissions and no more care than
// an editor takes. What the server keeps is written by adapters/system/files.h instead.

namespace attacca::app {

inline constexpr std::size_t user_file_bytes_max = std::size_t{32} << 20U;

// "-" is standard input. Errors: not_found, forbidden, io_error; body_too_large above 32 MiB.
[[nodiscard]] Result<std::string> read_user_file(const std::string& path);

// Errors: locked when the file exists and `is_replacing` is false; not_found when its directory is
// not there; io_error.
[[nodiscard]] Result<void> write_user_file(const std::string& path,
                                           std::string_view text,
                                           bool is_replacing);

enum class Written { all, nobody_reads, failed };
// Writes to a descriptor that is open already.
[[nodiscard]] Written write_text(int fd, std::string_view text);
// A pipe that nobody reads any more, or a terminal that hung up, without writing to it.
[[nodiscard]] bool has_no_reader(int fd);
// Why a file could not be made there: not_found when its directory does not exist; else io_error.
[[nodiscard]] Error creation_error(int error_number, const std::string& path);

}  // namespace attacca::app
