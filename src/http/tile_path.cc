// SPDX-License-Identifier: Apache-2.0
#include "http/tile_path.h"

#include <optional>

#include "base/bytes.h"

namespace attacca::http {
namespace {

constexpr std::uint64_t level_max = 63;
constexpr std::uint64_t index_max = std::uint64_t{1} << 56U;

// Three digits.
std::optional<std::uint64_t> group_of(std::string_view text) {
    if (text.size() != 3) {
        return std::nullopt;
    }
    std::uint64_t value = 0;
    for (const char digit : text) {
        if (digit < '0' || digit > '9') {
            return std::nullopt;
        }
        value = value * 10 + static_cast<std::uint64_t>(digit - '0');
    }
    return value;
}

std::optional<std::uint64_t> index_of(std::string_view text) {
    std::uint64_t index = 0;
    bool is_first = true;
    while (text.starts_with('x')) {
        const std::size_t end = text.find('/');
        const auto group = group_of(text.substr(1, end == std::string_view::npos ? end : end - 1));
        if (end == std::string_view::npos || !group || (is_first && *group == 0) ||
            index > index_max) {
            return std::nullopt;
        }
        index = index * 1000 + *group;
        is_first = false;
        text.remove_prefix(end + 1);
    }
    const std::optional<std::uint64_t> last = group_of(text);
    if (!last || index > index_max) {
        return std::nullopt;
    }
    return index * 1000 + *last;
}

std::optional<TilePath> parse(std::string_view path) {
    TilePath tile;
    const std::size_t slash = path.find('/');
    if (slash == std::string_view::npos) {
        return std::nullopt;
    }
    const std::string_view kind = path.substr(0, slash);
    path.remove_prefix(slash + 1);
    tile.is_entries = kind == "entries";
    if (!tile.is_entries) {
        const std::optional<std::uint64_t> level = parse_u64(kind);
        if (!level || *level > level_max) {
            return std::nullopt;
        }
        tile.level = static_cast<std::uint32_t>(*level);
    }
    constexpr std::string_view partial = ".p/";
    if (const std::size_t at = path.find(partial); at != std::string_view::npos) {
        const std::optional<std::uint64_t> width = parse_u64(path.substr(at + partial.size()));
        if (!width || *width < 1 || *width > 255) {
            return std::nullopt;
        }
        tile.width = static_cast<std::uint32_t>(*width);
        path = path.substr(0, at);
    }
    const std::optional<std::uint64_t> index = index_of(path);
    if (!index) {
        return std::nullopt;
    }
    tile.index = *index;
    return tile;
}

}  // namespace

Result<TilePath> parse_tile_path(std::string_view path) {
    const std::optional<TilePath> tile = parse(path);
    return tile ? Result<TilePath>(*tile)
                : Result<TilePath>(fail(Problem::not_found, "this is no path of a tile"));
}

}  // namespace attacca::http
