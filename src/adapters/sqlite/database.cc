// SPDX-License-Identifier: Apache-2.0
#include "adapters/sqlite/database.h"

#include <cerrno>
#include <cstring>
#include <mutex>
#include <utility>

#include <sqlite3.h>

#include "base/check.h"

namespace attacca::sqlite {

namespace {

Failure::Kind kind_of(int code, int system_error) {
    switch (code & 0xFF) {
        case SQLITE_FULL:
            return Failure::Kind::full;
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return Failure::Kind::busy;
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return Failure::Kind::corrupt;
        case SQLITE_CANTOPEN:
            return system_error == ENOSPC || system_error == EDQUOT ? Failure::Kind::full
                                                                    : Failure::Kind::other;
        default:
            // A sync that fails for lack of space is no `full`: the frames may be in the file.
            return Failure::Kind::other;
    }
}

int flags_of(OpenMode mode) {
    constexpr int common = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_EXRESCODE;
    switch (mode) {
        case OpenMode::writer:
            return common | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
        case OpenMode::reader:
            return common | SQLITE_OPEN_READONLY;
        case OpenMode::immutable:
            return common | SQLITE_OPEN_READONLY | SQLITE_OPEN_URI;
    }
    ATTACCA_CHECK(false);
}

// A `file:` name in which no byte of the path has a meaning of its own.
std::string immutable_uri(const std::string& path) {
    std::string uri = "file:";
    for (const char byte : path) {
        if (byte == '/') {
            uri += byte;
        } else {
            uri += '%';
            append_hex(uri, std::string_view(&byte, 1));
        }
    }
    return uri + "?immutable=1";
}

void configure_once() {
    static std::once_flag once;
    // Counting every allocation costs a lock each time, and nobody reads the count.
    std::call_once(once, [] { sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); });
}

}  // namespace

Database::~Database() {
    if (handle_ != nullptr) {
        ATTACCA_CHECK(sqlite3_close(handle_) == SQLITE_OK);  // else a statement was left behind
    }
}

Database::Database(Database&& other) noexcept
    : handle_(std::exchange(other.handle_, nullptr)),
      wal_(std::move(other.wal_)),
      failure_(std::move(other.failure_)) {}

Database& Database::operator=(Database&& other) noexcept {
    std::swap(handle_, other.handle_);
    std::swap(wal_, other.wal_);
    std::swap(failure_, other.failure_);
    return *this;
}

