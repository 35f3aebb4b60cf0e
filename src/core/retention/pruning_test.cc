// SPDX-License-Identifier: Apache-2.0
#include "core/retention/pruning.h"

#include <gtest/gtest.h>

#include "core/decide.h"
#include "core/definition_for_test.h"

namespace attacca::core {
namespace {

TEST(Retention, IsANumberAndAUnit) {
    EXPECT_EQ(parse_retention("forever")->has_value(), false);
    EXPECT_EQ(parse_retention("90s")->value(), seconds(90));
    EXPECT_EQ(parse_retention("2m")->value(), seconds(120));
    EXPECT_EQ(parse_retention("3h")->value(), seconds(10'800));
    EXPECT_EQ(parse_retention("400d")->value(), seconds(400LL * 86'400));
    EXPECT_EQ(parse_retention("7y")->value(), seconds(7LL * 31'557'600));
    EXPECT_TRUE(parse_retention("100y").has_value());
    for (const char* text : {"", "y", "0d", "101y", "-1d", "1", "1w", " 1d", "1d ", "1.5d", "1y1d",
                             "99999999999999999999d"}) {
        EXPECT_FALSE(parse_retention(text).has_value()) << text;
    }
}

TEST(Retention, AJobMayAskForMoreThanIsUsual) {
    const RetentionPolicy policy{seconds(100), {}};
    EXPECT_EQ(shortest(policy), seconds(100));
    EXPECT_EQ(retention_of(policy, ""), seconds(100));
    EXPECT_EQ(retention_of(policy, "101s"), seconds(101));
    EXPECT_EQ(retention_of(policy, "forever"), std::nullopt);
    EXPECT_EQ(retention_of(policy, "99s"), seconds(100));
    EXPECT_EQ(retention_of(policy, "no time"), std::nullopt);
}

TEST(Retention, AJobMayAskForLessWhereThePolicySaysHowLittle) {
    const RetentionPolicy policy{seconds(100), seconds(10)};
    EXPECT_EQ(shortest(policy), seconds(10));
    EXPECT_EQ(retention_of(policy, ""), seconds(100));
    EXPECT_EQ(retention_of(policy, "20s"), seconds(20));
    EXPECT_EQ(retention_of(policy, "5s"), seconds(10));
    EXPECT_EQ(shortest({seconds(10), seconds(100)}), seconds(10));
    EXPECT_EQ(retention_of({seconds(10), seconds(100)}, "20s"), seconds(100));
    EXPECT_EQ(retention_of({{}, seconds(10)}, "20s"), seconds(20));
    EXPECT_EQ(retention_of({{}, seconds(10)}, ""), std::nullopt);
    EXPECT_EQ(shortest({{}, seconds(10)}), seconds(10));
    EXPECT_EQ(shortest({}), std::nullopt);
    EXPECT_EQ(retention_of({}, "20s"), std::nullopt);
}

TEST(Retention, WhatTheLedgerNeedsIsKeptForEver) {
    EXPECT_TRUE(is_kept_for_ever("key_rotated"));
    EXPECT_TRUE(is_kept_for_ever("entries_pruned"));
    EXPECT_TRUE(is_kept_for_ever("hold_placed"));
    EXPECT_FALSE(is_kept_for_ever("job_created"));
    EXPECT_FALSE(is_kept_for_ever("ledger_tick"));
    EXPECT_FALSE(is_kept_for_ever(""));
}

class PruningTest : public testing::Test {
  protected:
    Answer prune() {
        return bench.run(PruneEntries{{{1}, 7, 3, Sha256{}}, {"default"}, {job()}});
    }
    static JobId job() { return {uuid_v7({1'000}, 1, 1)}; }
    BenchForTest bench;
};

TEST_F(PruningTest, SaysWhatIsGone) {
    ASSERT_TRUE(prune().has_value());
    ASSERT_EQ(bench.all<EntriesPruned>().size(), 1U);
    EXPECT_EQ(bench.all<EntriesPruned>().front(), (EntriesPruned{{1}, 7, 3, Sha256{}}));
}

TEST_F(PruningTest, AHoldWins) {
    const JobId other{uuid_v7({1'000}, 2, 1)};
    for (const std::optional<JobId>& scope : {std::optional<JobId>(), std::optional(job())}) {
        ASSERT_TRUE(bench.run(PlaceHold{"default", "u", scope, "M", "c"}).has_value());
        const Answer answer = prune();
        ASSERT_FALSE(answer.has_value());
        EXPECT_EQ(answer.error().problem, Problem::under_hold);
        EXPECT_TRUE(bench.all<EntriesPruned>().empty());
        ASSERT_TRUE(bench.run(ReleaseHold{"default", "u", scope, "M", "c"}).has_value());
    }
    ASSERT_TRUE(bench.run(PlaceHold{"default", "u", other, "M", "c"}).has_value());
    ASSERT_TRUE(bench.run(SetTenant{"other", "u", {}}).has_value());
    ASSERT_TRUE(bench.run(PlaceHold{"other", "u", std::nullopt, "M", "c"}).has_value());
    EXPECT_TRUE(prune().has_value());
}

TEST_F(PruningTest, WhatIsCollectedIsCountedAndNothingIsNotRecorded) {
    ASSERT_TRUE(bench.run(CollectContent{}).has_value());
    EXPECT_TRUE(bench.all<ContentCollected>().empty());
    ASSERT_TRUE(bench.run(CollectContent{2, 30, {}, 0}).has_value());
    ASSERT_TRUE(bench.run(CollectContent{0, 0, {{Sha256{}, 5}, {Sha256{}, 7}}, 0}).has_value());
    EXPECT_EQ(bench.all<ContentCollected>(),
              (std::vector<ContentCollected>{{0, 30, 2}, {2, 12, 0}}));
    EXPECT_FALSE(is_kept_for_ever("content_collected"));
}

}  // namespace
}  // namespace attacca::core
