// SPDX-License-Identifier: Apache-2.0
#include "core/scan/network.h"

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/check.h"

namespace attacca::core {
namespace {

using Bytes = std::array<std::uint8_t, 16>;
using Groups = std::array<std::uint16_t, 8>;

constexpr std::size_t group_count = 8;

void clear_beyond(Bytes& bytes, std::size_t bits) {
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (bits >= 8 * (i + 1)) {
            continue;
        }
        const std::size_t kept = bits > 8 * i ? bits - 8 * i : 0;
        bytes[i] = static_cast<std::uint8_t>(bytes[i] & (0xFF00U >> kept));
    }
}

bool has_prefix(const Bytes& bytes, const Bytes& prefix, std::size_t bits) {
    Bytes copy = bytes;
    clear_beyond(copy, bits);
    Bytes wanted = prefix;
    clear_beyond(wanted, bits);
    return copy == wanted;
}

// `a.b.c.d` into bytes[at …].
bool read_v4(std::string_view text, Bytes& bytes, std::size_t at) {
    for (std::size_t part = 0; part < 4; ++part) {
        const std::size_t end = part < 3 ? text.find('.') : text.size();
        if (end == text.npos || end > 3) {
            return false;
        }
        const auto value = parse_u64(text.substr(0, end));
        if (!value || *value > 255) {
            return false;
        }
        bytes[at + part] = static_cast<std::uint8_t>(*value);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return text.empty();
}

std::optional<std::uint16_t> read_group(std::string_view text) {
    std::uint16_t value = 0;
    if (text.empty() || text.size() > 4) {
        return std::nullopt;
    }
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value, 16);
    if (parsed.ec != std::errc{} || parsed.ptr != text.data() + text.size()) {
        return std::nullopt;
    }
    return value;
}

// Groups of one side of `::` (or of the whole) to `out`; the last one may be an IPv4 address.
bool read_groups(std::string_view text, bool may_end_in_v4, std::vector<std::uint16_t>& out) {
    while (!text.empty()) {
        const std::size_t colon = text.find(':');
        const std::string_view part = text.substr(0, colon);
        if (part.find('.') != part.npos) {
            Bytes v4{};
            if (!may_end_in_v4 || colon != text.npos || !read_v4(part, v4, 0)) {
                return false;
            }
            out.push_back(static_cast<std::uint16_t>(v4[0] << 8U | v4[1]));
            out.push_back(static_cast<std::uint16_t>(v4[2] << 8U | v4[3]));
            return true;
        }
        const auto group = read_group(part);
        if (!group || colon + 1 == text.size()) {
            return false;
        }
        out.push_back(*group);
        text.remove_prefix(colon == text.npos ? text.size() : colon + 1);
    }
    return true;
}

bool read_v6(std::string_view text, Bytes& bytes) {
    const std::size_t gap = text.find("::");
    std::vector<std::uint16_t> head;
    std::vector<std::uint16_t> tail;
    if (gap == text.npos) {
        if (!read_groups(text, true, head) || head.size() != group_count) {
            return false;
        }
    } else if (!read_groups(text.substr(0, gap), false, head) ||
               !read_groups(text.substr(gap + 2), true, tail) ||
               head.size() + tail.size() >= group_count) {
        return false;
    }
    Groups groups{};
    std::copy(head.begin(), head.end(), groups.begin());
    std::copy_backward(tail.begin(), tail.end(), groups.end());
    for (std::size_t i = 0; i < group_count; ++i) {
        bytes[2 * i] = static_cast<std::uint8_t>(groups[i] >> 8U);
        bytes[2 * i + 1] = static_cast<std::uint8_t>(groups[i]);
    }
    return true;
}

// ::ffff:0:0/96
constexpr Bytes mapped_prefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
constexpr std::uint8_t mapped_bits = 96;

Network inner_v4(const Network& network, std::size_t at, std::uint8_t prefix) {
    Network inner;
    std::copy_n(network.bytes.begin() + static_cast<std::ptrdiff_t>(at), 4, inner.bytes.begin());
    inner.prefix = prefix;
    clear_beyond(inner.bytes, prefix);
    return inner;
}

Network normalised(Network network) {
    clear_beyond(network.bytes, network.prefix);
    if (network.is_v6 && network.prefix >= mapped_bits &&
        has_prefix(network.bytes, mapped_prefix, mapped_bits)) {
        return inner_v4(network, 12, static_cast<std::uint8_t>(network.prefix - mapped_bits));
    }
    return network;
}

// The longest run of at least two zero groups, the first of several: [first, last).
std::pair<std::size_t, std::size_t> zero_run(const Groups& groups) {
    std::size_t best = 0;
    std::size_t best_size = 1;
    for (std::size_t i = 0; i < group_count; ++i) {
        std::size_t end = i;
        while (end < group_count && groups[end] == 0) {
            ++end;
        }
        if (end - i > best_size) {
            best = i;
            best_size = end - i;
        }
    }
    return best_size < 2 ? std::pair{group_count, group_count} : std::pair{best, best + best_size};
}

std::string v6_text(const Bytes& bytes) {
    Groups groups{};
    for (std::size_t i = 0; i < group_count; ++i) {
        groups[i] = static_cast<std::uint16_t>(bytes[2 * i] << 8U | bytes[2 * i + 1]);
    }
    const auto [first, last] = zero_run(groups);
    std::string out;
    for (std::size_t i = 0; i < group_count; ++i) {
        if (i == first) {
            out += "::";
            i = last - 1;
            continue;
        }
        out += out.empty() || out.back() == ':' ? "" : ":";
        std::array<char, 4> digits;
        const auto end =
            std::to_chars(digits.data(), digits.data() + digits.size(), groups[i], 16).ptr;
        out.append(digits.data(), end);
    }
    return out;
}

}  // namespace

