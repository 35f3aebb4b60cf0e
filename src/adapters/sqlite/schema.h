// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "adapters/sqlite/database.h"
#include "base/result.h"

// The tables and how an older file becomes one of today.
//
// A change of the schema is a new step at the end of the table in schema.cc; a step that was
// released is never edited. `user_version` counts the steps that a file has.

namespace attacca::sqlite {

// The largest version that this program knows.
[[nodiscard]] int schema_version();

// Sets the connection's own settings. The first call on a new file makes it a WAL database.
// Errors: io_error, storage_full, bad_configuration.
[[nodiscard]] Result<void> prepare_writer(Database& database);
[[nodiscard]] Result<void> prepare_reader(Database& database);

// Runs the steps that are missing, in one transaction each.
// Errors: bad_configuration when the file is another program's or a newer version's; io_error,
// storage_full, corrupt.
[[nodiscard]] Result<void> migrate(Database& database);

// The same, but no further than `version`: for tests of files that older programs left.
[[nodiscard]] Result<void> migrate_to(Database& database, int version);

// Refuses what migrate() would refuse or change. Errors: bad_configuration, io_error, corrupt.
[[nodiscard]] Result<void> check_version(Database& database);

}  // namespace attacca::sqlite
