// SPDX-License-Identifier: Apache-2.0
#include "adapters/sqlite/orch_next_file.h"

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

#include "adapters/sqlite/database.h"
#include "base/bytes.h"

namespace attacca::sqlite {
namespace {

constexpr std::int64_t version_of_metadata = 2;
constexpr int foreign_patience_ms = 2000;
constexpr int metadata_column = 6;

std::string select_of(std::int64_t version) {
    const std::string_view metadata = version >= version_of_metadata ? "metadata" : "NULL";
    return "SELECT task_id, core_id, status, priority, timeout, created_at, " +
           std::string(metadata) + " FROM tasks ORDER BY created_at, rowid";
}

Json task_of(const Statement& row) {
    Json task = Json::object();
    task.set("task_id", std::string(row.bytes(0)));
    task.set("core_id", std::string(row.bytes(1)));
    task.set("status", std::string(row.bytes(2)));
    task.set("priority", row.number(3));
    task.set("timeout", row.number(4));
    task.set("created_at", std::string(row.bytes(5)));
    if (!row.is_null(metadata_column)) {
        task.set("metadata", std::string(row.bytes(metadata_column)));
    }
    return task;
}

}  // namespace

Result<Json> read_orch_next(const std::string& path) {
    if (std::error_code error; !std::filesystem::exists(path, error)) {
        return fail(Problem::not_found, "there is no file " + quoted(path));
    }
    ATTACCA_TRY(Database database, Database::open(path, OpenMode::reader));
    database.set_patience(foreign_patience_ms);
    const std::int64_t version = database.number("PRAGMA user_version");
    if (database.failure().kind == Failure::Kind::corrupt) {
        return fail(Problem::invalid_value, quoted(path) + " is no SQLite database");
    }
    if (database.has_failed()) {
        return database.error();
    }
    if (version < 1 || version > version_of_metadata) {
        return fail(Problem::invalid_value, quoted(path) + " has user_version " +
                                                std::to_string(version) +
                                                "; files of versions 1 and 2 can be read");
    }
    Json tasks = Json::array();
    Statement select(database, select_of(version));
    while (select.next()) {
        tasks.push(task_of(select));
    }
    if (database.has_failed()) {
        return fail(Problem::corrupt,
                    quoted(path) + " is no ORCH-Next database: " + database.failure().text);
    }
    return tasks;
}

}  // namespace attacca::sqlite
