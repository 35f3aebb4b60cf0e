// SPDX-License-Identifier: Apache-2.0
#include "core/schedule/ready_queue.h"

#include <gtest/gtest.h>

namespace attacca::core {
namespace {

constexpr WallTime noon{1'700'000'000'000'000};

ReadyNode node_of(std::uint32_t tenant, std::uint32_t slot, const char* lane = nullptr) {
    ReadyNode node;
    node.tenant = tenant;
    if (lane != nullptr) {
        node.lane = LaneKey{"t" + std::to_string(tenant), lane};
    }
    node.since = noon;
    node.entry = {slot, 0, 0};
    return node;
}

TEST(ReadyQueue, ALaneOfWorkersTakesNoMemoryWhenItsWorkIsDone) {
    ReadyQueue queue;
    for (std::uint32_t i = 0; i < 1000; ++i) {
        const std::string name = "lane-" + std::to_string(i);
        const ReadyQueue::Handle entry = queue.push(node_of(0, i, name.c_str()), noon);
        EXPECT_EQ(queue.lanes().size(), 1U);
        if (i % 2 == 0) {
            queue.cancel(entry, noon);
        } else {
            ASSERT_EQ(queue.choose_of({"t0", name}, noon), entry);
            queue.start(entry, noon);
            queue.complete(entry, noon + seconds(1));
        }
        EXPECT_TRUE(queue.lanes().empty());
    }
    EXPECT_LE(queue.fair().flows(), 2U);
}

TEST(ReadyQueue, WorkersOfOneLaneAreStirredOnceForAllThatCameBefore) {
    ReadyQueue queue;
    (void)queue.push(node_of(0, 1, "gpu"), noon);
    (void)queue.push(node_of(0, 2, "gpu"), noon);
    (void)queue.push(node_of(1, 3, "gpu"), noon);
    EXPECT_EQ(queue.take_stirred().size(), 2U);  // of two tenants
    EXPECT_FALSE(queue.has_stirred());
    queue.stir({"t0", "gpu"});
    EXPECT_TRUE(queue.has_stirred());
}

TEST(ReadyQueue, LanesOfWorkersTakeNothingOfTheirTenantsWeight) {
    ReadyQueue queue;
    (void)queue.push(node_of(0, 0), noon);
    for (std::uint32_t i = 1; i < 20; ++i) {
        (void)queue.push(node_of(0, i, std::to_string(i).c_str()), noon);
    }
    const fair::FlowIndex local = queue.fair().entry(queue.choose(noon)).flow;
    EXPECT_EQ(queue.fair().flow(local).weight, weight_default);
    EXPECT_EQ(queue.fair().lane(0).active_weight, weight_default);
}

TEST(ReadyQueue, ASuspendedOneHoldsNothing) {
    ReadyQueue queue;
    queue.suspend();
    const ReadyQueue::Handle entry = queue.push(node_of(0, 1), noon);
    queue.push_unslotted({1, 0, 0});
    queue.start(entry, noon);
    queue.complete(entry, noon);
    EXPECT_EQ(queue.unslotted_head(), nullptr);
    EXPECT_EQ(queue.choose(noon), ReadyQueue::no_handle);
}

TEST(ReadyQueue, TheShareIsThatOfTheLastHalfMinuteWhateverWasBefore) {
    ReadyQueue queue;
    const ReadyQueue::Handle one = queue.push(node_of(0, 1), noon);
    queue.start(one, noon);
    queue.complete(one, noon + seconds(600));
    const WallTime later = noon + seconds(700);
    const ReadyQueue::Handle own = queue.push(node_of(0, 2), later);
    const ReadyQueue::Handle other = queue.push(node_of(1, 3), later);
    const ReadyQueue::Handle another = queue.push(node_of(1, 4), later);
    queue.start(own, later);
    queue.start(other, later);
    queue.start(another, later);
    const auto fairness = queue.fairness_of(0, later + seconds(45));
    ASSERT_TRUE(fairness);
    EXPECT_EQ(fairness->share_ppm, 333'333);
    EXPECT_EQ(queue.fairness_of(1, later + seconds(45))->share_ppm, 666'666);
    EXPECT_FALSE(queue.fairness_of(7, later));
}

TEST(ReadyQueue, AClockThatIsSetBackStopsNothing) {
    ReadyQueue queue;
    const ReadyQueue::Handle one = queue.push(node_of(0, 1), noon);
    queue.start(one, noon);
    queue.complete(one, noon + seconds(-3600));
    const ReadyQueue::Handle two = queue.push(node_of(0, 2), noon + seconds(-3600));
    EXPECT_EQ(queue.choose(noon + seconds(-3600)), two);
}

}  // namespace
}  // namespace attacca::core
