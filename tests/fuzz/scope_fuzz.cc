// SPDX-License-Identifier: Apache-2.0
#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "core/scan/scope.h"
#include "fuzz.h"

// Targets and scopes. The first line of the input is a target; then `+entry` includes and `-entry`
// excludes. Addresses are judged by the C library too, and networks once more as texts of bits,
// where "lies within" is "begins with".

namespace attacca::core {
namespace {

// `4` or `6`, then as many bits as the prefix has; an IPv4-mapped network is IPv4.
using Bits = std::string;

Bits bits_of(const std::uint8_t* bytes, std::size_t count) {
    Bits bits;
    for (std::size_t i = 0; i < count; ++i) {
        bits += ((static_cast<unsigned>(bytes[i / 8]) >> (7 - i % 8)) & 1U) != 0 ? '1' : '0';
    }
    return bits;
}

std::optional<Bits> naive_network(std::string_view text, bool may_have_prefix) {
    const std::size_t slash = text.find('/');
    const std::string address(text.substr(0, slash));
    std::array<std::uint8_t, 16> bytes{};
    const bool is_v6 = address.find(':') != address.npos;
    const std::uint64_t bits_max = is_v6 ? 128 : 32;
    std::uint64_t prefix = bits_max;
    if (slash != text.npos) {
        const auto given = parse_u64(text.substr(slash + 1));
        if (!may_have_prefix || !given || *given > bits_max) {
            return std::nullopt;
        }
        prefix = *given;
    }
    // The C library stops at a NUL, which is no part of an address.
    if (address.find('\0') != address.npos ||
        inet_pton(is_v6 ? AF_INET6 : AF_INET, address.c_str(), bytes.data()) != 1) {
        return std::nullopt;
    }
    const Bits bits = bits_of(bytes.data(), prefix);
    const Bits mapped = Bits(80, '0') + Bits(16, '1');
    if (is_v6 && bits.starts_with(mapped)) {
        return "4" + bits.substr(mapped.size());
    }
    return (is_v6 ? "6" : "4") + bits;
}

Bits bits_of(const Network& network) {
    return (network.is_v6 ? "6" : "4") + bits_of(network.bytes.data(), network.prefix);
}

void check_network(std::string_view text) {
    const auto address = parse_address(text);
    const auto wanted = naive_network(text, false);
    ATTACCA_CHECK(address.has_value() == wanted.has_value());
    ATTACCA_CHECK(!address || bits_of(*address) == *wanted);
    const auto network = parse_network(text);
    const auto wanted_network = naive_network(text, true);
    ATTACCA_CHECK(network.has_value() == (wanted_network && !wanted));
    ATTACCA_CHECK(!network || bits_of(*network) == *wanted_network);
}

// What a tool could read as an option, a file, a list or a range is no text of a target.
void check_target(const Target& target) {
    const std::string text = target.text();
    const auto again = parse_target(text);
    ATTACCA_CHECK(again.has_value() && *again == target);
    ATTACCA_CHECK(!text.starts_with('-'));
    constexpr std::string_view name_characters = "abcdefghijklmnopqrstuvwxyz0123456789._-";
    constexpr std::string_view network_characters = "abcdef0123456789.:/";
    const bool is_name = std::holds_alternative<HostName>(target.what);
    ATTACCA_CHECK(text.find_first_not_of(is_name ? name_characters : network_characters) ==
                  text.npos);
    ATTACCA_CHECK(is_name || naive_network(text, true) == bits_of(std::get<Network>(target.what)));
}

struct Entries {
    std::vector<Bits> networks;
    std::vector<std::string> names;
    std::vector<std::string> suffixes;  // `.example.com`
};

std::optional<Entries> naive_entries(const std::vector<std::string>& texts) {
    Entries entries;
    for (const std::string& text : texts) {
        const auto entry = parse_scope_entry(text);
        if (!entry) {
            return std::nullopt;
        }
        const std::string shown = entry->text();
        if (const auto bits = naive_network(shown, true)) {
            entries.networks.push_back(*bits);
        } else if (shown.starts_with("*.")) {
            entries.suffixes.push_back(shown.substr(1));
        } else {
            entries.names.push_back(shown);
            if (shown == "localhost") {
                entries.networks.push_back(*naive_network("127.0.0.1", false));
                entries.networks.push_back(*naive_network("::1", false));
            }
        }
    }
    return entries;
}

bool lies_in(const Bits& inner, const Bits& outer) {
    return inner.starts_with(outer);
}

bool touches(const Bits& a, const Bits& b) {
    return lies_in(a, b) || lies_in(b, a);
}

bool is_allowed(const Bits& network, const Entries& include, const Entries& exclude) {
    constexpr std::array special = {
        "0.0.0.0/8",     "10.0.0.0/8",    "100.64.0.0/10",  "127.0.0.0/8",  "169.254.0.0/16",
        "172.16.0.0/12", "192.0.0.0/24",  "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/4",
        "240.0.0.0/4",   "::/128",        "::1/128",        "::/96",        "fc00::/7",
        "fe80::/10",     "ff00::/8",      "64:ff9b::/96",   "2002::/16"};
    for (const Bits& entry : exclude.networks) {
        if (touches(entry, network)) {
            return false;
        }
    }
    std::optional<Bits> range;
    for (const char* text : special) {
        const auto bits = naive_network(text, true);
        if (!range && touches(*bits, network)) {
            range = bits;
        }
    }
    const bool is_included = std::any_of(
        include.networks.begin(), include.networks.end(), [&](const Bits& entry) {
            return lies_in(network, entry) && (!range || lies_in(entry, *range));
        });
    const Bits nat64 = "6" + bits_of(std::array<std::uint8_t, 4>{0, 0x64, 0xFF, 0x9B}.data(), 32) +
                       Bits(64, '0');
    const Bits six_to_four = *naive_network("2002::/16", true);
    for (const Bits& way : {nat64, six_to_four}) {
        if (is_included && lies_in(network, way)) {
            return is_allowed("4" + network.substr(way.size(), 32), include, exclude);
        }
    }
    return is_included;
}

bool matches(const std::string& name, const Entries& entries) {
    return std::find(entries.names.begin(), entries.names.end(), name) != entries.names.end() ||
           std::any_of(entries.suffixes.begin(), entries.suffixes.end(),
                       [&](const std::string& suffix) {
                           return name.size() > suffix.size() && name.ends_with(suffix);
                       });
}

bool is_allowed(const std::string& name, bool is_localhost, const Entries& include,
                const Entries& exclude) {
    const std::array loopback = {*naive_network("127.0.0.1", false), *naive_network("::1", false)};
    const bool is_address_excluded =
        is_localhost && std::any_of(exclude.networks.begin(), exclude.networks.end(),
                                    [&](const Bits& entry) {
                                        return lies_in(loopback[0], entry) ||
                                               lies_in(loopback[1], entry);
                                    });
    if (is_address_excluded || matches(name, exclude)) {
        return false;
    }
    return matches(name, include) || (is_localhost && is_allowed(loopback[0], include, exclude));
}

void check_scope(const Target& target, const ScopeDef& definition) {
    const auto scope = Scope::parse(definition);
    const auto include = naive_entries(definition.include);
    const auto exclude = naive_entries(definition.exclude);
    ATTACCA_CHECK(scope.has_value() == (include && exclude));
    if (!scope) {
        return;
    }
    const auto* network = std::get_if<Network>(&target.what);
    const bool wanted =
        network != nullptr
            ? is_allowed(bits_of(*network), *include, *exclude)
            : is_allowed(target.text(), target.is_localhost(), *include, *exclude);
    ATTACCA_CHECK(scope->check(target).has_value() == wanted);
}

void test(std::string_view rest) {
    const std::string_view text = fuzz::take_line(rest);
    check_network(text);
    const auto target = parse_target(text);
    ScopeDef definition;
    while (!rest.empty()) {
        const std::string_view line = fuzz::take_line(rest);
        if (line.starts_with('+')) {
            definition.include.emplace_back(line.substr(1));
        } else if (line.starts_with('-')) {
            definition.exclude.emplace_back(line.substr(1));
        }
    }
    if (target) {
        check_target(*target);
        check_scope(*target, definition);
    } else {
        ATTACCA_CHECK(target.error().problem == Problem::tool_argument_rejected);
        ATTACCA_CHECK(is_utf8(target.error().detail));
    }
}

}  // namespace
}  // namespace attacca::core

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    attacca::core::test(attacca::fuzz::text_of(data, size));
    return 0;
}
