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

// Levenshtein distance with one row. Precondition: b.size() <= name_bytes_max.
std::size_t distance(std::string_view a, std::string_view b) {
    std::array<std::size_t, name_bytes_max + 1> row{};
    for (std::size_t j = 0; j <= b.size(); ++j) {
        row[j] = j;
    }
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t replaced = diagonal + (folded(a[i]) == folded(b[j]) ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
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
