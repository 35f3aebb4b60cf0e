// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/json.h"
#include "base/result.h"
#include "core/graph/definition.h"
#include "core/job/job.h"

// What a concurrency key or a lock is called. A text stands as it is, any other value as its JSON;
// what is longer than 200 bytes is named by its SHA-256, because names travel in records.

namespace attacca::core {

inline constexpr std::size_t exclusion_name_bytes_max = 200;

// Errors: invalid_value (null, empty, or no UTF-8).
[[nodiscard]] Result<std::string> exclusion_name(Json value);

// A job that is about to be made.
struct KeyedJob {
    const Definition& definition;
    const JobId& id;
    const std::string& name;
    const std::string& tenant;
    const std::string& details;  // JSON text
};
// Its concurrency key; empty: it has none. Errors: expression_invalid, invalid_value.
[[nodiscard]] Result<std::string> concurrency_key_of(const KeyedJob& job);

// The lock that the instance's next attempt takes; empty: none. Errors: as above.
[[nodiscard]] Result<std::string> render_lock(const Job& job, InstanceIndex instance);

}  // namespace attacca::core
