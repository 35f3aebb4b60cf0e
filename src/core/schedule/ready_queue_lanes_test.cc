// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "core/schedule/ready_queue.h"

namespace attacca::core {
namespace {

constexpr WallTime dawn{1'700'000'000'000'000};

ReadyNode task_of(std::uint32_t slot) {
    ReadyNode node;
    node.lane = LaneKey{"t0", "ai"};
    node.since = dawn;
    node.entry = {slot, 0, 0};
    return node;
}

TEST(ReadyQueueLanes, AWorkerServesWhatItHasTheCapabilitiesFor) {
    ReadyQueue queue;
    ReadyNode picky = task_of(1);
    picky.lane->capabilities = {"cuda", "gpu"};
    const ReadyQueue::Handle scarce = queue.push(picky, dawn);
    EXPECT_EQ(queue.choose_of({"t0", "ai"}, dawn), ReadyQueue::no_handle);
    EXPECT_EQ(queue.choose_of({"t0", "ai", {"gpu"}}, dawn), ReadyQueue::no_handle);
    EXPECT_EQ(queue.choose_of({"t0", "other", {"cuda", "gpu"}}, dawn), ReadyQueue::no_handle);
    EXPECT_EQ(queue.choose_of({"t0", "ai", {"avx", "cuda", "gpu"}}, dawn), scarce);
    const ReadyQueue::Handle any = queue.push(task_of(2), dawn);
    EXPECT_EQ(queue.choose_of({"t0", "ai"}, dawn), any);
}

// A worker that can do both gives each the same time; what was idle before gains nothing by that.
TEST(ReadyQueueLanes, AWorkerServesTheLaneThatHadLeastTime) {
    ReadyQueue queue;
    WallTime now = dawn;
    const auto work = [&](bool is_scarce) {
        ReadyNode node = task_of(1);
        node.since = now;
        if (is_scarce) {
            node.lane->capabilities = {"gpu"};
        }
        return queue.push(node, now);
    };
    std::vector<ReadyQueue::Handle> scarce;
    const auto serve = [&](std::size_t count) {
        std::size_t of_scarce = 0;
        for (std::size_t i = 0; i < count; ++i) {
            const ReadyQueue::Handle chosen = queue.choose_of({"t0", "ai", {"gpu"}}, now);
            of_scarce += std::ranges::find(scarce, chosen) == scarce.end() ? 0U : 1U;
            queue.start(chosen, now);
            now = now + seconds(1);
            queue.complete(chosen, now);
        }
        return of_scarce;
    };
    for (std::size_t i = 0; i < 200; ++i) {
        (void)work(false);
    }
    EXPECT_EQ(serve(100), 0U);
    for (std::size_t i = 0; i < 50; ++i) {
        scarce.push_back(work(true));
    }
    const std::size_t of_scarce = serve(40);
    EXPECT_GE(of_scarce, 19U);
    EXPECT_LE(of_scarce, 21U);
}

}  // namespace
}  // namespace attacca::core
