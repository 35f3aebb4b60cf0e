// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "core/command.h"
#include "http/api.h"

namespace attacca::http {

// The key of a submission, or nothing. `?deduplicate=content` makes one of the request itself.
// Errors: idempotency_malformed, query_invalid.
[[nodiscard]] Result<std::optional<core::IdempotencyKey>> idempotency_of(Call& call);

}  // namespace attacca::http