Result<Database> Database::open(const std::string& path, OpenMode mode) {
    configure_once();
    Database database;
    const std::string name = mode == OpenMode::immutable ? immutable_uri(path) : path;
    const int code = sqlite3_open_v2(name.c_str(), &database.handle_, flags_of(mode), nullptr);
    if (database.handle_ == nullptr) {
        return fail(Problem::io_error, "out of memory while opening " + quoted(path));
    }
    if (!database.note(code)) {
        Error error = database.error();
        error.detail += " (" + quoted(path) + ")";
        return error;
    }
    // The writer checkpoints by name only, and a reader never: SQLite 3.40 may damage the file when
    // two connections do it at once.
    sqlite3_db_config(database.handle_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    sqlite3_db_config(database.handle_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(database.handle_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    database.wal_ = std::make_unique<WalCount>();
    if (mode == OpenMode::writer) {
        int keep = 1;
        sqlite3_file_control(database.handle_, "main", SQLITE_FCNTL_PERSIST_WAL, &keep);
        sqlite3_wal_hook(
            database.handle_,
            [](void* count, sqlite3*, const char*, int frames) {
                static_cast<WalCount*>(count)->frames = frames;
                return SQLITE_OK;
            },
            database.wal_.get());
    }
    return database;
}

bool Database::note(int code) {
    if (code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW) {
        return true;
    }
    if (!has_failed()) {
        const int system_error = sqlite3_system_errno(handle_);
        failure_.kind = kind_of(code, system_error);
        failure_.text = std::string("sqlite: ") + sqlite3_errmsg(handle_) + " (" +
                        std::to_string(code) + ")";
        if (system_error != 0) {
            failure_.text += ", errno " + std::to_string(system_error);
        }
    }
    return false;
}

Error Database::error() const {
    ATTACCA_CHECK(has_failed());
    switch (failure_.kind) {
        case Failure::Kind::full:
            return fail(Problem::storage_full, failure_.text);
        case Failure::Kind::corrupt:
            return fail(Problem::corrupt, failure_.text);
        case Failure::Kind::none:
        case Failure::Kind::busy:
        case Failure::Kind::other:
            break;
    }
    return fail(Problem::io_error, failure_.text);
}

bool Database::run(const std::string& sql) {
    return note(sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr));
}

std::int64_t Database::number(const std::string& sql) {
    Statement statement(*this, sql);
    return statement.next() ? statement.number(0) : 0;
}

std::string Database::text(const std::string& sql) {
    Statement statement(*this, sql);
    return statement.next() ? std::string(statement.bytes(0)) : std::string();
}

Database::Checkpoint Database::checkpoint() {
    int frames = 0;
    int copied = 0;
    const int code = sqlite3_wal_checkpoint_v2(handle_, "main", SQLITE_CHECKPOINT_RESTART, &frames,
                                               &copied);
    // Busy tells that a reader is in the WAL, which may be with every frame copied.
    if ((code & 0xFF) != SQLITE_BUSY && !note(code)) {
        return Checkpoint::failed;
    }
    return frames == copied ? Checkpoint::whole : Checkpoint::partly;
}

bool Database::is_in_transaction() const { return sqlite3_get_autocommit(handle_) == 0; }
std::int64_t Database::changed_rows() const { return sqlite3_changes64(handle_); }
void Database::set_patience(int milliseconds) { sqlite3_busy_timeout(handle_, milliseconds); }
int Database::wal_frames() const { return wal_->frames; }

Statement::Statement(Database& database, std::string_view sql) : database_(&database) {
    database.note(sqlite3_prepare_v3(database.handle(), sql.data(), static_cast<int>(sql.size()),
                                     SQLITE_PREPARE_PERSISTENT, &handle_, nullptr));
}

Statement::~Statement() { sqlite3_finalize(handle_); }

Statement::Statement(Statement&& other) noexcept
    : database_(std::exchange(other.database_, nullptr)),
      handle_(std::exchange(other.handle_, nullptr)) {}

Statement& Statement::operator=(Statement&& other) noexcept {
    std::swap(database_, other.database_);
    std::swap(handle_, other.handle_);
    return *this;
}

void Statement::bind(int position, std::int64_t value) {
    database_->note(sqlite3_bind_int64(handle_, position, value));
}

// An empty view may have no address, which SQLite would take for NULL.
void Statement::bind_text(int position, std::string_view text) {
    const char* bytes = text.data() == nullptr ? "" : text.data();
    database_->note(sqlite3_bind_text64(handle_, position, bytes, text.size(), SQLITE_STATIC,
                                        SQLITE_UTF8));
}

void Statement::bind_blob(int position, std::string_view bytes) {
    const char* data = bytes.data() == nullptr ? "" : bytes.data();
    database_->note(sqlite3_bind_blob64(handle_, position, data, bytes.size(), SQLITE_STATIC));
}

void Statement::bind_null(int position) {
    database_->note(sqlite3_bind_null(handle_, position));
}

bool Statement::next() {
    const int code = handle_ == nullptr ? SQLITE_MISUSE : sqlite3_step(handle_);
    if (code == SQLITE_ROW) {
        return true;
    }
    database_->note(code);
    reset();
    return false;
}

bool Statement::run() {
    const int code = handle_ == nullptr ? SQLITE_MISUSE : sqlite3_step(handle_);
    const bool is_done = database_->note(code);
    reset();
    return is_done;
}

// The answer of reset repeats the failure that next() and run() have noted.
void Statement::reset() { sqlite3_reset(handle_); }

bool Statement::is_null(int position) const {
    return sqlite3_column_type(handle_, position) == SQLITE_NULL;
}

std::int64_t Statement::number(int position) const {
    return sqlite3_column_int64(handle_, position);
}

std::string_view Statement::bytes(int position) const {
    const void* data = sqlite3_column_blob(handle_, position);
    const int size = sqlite3_column_bytes(handle_, position);
    return data == nullptr ? std::string_view()
                           : std::string_view(static_cast<const char*>(data),
                                              static_cast<std::size_t>(size));
}

bool Statement::digest(int position, Sha256& out) const {
    const std::string_view found = bytes(position);
    if (found.size() != out.bytes.size()) {
        return false;
    }
    std::memcpy(out.bytes.data(), found.data(), found.size());
    return true;
}

}  // namespace attacca::sqlite
