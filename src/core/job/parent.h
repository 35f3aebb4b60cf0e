// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/job/ids.h"

// How a child job names the attempt that made it: in its first record, and in the hot state.

namespace attacca::core {

// The attempt of a `job` node that made a job.
struct ParentRef {
    JobId job;
    std::string node;
    std::optional<std::uint32_t> item;
    FenceToken fence;
    friend bool operator==(const ParentRef&, const ParentRef&) = default;
};

// The attempt that waits for the end of a child job.
struct ParentLink {
    JobId job;
    InstanceIndex instance = no_index;
    FenceToken fence;
};

}  // namespace attacca::core
