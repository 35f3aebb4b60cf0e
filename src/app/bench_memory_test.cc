// SPDX-License-Identifier: Apache-2.0
#include "app/bench_memory.h"

#include <gtest/gtest.h>

namespace attacca::app {
namespace {

TEST(BenchMemory, WalksThroughWhateverItIsGiven) {
    for (const std::uint64_t bytes : {0U, 64U, 1U << 20U, 5U << 20U}) {
        EXPECT_GT(random_access_ns(bytes), 0.0) << bytes;
    }
}

}  // namespace
}  // namespace attacca::app
