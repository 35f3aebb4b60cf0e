// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "base/result.h"
#include "core/scan/network.h"

// What a scan is aimed at. A target is not a string: to a tool a string can be an option, a file, a
// list or a range (scanning.md 3.2). The only way to one is this parser, and `text()` is its one
// canonical form, which no tool reads as anything else.

namespace attacca::core {

// Lower case, without the dot at the end.
struct HostName {
    std::string name;
    friend bool operator==(const HostName&, const HostName&) = default;
};

struct Target {
    std::variant<Network, HostName> what;  // an address is a network of full length

    friend bool operator==(const Target&, const Target&) = default;
    [[nodiscard]] std::string text() const;
    // `localhost` or a name below it: the loopback addresses, whatever a resolver says (RFC 6761).
    [[nodiscard]] bool is_localhost() const;
};

// Errors: tool_argument_rejected, for everything but an address, a network in CIDR form or a host
// name: other spellings of addresses (octal, hexadecimal, one number, ranges) included.
[[nodiscard]] Result<Target> parse_target(std::string_view text);

// Labels of letters, digits, `_` and `-`, of which the last one has a letter.
[[nodiscard]] bool is_host_name(std::string_view name);
[[nodiscard]] std::string folded_name(std::string_view name);

}  // namespace attacca::core
