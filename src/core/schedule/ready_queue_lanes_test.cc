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

TEST(ReadyQueueLanes, AnOwnersTasksAreFoundBehindThoseOfOthers) {
    ReadyQueue queue;
    for (std::uint32_t i = 0; i < 100; ++i) {
        (void)queue.push(task_of(i), dawn);
    }
    const auto push = [&](std::uint32_t slot, const std::string& owner, Priority priority) {
        ReadyNode node = task_of(slot);
        node.owner = owner;
        node.priority = priority;
        return queue.push(node, dawn);
    };
    const LaneKey worker{"t0", "ai"};
    const ReadyQueue::Handle first = push(101, "ada", Priority::medium);
    const ReadyQueue::Handle second = push(102, "ada", Priority::medium);
    const ReadyQueue::Handle high = push(103, "ada", Priority::high);
    (void)push(104, "bob", Priority::high);
    EXPECT_EQ(queue.choose_of_owner(worker, "ada", dawn), high);
    queue.start(high, dawn);
    EXPECT_EQ(queue.choose_of_owner(worker, "ada", dawn), first);
    queue.cancel(first, dawn);
    EXPECT_EQ(queue.choose_of_owner(worker, "ada", dawn), second);
    queue.start(second, dawn);
    EXPECT_EQ(queue.choose_of_owner(worker, "ada", dawn), ReadyQueue::no_handle);
    EXPECT_EQ(queue.choose_of_owner({"t1", "ai"}, "bob", dawn), ReadyQueue::no_handle);
}

TEST(ReadyQueueLanes, AnOwnersTaskWaitsForAWorkerThatCanDoIt) {
    ReadyQueue queue;
    ReadyNode node = task_of(1);
    node.owner = "ada";
    node.lane->capabilities = {"gpu"};
    const ReadyQueue::Handle picky = queue.push(node, dawn);
    EXPECT_EQ(queue.choose_of_owner({"t0", "ai"}, "ada", dawn), ReadyQueue::no_handle);
    EXPECT_EQ(queue.choose_of_owner({"t0", "ai", {"gpu"}}, "ada", dawn), picky);
}

TEST(ReadyQueueLanes, WhatALaneIsFreedForStirs) {
    ReadyQueue queue;
    (void)queue.push(task_of(1), dawn);
    (void)queue.take_stirred();
    queue.stir_all({"t0", "other"});
    EXPECT_FALSE(queue.has_stirred());
    queue.stir_all({"t0", "ai"});
    EXPECT_TRUE(queue.take_stirred().contains(LaneKey{"t0", "ai"}));
}

}  // namespace
}  // namespace attacca::core
