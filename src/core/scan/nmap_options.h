// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "core/scan/target.h"

// The command line of nmap, built from typed options that are on our list, never from text.
//
//   ports                "1-1024,8080" or a number      top_ports        1 to 65535
//   service_version      true or false                  timing           0 to 4
//   skip_host_discovery  true or false                  max_rate         packets a second
//   host_timeout         a duration                     scripts          names, see below
//
// Connect scans only, which need no privilege; nothing that spoofs, evades or reads files. Scripts
// are a few harmless ones that talk to the target alone.

namespace attacca::core {

using ToolOptions = std::vector<std::pair<std::string, Json>>;

// Networks with more addresses are refused.
inline constexpr int network_bits_max = 16;
inline constexpr std::size_t scan_targets_max = 4096;

// One option with its final value. Errors: tool_argument_rejected.
[[nodiscard]] Result<void> check_nmap_option(std::string_view name, const Json& value);
[[nodiscard]] bool is_nmap_option(std::string_view name);

// All arguments, `nmap` the first and the targets after `--`. IPv4 and IPv6 do not mix. Host
// discovery is left out by default where every target is one address: it would only lose hosts.
// Errors: tool_argument_rejected.
[[nodiscard]] Result<std::vector<std::string>> nmap_argv(const ToolOptions& options,
                                                         const std::vector<Target>& targets);

// The same from text; a list element is a target each.
[[nodiscard]] Result<std::vector<std::string>> nmap_argv(const ToolOptions& options,
                                                         const std::vector<std::string>& targets);

}  // namespace attacca::core
