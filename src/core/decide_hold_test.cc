// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>

#include "core/decide.h"
#include "core/definition_for_test.h"

namespace attacca::core {
namespace {

JobId held_job() { return {uuid_v7({1'000}, 1, 1)}; }

class HoldTest : public testing::Test {
  protected:
    Answer place(std::optional<JobId> job, const std::string& matter) {
        return bench.run(PlaceHold{"default", "u", job, matter, "counsel"});
    }
    Answer release(std::optional<JobId> job, const std::string& matter) {
        return bench.run(ReleaseHold{"default", "u", job, matter, "counsel"});
    }
    const Holds& holds() { return bench.state.registry.holds("default"); }

    BenchForTest bench;
};

TEST_F(HoldTest, IsPlacedOnceAndReleasedOnce) {
    EXPECT_TRUE(place(held_job(), "A").has_value());
    EXPECT_TRUE(place(held_job(), "A").has_value());
    EXPECT_EQ(bench.all<HoldPlaced>().size(), 1U);
    EXPECT_NE(holds().over(held_job()), nullptr);
    EXPECT_TRUE(release(held_job(), "A").has_value());
    EXPECT_EQ(holds().over(held_job()), nullptr);
    const Answer again = release(held_job(), "A");
    ASSERT_FALSE(again.has_value());
    EXPECT_EQ(again.error().problem, Problem::not_found);
}

TEST_F(HoldTest, OfATenantCoversItsJobsAndNobodyElses) {
    EXPECT_TRUE(place(std::nullopt, "A").has_value());
    EXPECT_NE(holds().over(held_job()), nullptr);
    EXPECT_EQ(bench.state.registry.holds("other").over(held_job()), nullptr);
}

TEST_F(HoldTest, NeedsAMatterThatIsText) {
    for (const std::string& matter : {std::string(), std::string("\xff")}) {
        const Answer answer = place(std::nullopt, matter);
        ASSERT_FALSE(answer.has_value());
        EXPECT_EQ(answer.error().problem, Problem::invalid_value);
    }
    EXPECT_TRUE(bench.all<HoldPlaced>().empty());
}

TEST_F(HoldTest, OfATenantThatDoesNotExistIsRefused) {
    const Answer answer = bench.run(PlaceHold{"nobody", "u", std::nullopt, "A", "counsel"});
    ASSERT_FALSE(answer.has_value());
    EXPECT_EQ(answer.error().problem, Problem::unknown_tenant);
}

TEST_F(HoldTest, ComesBackFromItsImage) {
    EXPECT_TRUE(place(held_job(), "A").has_value());
    Registry fresh;
    const std::string entity = hold_entity("default");
    ASSERT_TRUE(fresh.load(entity, bench.state.registry.image_of(entity), bench).has_value());
    EXPECT_EQ(fresh.holds("default").all(), holds().all());
}

}  // namespace
}  // namespace attacca::core
