// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/command.h"
#include "http/reply.h"

// The limits of a tenant in answers: `RateLimit-Policy`, `RateLimit`, `Retry-After`.

namespace attacca::http {

void add_limits(Response& response, const std::vector<core::LimitNotice>& notices);
// 429 with what to do, or 422 where waiting would not help.
[[nodiscard]] Response throttled_response(const Reply& reply, const core::Throttled& throttled);

}  // namespace attacca::http
