// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "adapters/system/files.h"
#include "base/signature.h"
#include "ports/anchor.h"

namespace attacca::system {

// The directory of a witness:
//
//   LOCK  witness.key  witness.vkey          (files, 0600)
//   logs/<SHA-256 of the origin>             the newest cosigned checkpoint of each log
//
// One process at a time; the lock lasts as long as the object.
class FileWitnessShelf final : public ports::WitnessShelf {
  public:
    // Makes what is missing. Errors: locked, bad_configuration, storage_full, io_error.
    [[nodiscard]] static Result<std::unique_ptr<FileWitnessShelf>> open(const std::string& root);

    // The key, made at the first call. Errors: bad_configuration, when it is missing beside logs
    // that it cosigned, unreadable, or readable by others; storage_full, io_error.
    [[nodiscard]] Result<Ed25519Seed> load_or_create_key();
    // The verifier key as text; nothing before write_vkey().
    [[nodiscard]] Result<std::optional<std::string>> vkey();
    [[nodiscard]] Result<void> write_vkey(const std::string& text);

    [[nodiscard]] Result<std::optional<std::string>> newest(const std::string& origin) override;
    [[nodiscard]] Result<void> keep(const std::string& origin, const std::string& note) override;

  private:
    explicit FileWitnessShelf(std::string root) : root_(std::move(root)) {}
    [[nodiscard]] std::string log_file(const std::string& origin) const;
    [[nodiscard]] Result<std::optional<std::string>> read_small(const std::string& path) const;

    std::string root_;
    Fd lock_;
};

}  // namespace attacca::system
