// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "adapters/sqlite/database.h"
#include "ports/store.h"

// The SQL of a listing of jobs, and its values. No value of a filter becomes part of the text but
// the numbers of states: with those written out, SQLite can choose a partial index.

namespace attacca::sqlite {

class JobListing {
  public:
    explicit JobListing(const ports::JobFilter& filter);

    // Whether only jobs that are not final are asked for.
    [[nodiscard]] bool is_of_live_jobs() const;
    // No job that is not final has a smaller id than this: spares the pass over all finished ones.
    void begin_at(const core::JobId& oldest_live);

    // The rows of one page and one more, newest first, with job_columns().
    [[nodiscard]] std::string page_sql() const;
    // How many rows there are without `after`, `limit` and `offset`.
    [[nodiscard]] std::string count_sql() const;
    // This object and the filter must stay until the statement has run.
    void bind_page(Statement& statement) const;
    void bind_count(Statement& statement) const;

  private:
    const ports::JobFilter& filter_;
    std::string lower_text_;
    core::JobId oldest_live_;
    std::string conditions_;
};

}  // namespace attacca::sqlite
