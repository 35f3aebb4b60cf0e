// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "adapters/system/files.h"
#include "base/result.h"
#include "base/signature.h"
#include "base/time.h"

// The data directory: where each thing stands, and the three that are made only once.
//
//   attacca.db  LOCK  server.json  admin.token  ballast      (files, 0600)
//   keys/  cas/  live/<fence>/  work/<fence>/                (directories, 0700)
//
// Whoever holds the lock owns the directory. The spawner inherits the descriptor, so a new server
// waits until the children of a killed one are gone.
//
// The ledger key is never made again by accident: create_ledger_key() is for an empty ledger only,
// and load_ledger_key() of a missing file is bad_configuration.

namespace attacca::system {

// A secret that others can read is no secret: it is refused (bad_configuration), not repaired.
// Errors: also those of read_file().
[[nodiscard]] Result<std::string> read_secret(const std::string& path);

inline constexpr Duration lock_wait = seconds(10);

class DataDir {
  public:
    // Makes the directory and its parts. Errors: bad_configuration when it cannot be made or when
    // others may write there; storage_full.
    [[nodiscard]] static Result<DataDir> open(const std::string& root);
    // The same paths, without touching anything: for programs that only read. Made absolute.
    [[nodiscard]] static DataDir at(std::string root);

    [[nodiscard]] const std::string& root() const { return root_; }
    [[nodiscard]] std::string database() const { return root_ + "/attacca.db"; }
    [[nodiscard]] std::string lock_file() const { return root_ + "/LOCK"; }
    [[nodiscard]] std::string server_file() const { return root_ + "/server.json"; }
    [[nodiscard]] std::string token_file() const { return root_ + "/admin.token"; }
    [[nodiscard]] std::string ballast() const { return root_ + "/ballast"; }
    [[nodiscard]] std::string keys() const { return root_ + "/keys"; }
    [[nodiscard]] std::string seals() const { return keys() + "/sealed"; }
    [[nodiscard]] std::string ledger_key_file() const { return keys() + "/ledger.key"; }
    [[nodiscard]] std::string cas() const { return root_ + "/cas"; }
    [[nodiscard]] std::string live() const { return root_ + "/live"; }
    [[nodiscard]] std::string work() const { return root_ + "/work"; }

    // Waits up to `wait` for the exclusive lock, which lasts until every copy of the descriptor is
    // closed. Calls `on_wait`, which may be empty, once when that takes more than a moment.
    // Errors: locked, io_error.
    [[nodiscard]] Result<Fd> lock(Duration wait = lock_wait,
                                  const std::function<void()>& on_wait = {}) const;

    // Removes the directories of attempts that a former process left. Call it with the lock held,
    // before any attempt starts.
    [[nodiscard]] Result<void> clear_attempts() const;

    // Precondition: the ledger is empty. Errors: state_conflict when there is a key already.
    [[nodiscard]] Result<Ed25519Seed> create_ledger_key() const;
    // Errors: bad_configuration when it is missing, unreadable, or readable by others.
    [[nodiscard]] Result<Ed25519Seed> load_ledger_key() const;

    // The administrator's bearer token, made at the first call: 32 random bytes in hexadecimal.
    [[nodiscard]] Result<std::string> load_or_create_token() const;
    // Errors: not_found, bad_configuration.
    [[nodiscard]] Result<std::string> load_token() const;

  private:
    explicit DataDir(std::string root) : root_(std::move(root)) {}
    std::string root_;
};

}  // namespace attacca::system
