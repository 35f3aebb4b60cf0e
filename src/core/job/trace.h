// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "core/job/ids.h"

// The trace that a job belongs to: W3C Trace Context, level 1, version 00. A job keeps the
// `traceparent` of the request that made it; each attempt is a span of its own below that one.

namespace attacca::core {

// `00-<32 hex digits>-<16 hex digits>-<2 hex digits>`, in lower case, neither id all zeros.
[[nodiscard]] bool is_trace_parent(std::string_view text);

// What the attempt with this fence hands on: the same trace and flags, itself as the parent.
// Precondition: is_trace_parent(of_job), and the fence is none of an attempt that never was (0).
[[nodiscard]] std::string trace_parent_of(std::string_view of_job, FenceToken attempt);

}  // namespace attacca::core
