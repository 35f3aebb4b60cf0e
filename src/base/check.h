// SPDX-License-Identifier: Apache-2.0
#pragma once

// ATTACCA_CHECK stops the process when something that must not happen did: a wrong ledger is worse
// than a stopped server. It is on in every build. What *can* happen is an Error, not a check.

namespace attacca {

[[noreturn]] void check_failed(const char* expression, const char* file, int line);

}  // namespace attacca

#define ATTACCA_CHECK(expression)                                      \
    do {                                                               \
        if (!(expression)) [[unlikely]] {                              \
            ::attacca::check_failed(#expression, __FILE__, __LINE__);  \
        }                                                              \
    } while (false)
