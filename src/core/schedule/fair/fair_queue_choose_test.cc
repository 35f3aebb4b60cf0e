// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <vector>

#include "core/schedule/fair/pool_for_test.h"

namespace attacca::core::fair {
namespace {

// One lane whose tenants stand in line, one that workers claim from.
class FairChoice : public testing::Test {
  protected:
    FairChoice() {
        queue.add_lane({0, 4, 0, false});
        queue.add_lane({0, 0, 0, true});
    }
    EntryIndex push(FlowIndex flow, std::size_t priority = 1, std::int64_t now = 0) {
        return queue.enqueue({++ids, flow, priority, now, none}, now);
    }

    FairQueue queue;
    std::uint64_t ids = 0;
};

TEST_F(FairChoice, OfOneLaneSeesNothingOfTheOther) {
    const TenantIndex tenant = queue.add_tenant(1000);
    const FlowIndex claimed = queue.add_flow(tenant, 1);
    const EntryIndex task = push(claimed);
    EXPECT_EQ(queue.choose_in(0, 0), none);
    const EntryIndex own = push(queue.flow_of(tenant, 0));
    EXPECT_EQ(queue.choose_in(0, 0), own);
    EXPECT_EQ(queue.choose_of(claimed, 0), task);
}

TEST_F(FairChoice, OfAFlowGoesByPriorityAndKeepsTheTenantsLimit) {
    const TenantIndex tenant = queue.add_tenant(1000);
    queue.set_max_running(tenant, 1, 0);
    const FlowIndex flow = queue.add_flow(tenant, 1);
    (void)push(flow, 2);
    const EntryIndex high = push(flow, 0);
    ASSERT_EQ(queue.choose_of(flow, 0), high);
    queue.start(high, 0);
    EXPECT_EQ(queue.choose_of(flow, sec), none);
    (void)queue.take_stirred();
    queue.complete(high, sec);
    EXPECT_EQ(queue.take_stirred(), std::vector<FlowIndex>{flow});
    EXPECT_NE(queue.choose_of(flow, sec), none);
}

TEST_F(FairChoice, AFlowThatWasDroppedIsUsedAgainForAnother) {
    const TenantIndex first = queue.add_tenant(1000);
    const TenantIndex second = queue.add_tenant(1000);
    const FlowIndex local = queue.flow_of(first, 0);
    const FlowIndex flow = queue.add_flow(first, 1);
    const EntryIndex entry = push(flow);
    queue.start(entry, 0);
    queue.complete(entry, sec);
    queue.drop_flow(flow);
    EXPECT_EQ(queue.flow_of(first, 0), local);
    EXPECT_EQ(queue.flow(local).next_of_tenant, none);
    EXPECT_EQ(queue.add_flow(second, 1), flow);
    EXPECT_EQ(queue.flow(flow).tenant, second);
    EXPECT_EQ(queue.flow(flow).held_us, 0);
    EXPECT_EQ(queue.choose_of(flow, sec), none);
}

TEST_F(FairChoice, ARateThatIsCountedElsewhereEndsAtItsInstant) {
    const TenantIndex tenant = queue.add_tenant(1000);
    const EntryIndex entry = push(queue.flow_of(tenant, 0));
    queue.slow_until(tenant, 3 * sec, 0);
    EXPECT_EQ(queue.choose_in(0, 3 * sec - 1), none);
    EXPECT_EQ(queue.flow(queue.flow_of(tenant, 0)).reasons, because_rate);
    EXPECT_EQ(queue.choose_in(0, 3 * sec + 256), entry);
    queue.slow_until(tenant, 9 * sec, 4 * sec);
    EXPECT_EQ(queue.choose_in(0, 4 * sec), none);
    queue.slow_until(tenant, 0, 4 * sec);
    EXPECT_EQ(queue.choose_in(0, 4 * sec), entry);
    EXPECT_EQ(queue.next_wake_us(), never);
}

}  // namespace
}  // namespace attacca::core::fair
