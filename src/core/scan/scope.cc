// SPDX-License-Identifier: Apache-2.0
#include "core/scan/scope.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/check.h"
#include "base/error.h"

namespace attacca::core {
namespace {

// Ranges that are never meant by a wider one (scanning.md 3.3), and the two that lead to IPv4.
// A narrower one stands before a wider one.
constexpr std::array<std::string_view, 19> special_texts = {
    "0.0.0.0/8",     "10.0.0.0/8",   "100.64.0.0/10",  "127.0.0.0/8", "169.254.0.0/16",
    "172.16.0.0/12", "192.0.0.0/24", "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/4",
    "240.0.0.0/4",   "::/128",       "::1/128",        "::/96",       "fc00::/7",
    "fe80::/10",     "ff00::/8",     "64:ff9b::/96",   "2002::/16"};

std::vector<Network> special_ranges() {
    std::vector<Network> ranges;
    for (const std::string_view text : special_texts) {
        const auto range = parse_network(text);
        ATTACCA_CHECK(range.has_value());
        ranges.push_back(*range);
    }
    return ranges;
}

// The special range that the network touches, if any.
std::optional<Network> special_range_of(const Network& network) {
    static const std::vector<Network> ranges = special_ranges();
    for (const Network& range : ranges) {
        if (overlaps(range, network)) {
            return range;
        }
    }
    return std::nullopt;
}

const std::array<Network, 2>& loopback() {
    static const std::array<Network, 2> addresses = {*parse_address("127.0.0.1"),
                                                     *parse_address("::1")};
    return addresses;
}

Error out_of_scope(std::string detail) {
    return fail(Problem::target_out_of_scope, std::move(detail));
}

Error not_included(const std::string& target) {
    return out_of_scope("`" + target + "` is not in the scope; if you may scan it, add it: " +
                        "scope: {include: [\"" + target + "\"]}");
}

bool names_match(const ScopeEntry& entry, const HostName& name) {
    if (const auto* exact = std::get_if<HostName>(&entry.what)) {
        return *exact == name;
    }
    const auto* below = std::get_if<Subdomains>(&entry.what);
    return below != nullptr && name.name.size() > below->of.size() + 1 &&
           name.name.ends_with("." + below->of);
}

Result<void> read_entries(const std::vector<std::string>& texts, std::vector<ScopeEntry>& out) {
    if (texts.size() > scope_entries_max) {
        return fail(Problem::invalid_value, "a scope has at most 1000 entries in a list");
    }
    for (const std::string& text : texts) {
        auto entry = parse_scope_entry(text);
        if (!entry) {
            return entry.error();
        }
        const auto* name = std::get_if<HostName>(&entry->what);
        if (name != nullptr && name->name == "localhost") {
            for (const Network& address : loopback()) {
                out.push_back({address});
            }
        }
        out.push_back(std::move(*entry));
    }
    return {};
}

}  // namespace

std::string ScopeEntry::text() const {
    if (const auto* network = std::get_if<Network>(&what)) {
        return network->text();
    }
    if (const auto* name = std::get_if<HostName>(&what)) {
        return name->name;
    }
    return "*." + std::get<Subdomains>(what).of;
}

Result<ScopeEntry> parse_scope_entry(std::string_view text) {
    if (text.starts_with("*.")) {
        std::string_view of = text.substr(2);
        if (of.ends_with('.')) {
            of.remove_suffix(1);
        }
        if (is_host_name(of)) {
            return ScopeEntry{Subdomains{folded_name(of)}};
        }
    }
    const auto target = parse_target(text);
    if (!target) {
        return fail(Problem::invalid_value,
                    "`" + quoted(text) + "` is no entry of a scope: write an address, a network "
                                         "such as 192.0.2.0/28, a name or *.name");
    }
    if (const auto* network = std::get_if<Network>(&target->what)) {
        return ScopeEntry{*network};
    }
    return ScopeEntry{std::get<HostName>(target->what)};
}

Result<Scope> Scope::parse(const ScopeDef& definition) {
    Scope scope;
    const auto included = read_entries(definition.include, scope.include_);
    if (!included) {
        return included.error();
    }
    const auto excluded = read_entries(definition.exclude, scope.exclude_);
    if (!excluded) {
        return excluded.error();
    }
    return scope;
}

Result<void> Scope::check_network(const Network& network) const {
    for (const ScopeEntry& entry : exclude_) {
        const auto* excluded = std::get_if<Network>(&entry.what);
        if (excluded != nullptr && overlaps(*excluded, network)) {
            return out_of_scope("`" + network.text() + "` is excluded by `" + entry.text() + "`");
        }
    }
    const auto special = special_range_of(network);
    const bool is_included =
        std::any_of(include_.begin(), include_.end(), [&](const ScopeEntry& entry) {
            const auto* included = std::get_if<Network>(&entry.what);
            return included != nullptr && contains(*included, network) &&
                   (!special || contains(*special, *included));
        });
    if (!is_included) {
        return not_included(network.text());
    }
    const auto inner = embedded_v4(network);
    return inner ? check_network(*inner) : Result<void>();
}

Result<void> Scope::check_name(const HostName& name) const {
    const bool is_localhost = Target{name}.is_localhost();
    for (const ScopeEntry& entry : exclude_) {
        const auto* network = std::get_if<Network>(&entry.what);
        const bool is_address_excluded =
            is_localhost && network != nullptr &&
            (overlaps(*network, loopback()[0]) || overlaps(*network, loopback()[1]));
        if (names_match(entry, name) || is_address_excluded) {
            return out_of_scope("`" + name.name + "` is excluded by `" + entry.text() + "`");
        }
    }
    const bool is_included =
        std::any_of(include_.begin(), include_.end(),
                    [&](const ScopeEntry& entry) { return names_match(entry, name); });
    if (is_included) {
        return {};
    }
    if (is_localhost && check_network(loopback()[0])) {
        return {};
    }
    return not_included(name.name);
}

Result<void> Scope::check(const Target& target) const {
    const auto* network = std::get_if<Network>(&target.what);
    return network != nullptr ? check_network(*network)
                              : check_name(std::get<HostName>(target.what));
}

Error no_scope_error() {
    return out_of_scope("a scan needs a `scope` that says where it may go, such as "
                        "scope: {include: [127.0.0.1]}");
}

}  // namespace attacca::core
