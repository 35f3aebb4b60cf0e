// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

// Reads the XML that nmap writes with -oX (scanning.md 2.1).
//
// The text comes from hosts that may be hostile, by way of nmap. So: a streaming parser, no entity
// declarations, nothing external, bounded depth and length; what it yields are values, never
// commands or paths. A document that breaks off, because nmap was killed, is not an error: all that
// came before is told, and `is_finished` is false. Pure; safe from any thread.

namespace attacca::tools {

inline constexpr std::size_t xml_depth_max = 64;
inline constexpr std::size_t xml_text_bytes_max = std::size_t{1} << 20U;

struct NmapService {
    std::string protocol;
    std::uint32_t port = 0;
    std::string name;  // empty when nmap does not know
    bool has_tls = false;
    std::string product;
    std::string version;
};

struct NmapHost {
    std::string address;
    std::string state;
    std::vector<std::string> names;
    std::vector<NmapService> open;  // only ports that are open
    bool is_timed_out = false;
};

struct NmapResult {
    std::vector<NmapHost> hosts;
    std::uint64_t hosts_total = 0;  // as nmap counts them at its end
    bool is_finished = false;       // closed, with <finished exit="success">
    std::string error_message;      // nmap's own, of an unsuccessful end
};

// Errors: invalid_value: not a result of nmap, or beyond a limit.
[[nodiscard]] Result<NmapResult> read_nmap_xml(std::string_view xml);

}  // namespace attacca::tools
