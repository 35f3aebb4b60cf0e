// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

// What root may do beyond the rights of the user 0: capabilities(7).

namespace attacca::spawner {

// Gives up all capabilities for good: those in hand and those that a program could get by exec or
// by inheritance. A process that has none keeps a bounding set that it may not change, which
// `no_new_privs` makes void.
//
// `path` is a file of this process' own. Where directories on the way to it are closed to user 0,
// who got there by a capability, CAP_DAC_READ_SEARCH stays, and nothing else.
//
// Only system calls, so that it may run between fork and exec. False with errno.
[[nodiscard]] bool drop_capabilities(const char* path);

}  // namespace attacca::spawner
