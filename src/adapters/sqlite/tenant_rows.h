// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "adapters/sqlite/database.h"
#include "base/result.h"
#include "ports/store_batch.h"

// A row of `tenants`, to and from the port's TenantRow; and how far tenants are ahead.

namespace attacca::sqlite {

// `SELECT … FROM tenants`, of the columns that load_tenant reads.
[[nodiscard]] std::string tenant_select_sql();
[[nodiscard]] std::string tenant_replace_sql();
// `settings` is working space that must stay until the statement has run.
void bind_tenant(Statement& statement, const ports::TenantRow& row, std::string& settings);
// A row of `fair_ledger`, of this server's slots.
[[nodiscard]] std::string lag_select_sql();
[[nodiscard]] std::string lag_insert_sql();

// Errors: corrupt.
[[nodiscard]] Result<ports::TenantRow> load_tenant(const Statement& statement);

}  // namespace attacca::sqlite
