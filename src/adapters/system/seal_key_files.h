// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ports/seal_keys.h"

namespace attacca::system {

// One file for each sealed job, `<job>.seal`, of 32 bytes. None of them is ever a part of the
// database, so no backup of that brings a key back. What is destroyed is overwritten first; a file
// system that keeps old blocks keeps them all the same.
class SealKeyFiles final : public ports::SealKeys {
  public:
    // The directory is made with the first key.
    explicit SealKeyFiles(std::string directory) : directory_(std::move(directory)) {}

    [[nodiscard]] Result<core::SealKey> create(const core::JobId& job) override;
    [[nodiscard]] Result<core::SealKey> load(const core::JobId& job) override;
    [[nodiscard]] Result<void> destroy(const core::JobId& job) override;
    [[nodiscard]] Result<std::vector<core::JobId>> list() override;

  private:
    [[nodiscard]] std::string path_of(const core::JobId& job) const;
    const std::string directory_;
};

}  // namespace attacca::system
