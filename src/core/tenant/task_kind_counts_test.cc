// SPDX-License-Identifier: Apache-2.0
#include "core/tenant/task_kind_counts.h"

#include <gtest/gtest.h>

namespace attacca::core {
namespace {

Definition asking(const std::string& lane, std::size_t from, std::size_t to) {
    Definition definition;
    for (std::size_t i = from; i < to; ++i) {
        definition.task_kinds.push_back({lane, {"c" + std::to_string(1000 + i)}});
    }
    return definition;
}

TEST(TaskKindCounts, ForgetAKindWithTheLastJobThatAsksForIt) {
    TaskKindCounts counts;
    const Definition few = asking("l", 0, 2);
    const Definition more = asking("l", 1, 4);
    counts.add(few);
    counts.add(more);
    EXPECT_EQ(counts.kinds_of("l"), 4U);
    EXPECT_EQ(counts.kinds_of("k"), 0U);
    counts.remove(more);
    EXPECT_EQ(counts.kinds_of("l"), 2U);
    EXPECT_TRUE(counts.has({"l", {"c1001"}}));
    counts.remove(few);
    EXPECT_EQ(counts, TaskKindCounts{});
}

TEST(TaskKindCounts, TellTheLaneThatWouldBeOverfilled) {
    TaskKindCounts counts;
    counts.add(asking("l", 0, 60));
    const Definition fits = asking("l", 50, 64);
    const Definition much = asking("l", 58, 65);
    const Definition other = asking("m", 0, 64);
    EXPECT_FALSE(crowded_by(counts, {}));
    EXPECT_FALSE(crowded_by(counts, {&fits, &other}));
    const auto crowded = crowded_by(counts, {&other, &much});
    ASSERT_TRUE(crowded);
    EXPECT_EQ(crowded->lane, "l");
    EXPECT_EQ(crowded->now, 60U);
    EXPECT_EQ(crowded->more, 5U);
    EXPECT_EQ(crowded->own, 7U);
    // Neither fits beside the other.
    const Definition two = asking("m", 64, 65);
    EXPECT_TRUE(crowded_by(counts, {&other, &two}));
}

// As a ledger of an older release may leave it.
TEST(TaskKindCounts, LetInWhatAddsNothingAlsoWhereThereAreTooMany) {
    TaskKindCounts counts;
    counts.add(asking("l", 0, 100));
    const Definition known = asking("l", 20, 90);
    const Definition fresh = asking("l", 100, 101);
    EXPECT_FALSE(crowded_by(counts, {&known}));
    EXPECT_TRUE(crowded_by(counts, {&fresh}));
}

}  // namespace
}  // namespace attacca::core
