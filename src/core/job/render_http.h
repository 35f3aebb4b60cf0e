// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/job/attempt_spec.h"
#include "core/job/job.h"

// The request of an `http` or `notify` node, every expression replaced by its value.
//
// A value cannot add a header, a line or a scheme: what holds a control character, or an address
// that is none of http and https, fails the node.

namespace attacca::core {

// Errors: expression_invalid, invalid_value.
[[nodiscard]] Result<void> render_http(const Job& job, const NodeDef& node, const Names& names,
                                       HttpCall& out);

}  // namespace attacca::core
