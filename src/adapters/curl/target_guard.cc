// SPDX-License-Identifier: Apache-2.0
#include "adapters/curl/target_guard.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>
#include <vector>

#include <netinet/in.h>
#include <sys/socket.h>

#include "base/check.h"
#include "core/scan/network.h"

namespace attacca::curl {
namespace {

using core::Network;

// IANA's special-purpose registries.
constexpr std::array<std::string_view, 25> special_texts = {
    "0.0.0.0/8",      "10.0.0.0/8",      "100.64.0.0/10",   "127.0.0.0/8",  "169.254.0.0/16",
    "172.16.0.0/12",  "192.0.0.0/24",    "192.0.2.0/24",    "192.88.99.0/24", "192.168.0.0/16",
    "198.18.0.0/15",  "198.51.100.0/24", "203.0.113.0/24",  "224.0.0.0/4",  "240.0.0.0/4",
    "::/96",          "100::/64",        "2001::/23",       "2001:db8::/32", "fc00::/7",
    "fe80::/10",      "fec0::/10",       "ff00::/8",        "5f00::/16",    "64:ff9b:1::/48"};

std::vector<Network> special_ranges() {
    std::vector<Network> ranges;
    for (const std::string_view text : special_texts) {
        const auto range = core::parse_network(text);
        ATTACCA_CHECK(range.has_value());
        ranges.push_back(*range);
    }
    return ranges;
}

bool is_special(const Network& address) {
    static const std::vector<Network> ranges = special_ranges();
    return std::any_of(ranges.begin(), ranges.end(), [&](const Network& range) {
        return core::contains(range, address);
    });
}

constexpr std::array<std::uint8_t, 12> mapped_prefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

Network v4_of(const std::uint8_t* bytes) {
    Network network;
    std::copy_n(bytes, 4, network.bytes.begin());
    network.prefix = 32;
    return network;
}

}  // namespace

bool is_public(const sockaddr* address) {
    if (address->sa_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, address, sizeof v4);
        std::array<std::uint8_t, 4> bytes{};
        std::memcpy(bytes.data(), &v4.sin_addr, bytes.size());
        return !is_special(v4_of(bytes.data()));
    }
    if (address->sa_family != AF_INET6) {
        return false;
    }
    sockaddr_in6 v6{};
    std::memcpy(&v6, address, sizeof v6);
    Network network;
    network.is_v6 = true;
    network.prefix = 128;
    std::memcpy(network.bytes.data(), &v6.sin6_addr, network.bytes.size());
    if (std::equal(mapped_prefix.begin(), mapped_prefix.end(), network.bytes.begin())) {
        return !is_special(v4_of(network.bytes.data() + mapped_prefix.size()));
    }
    const auto inner = core::embedded_v4(network);
    return !is_special(network) && !(inner && is_special(*inner));
}

}  // namespace attacca::curl
