// SPDX-License-Identifier: Apache-2.0
#include "core/graph/suggest.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace attacca::core {
namespace {

constexpr std::size_t name_bytes_max = 64;

char folded(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

using Row = std::array<std::size_t, name_bytes_max + 1>;

// Insertions, deletions, replacements, and two letters the wrong way round.
// Precondition: b.size() <= name_bytes_max.
std::size_t distance(std::string_view a, std::string_view b) {
    Row before{};
    Row last{};
    Row row{};
    for (std::size_t j = 0; j <= b.size(); ++j) {
        row[j] = j;
    }
    for (std::size_t i = 0; i < a.size(); ++i) {
        before = last;
        last = row;
        row[0] = i + 1;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const bool is_same = folded(a[i]) == folded(b[j]);
            row[j + 1] = std::min({last[j] + (is_same ? 0U : 1U), row[j] + 1, last[j + 1] + 1});
            if (i > 0 && j > 0 && folded(a[i]) == folded(b[j - 1]) &&
                folded(a[i - 1]) == folded(b[j])) {
                row[j + 1] = std::min(row[j + 1], before[j - 1] + 1);
            }
        }
    }
    return row[b.size()];
}

}  // namespace

std::string_view nearest(std::string_view name, std::span<const std::string_view> candidates) {
    if (name.empty() || name.size() > name_bytes_max) {
        return {};
    }
    std::string_view best;
    std::size_t best_distance = std::max<std::size_t>(name.size() / 3, 1) + 1;
    for (const std::string_view candidate : candidates) {
        if (candidate.size() > name_bytes_max) {
            continue;
        }
        const std::size_t d = distance(name, candidate);
        if (d < best_distance && d < candidate.size()) {
            best = candidate;
            best_distance = d;
        }
    }
    return best;
}

std::string suggestion(std::string_view name, std::span<const std::string_view> candidates) {
    const std::string_view best = nearest(name, candidates);
    return best.empty() ? std::string() : "; did you mean `" + std::string(best) + "`?";
}

}  // namespace attacca::core
