// SPDX-License-Identifier: Apache-2.0
#include "adapters/system/system_entropy.h"

#include <set>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace attacca::system {
namespace {

TEST(SystemEntropy, DrawsDoNotRepeatAcrossBlocks) {
    SystemEntropy entropy;
    std::set<std::uint64_t> seen;
    for (int i = 0; i < 2000; ++i) {
        EXPECT_TRUE(seen.insert(entropy.draw()).second);
    }
}

TEST(SystemEntropy, NoTwoThreadsGetTheSameDraw) {
    SystemEntropy entropy;
    std::vector<std::vector<std::uint64_t>> draws(4);
    std::vector<std::thread> threads;
    for (std::vector<std::uint64_t>& mine : draws) {
        threads.emplace_back([&entropy, &mine] {
            for (int i = 0; i < 1000; ++i) {
                mine.push_back(entropy.draw());
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    std::set<std::uint64_t> seen;
    for (const std::vector<std::uint64_t>& some : draws) {
        seen.insert(some.begin(), some.end());
    }
    EXPECT_EQ(seen.size(), 4000U);
}

TEST(SystemEntropy, RandomBytesHaveTheLengthAskedForAndDiffer) {
    EXPECT_EQ(random_bytes(0), "");
    EXPECT_EQ(random_bytes(1000).size(), 1000U);
    EXPECT_NE(random_bytes(32), random_bytes(32));
}

}  // namespace
}  // namespace attacca::system
