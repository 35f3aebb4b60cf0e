// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "core/bundle/bundle_failures.h"
#include "core/bundle/custody.h"
#include "core/bundle/tar.h"
#include "core/job/ids.h"
#include "core/ledger/checkpoint.h"

namespace attacca::core {

// The job whose key seals the job of these records; nothing when it is not sealed.
[[nodiscard]] std::optional<JobId> seal_of(const RecordBytes& records);

// What a bundle says of the erasure of its job: a record of another entity, which leads to the same
// root. `path_of` reads the receipt of this name, and tells what is wrong with it. The time of the
// erasure; nothing when the bundle tells of none.
using ReadPath = std::function<std::optional<std::vector<Sha256>>(std::uint64_t gseq,
                                                                  const std::string& name)>;
[[nodiscard]] std::optional<WallTime> check_erasure(const BundleFiles& files,
                                                    const RecordBytes& records,
                                                    const Checkpoint& checkpoint,
                                                    const ReadPath& path_of,
                                                    BundleFailures& failures);

}  // namespace attacca::core
