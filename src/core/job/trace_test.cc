// SPDX-License-Identifier: Apache-2.0
#include "core/job/trace.h"

#include <gtest/gtest.h>

namespace attacca::core {
namespace {

// The example of the recommendation, 3.2.4.
const std::string example = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

TEST(Trace, KnowsAParent) {
    EXPECT_TRUE(is_trace_parent(example));
    EXPECT_FALSE(is_trace_parent(""));
    EXPECT_FALSE(is_trace_parent(example + "-x"));
    EXPECT_FALSE(is_trace_parent("01" + example.substr(2)));
    EXPECT_FALSE(is_trace_parent("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01"));
    EXPECT_FALSE(is_trace_parent("00-00000000000000000000000000000000-00f067aa0ba902b7-01"));
    EXPECT_FALSE(is_trace_parent("00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01"));
    EXPECT_FALSE(is_trace_parent("00-4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7-01"));
}

TEST(Trace, AnAttemptIsTheParentOfWhatItCalls) {
    EXPECT_EQ(trace_parent_of(example, FenceToken{0x1f}),
              "00-4bf92f3577b34da6a3ce929d0e0e4736-000000000000001f-01");
}

}  // namespace
}  // namespace attacca::core
