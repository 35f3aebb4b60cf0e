// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "ports/anchor.h"

namespace attacca::system {

// Whether `path` would stand in `directory` or below it, links resolved: what is restored together
// is no anchor.
[[nodiscard]] bool is_inside(const std::string& path, const std::string& directory);

class SystemAnchorFile final : public ports::AnchorFile {
  public:
    explicit SystemAnchorFile(std::string path) : path_(std::move(path)) {}
    [[nodiscard]] Result<std::optional<std::string>> read() override;
    [[nodiscard]] Result<void> keep(const std::string& note) override;

  private:
    std::string path_;
};

}  // namespace attacca::system
