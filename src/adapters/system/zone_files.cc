// SPDX-License-Identifier: Apache-2.0
#include "adapters/system/zone_files.h"

#include <utility>

#include "adapters/system/files.h"
#include "core/schedule/zone_file.h"

namespace attacca::system {
namespace {

Error unknown(std::string_view name) {
    return fail(Problem::unknown_zone,
                "`" + quoted(name) + "` is no time zone of this machine; the names are those of "
                "the IANA database, such as UTC or Europe/Berlin");
}

}  // namespace

ZoneFiles::ZoneFiles(std::string directory) : directory_(std::move(directory)) {
    zones_.emplace("UTC", std::make_shared<const core::Zone>(core::utc_zone()));
}

Result<std::shared_ptr<const core::Zone>> ZoneFiles::find(std::string_view name) {
    const std::lock_guard lock(mutex_);
    const auto known = zones_.find(name);
    if (known != zones_.end()) {
        return known->second;
    }
    // Only such names become part of a path.
    if (!core::is_zone_name(name)) {
        return unknown(name);
    }
    const Result<std::string> bytes =
        read_file(directory_ + "/" + std::string(name), core::zone_file_bytes_max);
    if (!bytes) {
        return unknown(name);
    }
    ATTACCA_TRY(core::Zone zone, core::decode_zone_file(std::string(name), *bytes));
    auto shared = std::make_shared<const core::Zone>(std::move(zone));
    zones_.emplace(std::string(name), shared);
    return shared;
}

}  // namespace attacca::system
