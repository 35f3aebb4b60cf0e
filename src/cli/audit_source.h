// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "cli/context.h"

// Where `audit` reads: a server, or a data directory that no server holds.

namespace attacca::cli {

struct AuditQuery {
    std::string view = "plain";
    std::string actor;
    std::string entity;
    std::vector<std::string> types;
    std::string result;  // success, failure, or empty
    std::optional<WallTime> from;
    std::optional<WallTime> to;
    bool is_of_all_tenants = false;
};

class AuditSource {
  public:
    virtual ~AuditSource() = default;
    // Errors: unreachable, not_found, and those of the server.
    [[nodiscard]] static Result<std::unique_ptr<AuditSource>> find(const Context& context);

    // {about, items, next_after?}; `after` is empty for the first page.
    [[nodiscard]] virtual Result<Json> page(const AuditQuery& query,
                                            std::optional<std::uint64_t> after,
                                            std::uint64_t limit) = 0;
};

}  // namespace attacca::cli
