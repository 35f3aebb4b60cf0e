// SPDX-License-Identifier: Apache-2.0
#include "core/job/job_index.h"

#include <map>

#include <gtest/gtest.h>

namespace attacca::core {
namespace {

// Only `spread` of the random bits differ, so that many ids share a home.
JobId id_of(std::uint32_t number, std::uint32_t spread) {
    JobId id;
    id.uuid.bytes[0] = static_cast<std::uint8_t>(number);
    id.uuid.bytes[1] = static_cast<std::uint8_t>(number >> 8U);
    id.uuid.bytes[15] = static_cast<std::uint8_t>(number % spread);
    return id;
}

// The index beside a map that does the same, through thousands of random steps.
void compare_with_map(std::uint32_t spread) {
    JobIndex index;
    std::map<JobId, std::uint32_t> expected;
    std::uint32_t random = spread;
    for (int step = 0; step < 20000; ++step) {
        random = random * 1664525U + 1013904223U;
        const std::uint32_t number = (random >> 16U) % 500;
        const JobId id = id_of(number, spread);
        const auto is_it = [&](std::uint32_t slot) { return id_of(slot, spread) == id; };
        const auto it = expected.find(id);
        ASSERT_EQ(index.find(id, is_it), it == expected.end() ? no_index : it->second);
        if (it == expected.end()) {
            index.add(id, number);
            expected.emplace(id, number);
        } else {
            index.remove(id, number);
            expected.erase(it);
        }
    }
}

TEST(JobIndex, FindsWhatWasAddedAndNotRemoved) {
    compare_with_map(251);
}

TEST(JobIndex, HoldsWhenManyIdsShareOneHome) {
    compare_with_map(1);
    compare_with_map(3);
}

TEST(JobIndex, OfNothingFindsNothing) {
    const JobIndex index;
    EXPECT_EQ(index.find(id_of(1, 1), [](std::uint32_t) { return true; }), no_index);
}

}  // namespace
}  // namespace attacca::core
