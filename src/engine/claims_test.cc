// SPDX-License-Identifier: Apache-2.0
#include "engine/claims.h"

#include <gtest/gtest.h>

namespace attacca::engine {
namespace {

core::Claim claim_of(std::string worker, std::vector<std::string> lanes) {
    core::Claim claim;
    claim.tenant = "t";
    claim.worker = std::move(worker);
    claim.lanes = std::move(lanes);
    return claim;
}

TEST(Claims, ServesTheOldestOfALane) {
    Claims claims;
    claims.add(claim_of("w1", {"a"}), {}, MonoTime{10});
    claims.add(claim_of("w2", {"a"}), {}, MonoTime{5});
    ASSERT_NE(claims.first({"t", "a"}), nullptr);
    EXPECT_EQ(claims.take_first({"t", "a"}).claim.worker, "w1");
    EXPECT_EQ(claims.take_first({"t", "a"}).claim.worker, "w2");
    EXPECT_EQ(claims.first({"t", "a"}), nullptr);
}

TEST(Claims, AreServedWithWhatTheirWorkerHasTheCapabilitiesFor) {
    Claims claims;
    claims.add(claim_of("w1", {"a"}), {}, MonoTime{10});
    core::Claim able = claim_of("w2", {"a"});
    able.capabilities = {"cuda", "gpu"};
    claims.add(able, {}, MonoTime{10});
    EXPECT_EQ(claims.first({"t", "a", {"tpu"}}), nullptr);
    core::QueueReport report;
    report.lanes.push_back({"t", "a", {"gpu"}, 1, 0, 0});
    claims.count_into(report, {});
    ASSERT_EQ(report.lanes.size(), 2U);  // and the one that needs nothing
    EXPECT_EQ(report.lanes[0].workers, 2U);
    EXPECT_EQ(report.lanes[1].workers, 1U);
    EXPECT_EQ(claims.take_first({"t", "a", {"gpu"}}).claim.worker, "w2");
    EXPECT_EQ(claims.first({"t", "a", {"gpu"}}), nullptr);
    EXPECT_EQ(claims.take_first({"t", "a"}).claim.worker, "w1");
}

TEST(Claims, OfAnotherTenantWaitForAnotherLane) {
    Claims claims;
    claims.add(claim_of("w1", {"a"}), {}, MonoTime{10});
    EXPECT_EQ(claims.first({"u", "a"}), nullptr);
}

TEST(Claims, ForSeveralLanesLeaveAllOfThemAtOnce) {
    Claims claims;
    claims.add(claim_of("w1", {"a", "b", "a"}), {}, MonoTime{10});
    EXPECT_EQ(claims.take_first({"t", "b"}).claim.worker, "w1");
    EXPECT_EQ(claims.first({"t", "a"}), nullptr);
    EXPECT_EQ(claims.size(), 0U);
    EXPECT_FALSE(claims.next());
}

TEST(Claims, AreDueInTheOrderOfTheirTimes) {
    Claims claims;
    claims.add(claim_of("w1", {"a"}), {}, MonoTime{10});
    claims.add(claim_of("w2", {"a"}), {}, MonoTime{5});
    EXPECT_EQ(claims.next(), MonoTime{5});
    EXPECT_FALSE(claims.take_due(MonoTime{4}));
    EXPECT_EQ(claims.take_due(MonoTime{10})->claim.worker, "w2");
    EXPECT_EQ(claims.take_due(MonoTime{10})->claim.worker, "w1");
    EXPECT_FALSE(claims.take_due(MonoTime{10}));
}

TEST(Claims, AreServedInTheOrderOfTheirArrivalWhateverTheirWorkersHave) {
    Claims claims;
    for (const char* capability : {"z", "a", "m", "a"}) {
        core::Claim claim = claim_of(capability, {"l"});
        claim.capabilities = {capability, "zz"};
        claims.add(claim, {}, MonoTime{10});
    }
    EXPECT_EQ(claims.take_first({"t", "l"}).claim.worker, "z");
    EXPECT_EQ(claims.take_first({"t", "l", {"zz"}}).claim.worker, "a");
    EXPECT_EQ(claims.take_first({"t", "l", {"a"}}).claim.worker, "a");
    EXPECT_EQ(claims.take_first({"t", "l"}).claim.worker, "m");
    EXPECT_EQ(claims.size(), 0U);
    EXPECT_EQ(claims.first({"t", "l"}), nullptr);
}

}  // namespace
}  // namespace attacca::engine
