// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "adapters/sqlite/database.h"
#include "base/result.h"
#include "core/job/ids.h"
#include "core/job/states.h"
#include "ports/store_batch.h"

// A row of `jobs`, to and from the port's JobRow.
//
// `image`, 82 bytes, integers in big-endian order: eseq u64, last_gseq u64, started_at i64,
// ended_at i64, total u32, done u32, failed u32, running u32, reason u8, is_cancelling u8,
// last_link 32 bytes.

namespace attacca::sqlite {

// What the statement that inserts or updates a job says; binds use its positions.
[[nodiscard]] std::string_view job_insert_sql();
[[nodiscard]] std::string_view job_update_sql();
// `image` is working space that must stay until the statement has run.
void bind_insert(Statement& statement, const ports::JobRow& row, std::string& image);
void bind_update(Statement& statement, const ports::JobRow& row, std::string& image);

// The columns that load_job reads, from the first of the statement on.
[[nodiscard]] std::string_view job_columns();
// Errors: corrupt, saying which column is damaged.
[[nodiscard]] Result<ports::JobRow> load_job(const Statement& statement);
// The id of the current row for a person, also when it is damaged.
[[nodiscard]] std::string loaded_id_text(const Statement& statement);

// The stored number of a state, see schema.cc.
[[nodiscard]] constexpr int stored_state(core::JobState state) {
    return static_cast<int>(state) + 2;
}

}  // namespace attacca::sqlite
