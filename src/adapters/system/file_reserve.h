// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "ports/reserve.h"

// Two mebibytes of allocated file, deleted when the disk is full. Not thread-safe.

namespace attacca::system {

class FileReserve final : public ports::Reserve {
  public:
    explicit FileReserve(std::string path) : path_(std::move(path)) {}
    void release() override;
    [[nodiscard]] bool restore() override;

  private:
    std::string path_;
};

}  // namespace attacca::system
