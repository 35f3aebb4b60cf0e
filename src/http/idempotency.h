// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/command.h"
#include "http/api.h"

// Which submissions are one: those with the same Idempotency-Key, or those of equal content.
// Pure. Keys are of one tenant.

namespace attacca::http {

struct Idempotency {
    std::optional<core::IdempotencyKey> key;  // of the header
    bool is_by_content = false;               // `?deduplicate=content`, and no header
};

// Takes `deduplicate` from the call's query. Errors: idempotency_malformed, invalid_value.
[[nodiscard]] Result<Idempotency> idempotency_of(Call& call);

// The key of what the jobs are, however it was written: equal definitions, names, parameters,
// labels and so on, in one order, sent to one path.
[[nodiscard]] core::IdempotencyKey content_key(const std::string& tenant,
                                               const std::string& path,
                                               const std::vector<core::NewJob>& jobs);

}  // namespace attacca::http
