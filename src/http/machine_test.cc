// SPDX-License-Identifier: Apache-2.0
#include "http/machine.h"

#include <gtest/gtest.h>

namespace attacca::http {
namespace {

TEST(Machine, SaysPlausibleNumbers) {
    const Machine machine = look_at_machine("/");
    EXPECT_LE(machine.cpu_percent, 100U);
    EXPECT_GT(machine.memory_percent, 0U);
    EXPECT_LE(machine.memory_percent, 100U);
    EXPECT_GT(machine.disk_used_bytes, 0U);
    EXPECT_GT(machine.resident_bytes, 1'000'000U);
}

TEST(Machine, ADirectoryThatIsNotThereHasNoDisk) {
    EXPECT_EQ(look_at_machine("/no/such/directory").disk_used_bytes, 0U);
}

}  // namespace
}  // namespace attacca::http
