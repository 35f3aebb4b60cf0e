// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <utility>

#include "adapters/sqlite/sqlite_reader.h"

// A connection of the reader's pool for the time of one call. Private to the reader.

namespace attacca::sqlite {

class SqliteReader::Borrowed {
  public:
    Borrowed(SqliteReader& reader, std::unique_ptr<ReadConnection> connection)
        : reader_(reader), connection_(std::move(connection)) {}
    ~Borrowed() { reader_.give_back(std::move(connection_)); }
    Borrowed(const Borrowed&) = delete;
    Borrowed& operator=(const Borrowed&) = delete;
    ReadConnection* operator->() { return connection_.get(); }
    ReadConnection& operator*() { return *connection_; }

    // The value, or the failure of one of the statements that made it.
    template <typename T>
    Result<T> answer(T value) {
        if (connection_->database.has_failed()) {
            Error error = connection_->database.error();
            connection_->database.clear_failure();
            return error;
        }
        return value;
    }

  private:
    SqliteReader& reader_;
    std::unique_ptr<ReadConnection> connection_;
};

}  // namespace attacca::sqlite
