// SPDX-License-Identifier: Apache-2.0
#include "engine/recovery.h"

#include <gtest/gtest.h>

namespace attacca::engine {
namespace {

ports::LedgerTail tail_of(std::uint64_t size, std::uint64_t fence) {
    ports::LedgerTail tail;
    tail.size = size;
    tail.last_fence = fence;
    tail.last_at = WallTime{7};
    return tail;
}

TEST(Recovery, TakesFenceTimeAndSizeFromTheWholeLedger) {
    core::State state;
    state.last_fence = core::FenceToken{3};
    adopt_tail(state, tail_of(100, 40), {{"ledger", "system", 4, 99, {}}});
    EXPECT_EQ(state.last_fence, core::FenceToken{40});
    EXPECT_EQ(state.last_at, WallTime{7});
    EXPECT_EQ(state.size, 100U);
    EXPECT_EQ(state.entity_eseq.at("ledger"), 5U);
}

// A request of two jobs, one of which has ended: the live one alone is not the key's first answer.
TEST(Recovery, LeavesIdempotencyKeysToTheStore) {
    core::State state;
    state.keys[Sha256{}].ids.push_back(core::JobId{});
    state.key_order.emplace_back();
    adopt_tail(state, tail_of(100, 40), {});
    EXPECT_TRUE(state.keys.empty());
    EXPECT_TRUE(state.key_order.empty());
    EXPECT_EQ(state.newest_dropped_key_at, 100U);
}

}  // namespace
}  // namespace attacca::engine
