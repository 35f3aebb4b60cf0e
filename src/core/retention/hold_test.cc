// SPDX-License-Identifier: Apache-2.0
#include "core/retention/hold.h"

#include <gtest/gtest.h>

namespace attacca::core {
namespace {

JobId job_number(std::uint64_t number) { return {uuid_v7({1'000}, number, number)}; }

Hold hold_of(std::optional<JobId> job, std::string matter) {
    return {job, std::move(matter), "counsel", {7}};
}

TEST(Holds, CoverTheirJobOrAllOfTheTenant) {
    Holds holds;
    EXPECT_EQ(holds.over(job_number(1)), nullptr);
    ASSERT_TRUE(holds.place(hold_of(job_number(1), "A")));
    EXPECT_NE(holds.over(job_number(1)), nullptr);
    EXPECT_EQ(holds.over(job_number(2)), nullptr);
    ASSERT_TRUE(holds.place(hold_of(std::nullopt, "B")));
    ASSERT_NE(holds.over(job_number(2)), nullptr);
    EXPECT_EQ(holds.over(job_number(2))->matter, "B");
}

TEST(Holds, StandUntilTheLastMatterIsReleased) {
    Holds holds;
    ASSERT_TRUE(holds.place(hold_of(job_number(1), "A")));
    ASSERT_TRUE(holds.place(hold_of(job_number(1), "B")));
    EXPECT_FALSE(holds.place(hold_of(job_number(1), "A")));
    EXPECT_TRUE(holds.release(job_number(1), "A"));
    EXPECT_NE(holds.over(job_number(1)), nullptr);
    EXPECT_FALSE(holds.release(job_number(1), "A"));
    EXPECT_FALSE(holds.release(std::nullopt, "B"));
    EXPECT_TRUE(holds.release(job_number(1), "B"));
    EXPECT_EQ(holds.over(job_number(1)), nullptr);
}

TEST(Holds, ComeBackFromTheirImage) {
    Holds holds;
    ASSERT_TRUE(holds.place(hold_of(job_number(1), "A \"quoted\" matter")));
    ASSERT_TRUE(holds.place(hold_of(std::nullopt, "B")));
    const Result<Holds> loaded = load_holds(image_of(holds));
    ASSERT_TRUE(loaded.has_value());
    EXPECT_EQ(loaded->all(), holds.all());
}

TEST(Holds, RefuseAnImageThatIsNotTheirs) {
    for (const char* image :
         {"", "{}", R"({"holds":[{}]})",
          R"({"holds":[{"scope":"job/x","matter":"A","by":"","at":1}]})",
          R"({"holds":[{"scope":"tenant","matter":"","by":"","at":1}]})",
          R"({"holds":[{"scope":"tenant","matter":"A","by":"","at":1},)"
          R"({"scope":"tenant","matter":"A","by":"","at":1}]})"}) {
        EXPECT_FALSE(load_holds(image).has_value()) << image;
    }
}

TEST(HoldScope, IsATenantOrAJob) {
    EXPECT_EQ(*parse_scope("tenant"), std::nullopt);
    EXPECT_EQ(*parse_scope(scope_text(job_number(3))), job_number(3));
    EXPECT_FALSE(parse_scope("job/").has_value());
    EXPECT_FALSE(parse_scope("ledger").has_value());
}

}  // namespace
}  // namespace attacca::core
