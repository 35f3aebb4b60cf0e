// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// IP addresses and networks as data. An address is a network of full length.
//
// One form for each thing: the bits beyond the prefix are zero, an IPv4-mapped IPv6 address
// (::ffff:a.b.c.d) is the IPv4 address, and the text is that of RFC 5952.

namespace attacca::core {

struct Network {
    bool is_v6 = false;
    std::array<std::uint8_t, 16> bytes{};  // IPv4: the first four
    std::uint8_t prefix = 0;

    friend bool operator==(const Network&, const Network&) = default;
    [[nodiscard]] std::uint8_t prefix_max() const { return is_v6 ? 128 : 32; }
    [[nodiscard]] bool is_address() const { return prefix == prefix_max(); }
    // `10.0.0.0/8`; an address without its prefix.
    [[nodiscard]] std::string text() const;
};

// Strict forms only: four decimal parts without leading zeros, or IPv6 without zone or brackets.
[[nodiscard]] std::optional<Network> parse_address(std::string_view text);
// `address/prefix`; bits beyond the prefix are cleared.
[[nodiscard]] std::optional<Network> parse_network(std::string_view text);

// Whether all of `inner` lies in `outer`.
[[nodiscard]] bool contains(const Network& outer, const Network& inner);
[[nodiscard]] bool overlaps(const Network& a, const Network& b);

// The IPv4 network that an IPv6 one leads to: by NAT64 (64:ff9b::/96) or 6to4 (2002::/16).
[[nodiscard]] std::optional<Network> embedded_v4(const Network& network);

}  // namespace attacca::core
