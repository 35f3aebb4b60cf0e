// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>
#include <set>
#include <string>
#include <string_view>

#include "base/result.h"
#include "http/message.h"
#include "ports/store.h"

// For which tenant a request acts: the one that `X-Tenant-Id` names, or the default.
//
// Tenants are never deleted, so a name that was found once is known for ever; names that are not
// known are looked up in the store each time. Safe from any thread.

namespace attacca::http {

class KnownTenants {
  public:
    explicit KnownTenants(ports::StoreReader& reader) : reader_(reader) {}

    // Errors: unknown_tenant, io_error.
    [[nodiscard]] Result<std::string> tenant_of(const Request& request);

  private:
    ports::StoreReader& reader_;
    std::mutex mutex_;  // guards known_
    std::set<std::string, std::less<>> known_;
};

}  // namespace attacca::http
