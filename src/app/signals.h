// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/time.h"

// SIGINT and SIGTERM as numbers that a program asks for, instead of an end in the middle of
// something. One set of handlers serves the whole process; safe from any thread.

namespace attacca::app {

// Begins to catch them; later calls change nothing. What came before ended the process.
void catch_signals();

// How many of both came since catch_signals().
[[nodiscard]] int caught_signals();
[[nodiscard]] bool was_terminate_caught();

// Returns after `duration`, or as soon as a signal comes, or at once when one came since the last
// call. A negative duration waits for a signal only.
void sleep_until_signal(Duration duration);

// Writing to a pipe that nobody reads becomes an error instead of the end of the process.
void ignore_broken_pipes();

}  // namespace attacca::app