std::string Network::text() const {
    std::string out;
    if (is_v6) {
        out = v6_text(bytes);
    } else {
        for (std::size_t i = 0; i < 4; ++i) {
            out += (i == 0 ? "" : ".") + std::to_string(bytes[i]);
        }
    }
    return is_address() ? out : out + "/" + std::to_string(prefix);
}

std::optional<Network> parse_address(std::string_view text) {
    Network network;
    network.is_v6 = text.find(':') != text.npos;
    network.prefix = network.prefix_max();
    const bool is_read =
        network.is_v6 ? read_v6(text, network.bytes) : read_v4(text, network.bytes, 0);
    return is_read ? std::optional(normalised(network)) : std::nullopt;
}

std::optional<Network> parse_network(std::string_view text) {
    const std::size_t slash = text.find('/');
    if (slash == text.npos) {
        return std::nullopt;
    }
    Network network;
    const std::string_view address = text.substr(0, slash);
    network.is_v6 = address.find(':') != address.npos;
    const auto prefix = parse_u64(text.substr(slash + 1));
    if (!prefix || *prefix > network.prefix_max()) {
        return std::nullopt;
    }
    network.prefix = static_cast<std::uint8_t>(*prefix);
    const bool is_read =
        network.is_v6 ? read_v6(address, network.bytes) : read_v4(address, network.bytes, 0);
    return is_read ? std::optional(normalised(network)) : std::nullopt;
}

bool contains(const Network& outer, const Network& inner) {
    return outer.is_v6 == inner.is_v6 && outer.prefix <= inner.prefix &&
           has_prefix(inner.bytes, outer.bytes, outer.prefix);
}

bool overlaps(const Network& a, const Network& b) {
    return contains(a, b) || contains(b, a);
}

std::optional<Network> embedded_v4(const Network& network) {
    constexpr Bytes nat64 = {0x00, 0x64, 0xFF, 0x9B};
    constexpr Bytes six_to_four = {0x20, 0x02};
    constexpr std::uint8_t nat64_bits = 96;
    constexpr std::uint8_t six_to_four_bits = 16;
    if (!network.is_v6) {
        return std::nullopt;
    }
    if (network.prefix >= nat64_bits && has_prefix(network.bytes, nat64, nat64_bits)) {
        return inner_v4(network, 12, static_cast<std::uint8_t>(network.prefix - nat64_bits));
    }
    if (network.prefix >= six_to_four_bits &&
        has_prefix(network.bytes, six_to_four, six_to_four_bits)) {
        const int bits = std::min(network.prefix - six_to_four_bits, 32);
        return inner_v4(network, 2, static_cast<std::uint8_t>(bits));
    }
    return std::nullopt;
}

}  // namespace attacca::core
