// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

struct sqlite3;
struct sqlite3_stmt;

// A connection and its prepared statements, without sqlite3.h.
//
// The first failure of a connection is kept until clear_failure(): a writer runs many statements
// and asks once. One thread at a time: connections are opened without SQLite's own mutex.

namespace attacca::sqlite {

// Unsigned 64-bit values are stored as the signed ones with the same bits.
[[nodiscard]] inline std::int64_t stored_u64(std::uint64_t value) {
    return static_cast<std::int64_t>(value);
}
[[nodiscard]] inline std::uint64_t loaded_u64(std::int64_t value) {
    return static_cast<std::uint64_t>(value);
}

struct Failure {
    enum class Kind { none, full, busy, corrupt, other } kind = Kind::none;
    std::string text;
};

enum class OpenMode {
    writer,     // read and write, created when it is missing
    reader,     // reads; never writes or checkpoints
    immutable,  // reads a file that nobody may change, without lock, WAL or shared memory
};

class Database {
  public:
    Database() = default;
    ~Database();
    Database(Database&& other) noexcept;
    Database& operator=(Database&& other) noexcept;

    // Errors: io_error, storage_full, corrupt.
    [[nodiscard]] static Result<Database> open(const std::string& path, OpenMode mode);

    // Runs SQL text that returns no rows of interest. False on failure.
    bool run(const std::string& sql);
    // The first column of the first row, or 0.
    [[nodiscard]] std::int64_t number(const std::string& sql);
    // The first column of the first row, or nothing.
    [[nodiscard]] std::string text(const std::string& sql);

    enum class Checkpoint {
        whole,   // every frame of the WAL is in the database file, and both are synced
        partly,  // a reader still needs the older state
        failed,
    };
    // Copies WAL frames into the database file and makes the next commit begin the WAL anew, as far
    // as readers permit.
    Checkpoint checkpoint();
    [[nodiscard]] bool is_in_transaction() const;
    [[nodiscard]] std::int64_t changed_rows() const;
    // How long a call waits for another connection.
    void set_patience(int milliseconds);

    [[nodiscard]] bool has_failed() const { return failure_.kind != Failure::Kind::none; }
    [[nodiscard]] const Failure& failure() const { return failure_; }
    // The failure as an error of the port. Precondition: has_failed().
    [[nodiscard]] Error error() const;
    void clear_failure() { failure_ = {}; }
    // Notes what a call of SQLite answered; true when it was a success.
    bool note(int code);
    [[nodiscard]] sqlite3* handle() const { return handle_; }
    // The number of frames in the WAL, kept by the writer's commits.
    [[nodiscard]] int wal_frames() const;

  private:
    struct WalCount {
        int frames = 0;
    };
    sqlite3* handle_ = nullptr;
    // Apart, because SQLite's hook keeps its address while this object moves.
    std::unique_ptr<WalCount> wal_;
    Failure failure_;
};

// A prepared statement. It refers to its Database, which must outlive it and not move.
class Statement {
  public:
    Statement() = default;
    // Prepares; a failure is noted in the database, and each step then fails.
    Statement(Database& database, std::string_view sql);
    ~Statement();
    Statement(Statement&& other) noexcept;
    Statement& operator=(Statement&& other) noexcept;

    // Bound bytes must stay until reset() or the next run(); positions count from 1.
    void bind(int position, std::int64_t value);
    void bind_text(int position, std::string_view text);
    void bind_blob(int position, std::string_view bytes);
    void bind_null(int position);

    // Steps once; true when there is a row. At the end or on failure the statement is reset.
    [[nodiscard]] bool next();
    // Runs a statement that gives no rows; false on failure.
    bool run();
    void reset();

    // Of the current row; positions count from 0. Views are valid until the next step.
    [[nodiscard]] bool is_null(int position) const;
    [[nodiscard]] std::int64_t number(int position) const;
    [[nodiscard]] std::string_view bytes(int position) const;
    // False when the column does not hold 32 bytes.
    [[nodiscard]] bool digest(int position, Sha256& out) const;

  private:
    Database* database_ = nullptr;
    sqlite3_stmt* handle_ = nullptr;
};

}  // namespace attacca::sqlite
