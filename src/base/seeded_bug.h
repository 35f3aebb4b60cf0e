// SPDX-License-Identifier: Apache-2.0
#pragma once

// A seeded bug is a mistake that a build can be asked for (cmake -DATTACCA_BUG=BUG_…), so that the
// simulator can prove that it would find it: tests/sim/bugs.md lists them. In every other build
// ATTACCA_BUG(name) is the constant false, and the branch behind it is no code.
//
// The macros tell whether `name` is defined as 1: it is then pasted into one that brings a comma.

#define ATTACCA_BUG_IS_1 0,
#define ATTACCA_BUG_SECOND(first, second, ...) second
#define ATTACCA_BUG_PICK(...) ATTACCA_BUG_SECOND(__VA_ARGS__)
#define ATTACCA_BUG_JOIN(value) ATTACCA_BUG_PICK(ATTACCA_BUG_IS_##value true, false, false)
#define ATTACCA_BUG_VALUE(value) ATTACCA_BUG_JOIN(value)
#define ATTACCA_BUG(name) ATTACCA_BUG_VALUE(name)
