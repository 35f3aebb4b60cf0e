// SPDX-License-Identifier: Apache-2.0
#include "adapters/system/anchor_file.h"

#include <algorithm>
#include <filesystem>

#include "adapters/system/files.h"

namespace attacca::system {
namespace {

constexpr std::size_t anchor_bytes_max = 65'536;

std::filesystem::path resolved(const std::string& path) {
    std::error_code error;
    const std::filesystem::path whole = std::filesystem::weakly_canonical(
        std::filesystem::absolute(path, error), error);
    return error ? std::filesystem::path(path).lexically_normal() : whole;
}

}  // namespace

bool is_inside(const std::string& path, const std::string& directory) {
    const std::filesystem::path inner = resolved(path);
    const std::filesystem::path outer = resolved(directory);
    const auto [end, other] =
        std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end());
    return end == outer.end() || (std::next(end) == outer.end() && end->empty());
}

Result<std::optional<std::string>> SystemAnchorFile::read() {
    if (!file_exists(path_)) {
        return std::optional<std::string>();
    }
    ATTACCA_TRY(std::string text, read_file(path_, anchor_bytes_max));
    return std::optional<std::string>(std::move(text));
}

Result<void> SystemAnchorFile::keep(const std::string& note) {
    return write_file(path_, note);
}

}  // namespace attacca::system
