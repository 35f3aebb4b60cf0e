// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "core/graph/definition.h"
#include "core/scan/target.h"

// Where a job's scans may go (scanning.md 3.3). Deny wins; an empty include allows nothing.
//
// Loopback, private, link-local and other special ranges are allowed only by an entry that lies
// within the range itself: `10.1.0.0/16` names a private network, `0.0.0.0/0` does not. Names are
// compared as names; what they resolve to is checked again where they are resolved. `localhost`
// stands for 127.0.0.1 and ::1 as well.

namespace attacca::core {

inline constexpr std::size_t scope_entries_max = 1000;  // of each list

// `*.example.com`: every name below, at any depth, but not the name itself.
struct Subdomains {
    std::string of;
    friend bool operator==(const Subdomains&, const Subdomains&) = default;
};

struct ScopeEntry {
    std::variant<Network, HostName, Subdomains> what;
    [[nodiscard]] std::string text() const;
};

// Errors: invalid_value.
[[nodiscard]] Result<ScopeEntry> parse_scope_entry(std::string_view text);

class Scope {
  public:
    // Errors: invalid_value.
    [[nodiscard]] static Result<Scope> parse(const ScopeDef& definition);

    // Errors: target_out_of_scope, with the entry that excludes it or what to add.
    [[nodiscard]] Result<void> check(const Target& target) const;

  private:
    [[nodiscard]] Result<void> check_network(const Network& network) const;
    [[nodiscard]] Result<void> check_name(const HostName& name) const;

    std::vector<ScopeEntry> include_;
    std::vector<ScopeEntry> exclude_;
};

// The answer to a scan where the definition has no `scope`.
[[nodiscard]] Error no_scope_error();

}  // namespace attacca::core
