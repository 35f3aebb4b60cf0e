// SPDX-License-Identifier: Apache-2.0
#include "adapters/sqlite/tenant_rows.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "adapters/sqlite/batch_codec.h"
#include "adapters/sqlite/borrowed.h"
#include "adapters/sqlite/sqlite_store.h"

namespace attacca::sqlite {
namespace {

constexpr const char* columns =
    "name, created_at, changed_at, settings, jobs, slot_us, day, day_jobs, day_slot_us, "
    "job_tat_ns, start_tat_ns";

}  // namespace

std::string tenant_select_sql() {
    return std::string("SELECT ") + columns + " FROM tenants";
}

std::string tenant_replace_sql() {
    return std::string("REPLACE INTO tenants(") + columns +
           ") VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
}

std::string lag_select_sql() {
    return "SELECT tenant, lag, at FROM fair_ledger WHERE lane = '' ORDER BY tenant";
}

std::string lag_insert_sql() {
    return "INSERT INTO fair_ledger(lane, tenant, lag, at) VALUES('', ?, ?, ?)";
}

void bind_tenant(Statement& statement, const ports::TenantRow& row, std::string& settings) {
    settings = core::json_of(row.settings).text();
    statement.bind_text(1, row.name);
    statement.bind(2, row.created_at.us);
    statement.bind(3, row.changed_at.us);
    statement.bind_text(4, settings);
    statement.bind(5, stored_u64(row.usage.jobs));
    statement.bind(6, stored_u64(row.usage.slot_us));
    statement.bind(7, row.usage.day);
    statement.bind(8, stored_u64(row.usage.day_jobs));
    statement.bind(9, stored_u64(row.usage.day_slot_us));
    statement.bind(10, row.usage.job_tat_ns);
    statement.bind(11, row.usage.start_tat_ns);
}

Result<ports::TenantRow> load_tenant(const Statement& statement) {
    ports::TenantRow row;
    row.name = statement.bytes(0);
    const Result<Json> json = parse_json(statement.bytes(3));
    Result<core::TenantSettings> settings =
        json ? core::parse_tenant_settings(*json) : Result<core::TenantSettings>(json.error());
    if (!settings) {
        return fail(Problem::corrupt, "the settings of tenant " + quoted(row.name) +
                                          " are damaged: " + settings.error().detail);
    }
    row.created_at.us = statement.number(1);
    row.changed_at.us = statement.number(2);
    row.settings = *settings;
    row.usage.jobs = loaded_u64(statement.number(4));
    row.usage.slot_us = loaded_u64(statement.number(5));
    row.usage.day = statement.number(6);
    row.usage.day_jobs = loaded_u64(statement.number(7));
    row.usage.day_slot_us = loaded_u64(statement.number(8));
    row.usage.job_tat_ns = statement.number(9);
    row.usage.start_tat_ns = statement.number(10);
    return row;
}

// The row of the empty tenant is there whenever one of them is.
bool SqliteStore::write_fair_ledger(const core::FairLedger& ledger) {
    const auto put = [&](const std::string& tenant, std::int64_t lag_us) {
        put_lag_.bind_text(1, tenant);
        put_lag_.bind(2, lag_us);
        put_lag_.bind(3, ledger.at.us);
        return put_lag_.run();
    };
    return clear_lags_.run() && put({}, 0) &&
           std::all_of(ledger.lags.begin(), ledger.lags.end(),
                       [&](const core::FairLag& lag) { return put(lag.tenant, lag.lag_us); });
}

Result<core::FairLedger> SqliteReader::fair_ledger() {
    ATTACCA_TRY(auto taken, take());
    Borrowed connection(*this, std::move(taken));
    Statement& statement = connection->lags;
    const Use use(statement);
    core::FairLedger ledger;
    while (statement.next()) {
        ledger.at.us = statement.number(2);
        if (!statement.bytes(0).empty()) {
            ledger.lags.push_back({std::string(statement.bytes(0)), statement.number(1)});
        }
    }
    return connection.answer(std::move(ledger));
}

Result<std::optional<ports::TenantRow>> SqliteReader::tenant(const std::string& name) {
    ATTACCA_TRY(auto taken, take());
    Borrowed connection(*this, std::move(taken));
    Statement& statement = connection->tenant;
    const Use use(statement);
    statement.bind_text(1, name);
    std::optional<ports::TenantRow> row;
    if (statement.next()) {
        ATTACCA_TRY(row, load_tenant(statement));
    }
    return connection.answer(std::move(row));
}

Result<std::vector<ports::TenantRow>> SqliteReader::tenants() {
    ATTACCA_TRY(auto taken, take());
    Borrowed connection(*this, std::move(taken));
    Statement& statement = connection->tenants;
    const Use use(statement);
    std::vector<ports::TenantRow> rows;
    while (statement.next()) {
        ATTACCA_TRY(ports::TenantRow row, load_tenant(statement));
        rows.push_back(std::move(row));
    }
    return connection.answer(std::move(rows));
}

}  // namespace attacca::sqlite
