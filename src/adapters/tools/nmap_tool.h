// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "ports/tool.h"

// nmap as a scan tool.
//
// Outputs: {"hosts": [{address, state, hostnames}],
//           "services": [{address, port, protocol, name, tls, product, version}],
//           "open_ports": n, "coverage": "complete" | "partial" | "none"}
//
// The verdict is "succeeded" only when coverage is complete: nmap finished with success, counted at
// least one host for each target, and timed out on none. nmap itself exits with 0 for an
// unresolvable name and for a host that it gave up on.

namespace attacca::tools {

class NmapTool final : public ports::Tool {
  public:
    [[nodiscard]] std::string_view name() const override { return "nmap"; }
    [[nodiscard]] Result<ports::ToolCommand> command(
        const core::AttemptSpec& spec) const override;
    [[nodiscard]] ports::ToolVerdict judge(const core::AttemptSpec& spec,
                                           const ports::ToolRun& run) const override;
};

}  // namespace attacca::tools
