// SPDX-License-Identifier: Apache-2.0
#include "core/exclusion/lines.h"

#include <cstring>

#include "base/check.h"

namespace attacca::core {

// Differs between platforms: no order and no result follows from it.
std::uint32_t LineIndex::hash_of(const LineName& name) {
    constexpr std::uint64_t odd = 0x9E3779B97F4A7C15ULL;  // Knuth's multiplicative hashing
    const auto mixed = [](std::uint64_t value) {
        value *= odd;
        return value ^ (value >> 32U);
    };
    const std::string_view text = name.text;
    std::uint64_t hash = mixed(text.size() + (std::uint64_t{name.tenant} << 32U));
    std::uint64_t word = 0;
    std::size_t at = 0;
    for (; at + sizeof word <= text.size(); at += sizeof word) {
        std::memcpy(&word, text.data() + at, sizeof word);
        hash = mixed(hash ^ word);
    }
    if (at < text.size()) {
        word = 0;
        std::memcpy(&word, text.data() + at, text.size() - at);
        hash = mixed(hash ^ word);
    }
    return static_cast<std::uint32_t>((hash * odd) >> 32U);  // the half that all bits act on
}

LineNumber LineIndex::find_far(const LineName& name) const {
    const auto found = far_.find({name.tenant, std::string(name.text)});
    return found == far_.end() ? no_index : found->second;
}

void LineIndex::add(std::uint32_t hash, const LineName& name, LineNumber line) {
    if (!near_.add(hash, line, reach)) {
        far_.emplace(std::pair(name.tenant, std::string(name.text)), line);
    }
}

void LineIndex::remove(std::uint32_t hash, const LineName& name, LineNumber line) {
    if (!near_.remove(hash, line)) {
        const std::size_t erased = far_.erase({name.tenant, std::string(name.text)});
        ATTACCA_CHECK(erased == 1);
    }
}

}  // namespace attacca::core
