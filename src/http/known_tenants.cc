// SPDX-License-Identifier: Apache-2.0
#include "http/known_tenants.h"

#include <algorithm>

#include "core/tenant/settings.h"

namespace attacca::http {
namespace {

// More than this are looked up again: memory must not grow with the number of tenants.
constexpr std::size_t known_max = 65536;

Error unknown(std::string_view name) {
    return fail(Problem::unknown_tenant, "there is no tenant `" + quoted(name) +
                                             "`; PUT /api/v1/tenants/NAME makes one");
}

}  // namespace

Result<std::string> KnownTenants::tenant_of(const Request& request) {
    const auto count = std::count_if(request.headers.begin(), request.headers.end(),
                                     [](const Header& h) { return h.name == "x-tenant-id"; });
    if (count == 0) {
        return std::string(core::default_tenant);
    }
    const std::string& name = *request.header("x-tenant-id");
    if (count > 1) {
        return fail(Problem::unknown_tenant, "the header X-Tenant-Id occurs more than once");
    }
    if (!core::is_tenant_name(name)) {
        return unknown(name);
    }
    if (name == core::default_tenant) {
        return name;
    }
    {
        const std::lock_guard lock(mutex_);
        if (known_.contains(name)) {
            return name;
        }
    }
    ATTACCA_TRY(const auto row, reader_.tenant(name));
    if (!row) {
        return unknown(name);
    }
    const std::lock_guard lock(mutex_);
    if (known_.size() >= known_max) {
        known_.clear();
    }
    known_.insert(name);
    return name;
}

}  // namespace attacca::http
