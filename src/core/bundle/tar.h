// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/result.h"

// The archive of a bundle: POSIX ustar in the one form that follows from the files' names and
// bytes, so that equal evidence is an equal file. Regular files only, ascending names, mode 644 or
// (*.sh) 755, owner 0, time 0, two empty blocks at the end and nothing behind them.
//
// The reader takes that form only: a bit that was changed anywhere in the archive is found, and
// nothing is ever taken for a path outside.
//
// Pure.

namespace attacca::core {

inline constexpr std::size_t tar_block = 512;
inline constexpr std::size_t tar_end_blocks = 2;  // of zeros, behind the last file
inline constexpr std::uint64_t tar_file_bytes_max = 077777777777;
inline constexpr std::string_view::size_type tar_name_bytes_max = 100;

// Whether a file may have this name: parts of letters, digits and `. _ -` with `/` between them,
// none empty or beginning with a dot.
[[nodiscard]] bool is_tar_name(std::string_view name);

// What stands before a file's bytes. Preconditions: is_tar_name(name), bytes <= tar_file_bytes_max.
[[nodiscard]] std::string tar_header(std::string_view name, std::uint64_t bytes);
// What stands behind them, up to the next block.
[[nodiscard]] std::string tar_padding(std::uint64_t bytes);
// What stands behind the last file.
[[nodiscard]] std::string tar_end();

struct BundleFile {
    std::uint64_t size = 0;
    Sha256 digest;
    std::string bytes;  // those of files that are larger than `kept_bytes_max` are not kept
    friend bool operator==(const BundleFile&, const BundleFile&) = default;
};
using BundleFiles = std::map<std::string, BundleFile, std::less<>>;

// Reads an archive that arrives in pieces.
class TarReader {
  public:
    // The bytes of files under `artifacts/` are hashed and not kept.
    TarReader() = default;

    // Errors: corrupt, with the place; then nothing more is taken.
    [[nodiscard]] Result<void> add(std::string_view bytes);
    // Errors: corrupt, when the archive has no end.
    [[nodiscard]] Result<BundleFiles> finish();
    // What was taken is the beginning of an archive.
    [[nodiscard]] bool is_cut_off() const { return is_in_file_ || end_blocks_ < tar_end_blocks; }

  private:
    [[nodiscard]] Result<void> take_header();
    [[nodiscard]] Result<void> take_end();
    void begin_file(std::string_view name, std::uint64_t bytes);
    void end_file();

    std::uint64_t offset_ = 0;  // of what follows in the archive
    std::string block_;         // a header, or a part of one; padding
    std::uint64_t file_left_ = 0;
    std::size_t padding_left_ = 0;
    std::string name_;
    BundleFile file_;
    Sha256Stream digest_;
    bool is_in_file_ = false;
    std::size_t end_blocks_ = 0;
    BundleFiles files_;
};

// Files that are kept in memory whole; only artifacts may be larger.
inline constexpr std::uint64_t kept_bytes_max = 256U << 20U;

// Whether a file's bytes are kept, or only its size and digest.
[[nodiscard]] bool is_kept(std::string_view name);

}  // namespace attacca::core
