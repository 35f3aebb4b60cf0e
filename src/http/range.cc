// SPDX-License-Identifier: Apache-2.0
#include "http/range.h"

#include <algorithm>

#include "base/bytes.h"

namespace attacca::http {

Result<std::optional<ByteRange>> parse_range(std::string_view field, std::uint64_t size) {
    constexpr std::string_view unit = "bytes=";
    const std::optional<ByteRange> ignored;
    if (!field.starts_with(unit)) {
        return ignored;
    }
    field.remove_prefix(unit.size());
    const std::size_t dash = field.find('-');
    if (dash == std::string_view::npos || field.find(',') != std::string_view::npos) {
        return ignored;
    }
    const std::string_view first_text = field.substr(0, dash);
    const std::string_view last_text = field.substr(dash + 1);
    const auto first = parse_u64(first_text);
    const auto last = parse_u64(last_text);
    if ((!first && !first_text.empty()) || (!last && !last_text.empty()) || (!first && !last) ||
        (first && last && *last < *first)) {
        return ignored;
    }
    const bool is_suffix = !first;
    if (is_suffix ? *last == 0 || size == 0 : *first >= size) {
        return fail(Problem::range_not_satisfiable, "there are " + std::to_string(size) + " bytes");
    }
    ByteRange range;
    range.offset = is_suffix ? size - std::min(*last, size) : *first;
    const std::uint64_t end = is_suffix || !last ? size : std::min(*last, size - 1) + 1;
    range.length = end - range.offset;
    return std::optional<ByteRange>(range);
}

std::string content_range(const ByteRange& range, std::uint64_t size) {
    return "bytes " + std::to_string(range.offset) + "-" +
           std::to_string(range.offset + range.length - 1) + "/" + std::to_string(size);
}

}  // namespace attacca::http
