// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "base/result.h"
#include "ports/zones.h"

// Time zones from the system's compiled files (Debian package tzdata). A file is read once: a new
// version of the rules takes effect with the next start.
//
// Safe from any thread.

namespace attacca::system {

inline constexpr const char* zone_directory = "/usr/share/zoneinfo";

class ZoneFiles final : public ports::Zones {
  public:
    explicit ZoneFiles(std::string directory = zone_directory);

    [[nodiscard]] Result<std::shared_ptr<const core::Zone>> find(std::string_view name) override;

  private:
    std::string directory_;
    std::mutex mutex_;  // guards zones_
    std::map<std::string, std::shared_ptr<const core::Zone>, std::less<>> zones_;
};

}  // namespace attacca::system
