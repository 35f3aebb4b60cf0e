// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/result.h"

// What a definition asks of whoever knows the workflows.

namespace attacca::core {

struct Definition;

// The version of a workflow that a `job` node names in place of a definition.
struct FoundWorkflow {
    std::shared_ptr<const Definition> definition;
    std::uint32_t version = 1;
};
// `version` 0: the newest. Errors: invalid_value (there is none, or it is disabled), and the
// store's.
using FindWorkflow =
    std::function<Result<FoundWorkflow>(const std::string& name, std::uint32_t version)>;

}  // namespace attacca::core
