// SPDX-License-Identifier: Apache-2.0
#include "core/dead_letter/dead_letter.h"

#include <gtest/gtest.h>

namespace attacca::core {
namespace {

DeadLetter sample_letter() {
    DeadLetter letter;
    letter.tenant = "blue";
    letter.job = JobId{uuid_v7({1'700'000'000'000'000}, 1, 2)};
    letter.what = {3, Parked::poison, 7, "nightly", "scan", 2};
    letter.at = {1'700'000'000'000'000};
    return letter;
}

TEST(DeadLetterImage, ComesBackAsItWas) {
    DeadLetter letter = sample_letter();
    const std::string open = image_of(letter);
    ASSERT_TRUE(load_dead_letter(open).has_value());
    EXPECT_EQ(image_of(*load_dead_letter(open)), open);
    EXPECT_EQ(load_dead_letter(open)->what, letter.what);
    letter.state = DeadLetterState::replayed;
    letter.closed_at = {1'700'000'000'000'001};
    letter.closed_by = "usr:ann";
    letter.replay = JobId{uuid_v7({1'700'000'000'000'002}, 3, 4)};
    const std::string closed = image_of(letter);
    ASSERT_TRUE(load_dead_letter(closed).has_value());
    EXPECT_EQ(image_of(*load_dead_letter(closed)), closed);
    const std::string entity = dead_letter_entity("blue", letter.job);
    EXPECT_TRUE(is_closed_dead_letter(entity, closed));
    EXPECT_FALSE(is_closed_dead_letter(entity, open));
    EXPECT_FALSE(is_closed_dead_letter("ledger", ""));
}

TEST(DeadLetterImage, ThatIsDamagedIsRefused) {
    const std::string image = image_of(sample_letter());
    for (const char* part : {"poison", "\"job\"", "open", "\"at\""}) {
        std::string damaged = image;
        damaged.replace(damaged.find(part), 2, "zz");
        EXPECT_FALSE(load_dead_letter(damaged).has_value()) << part;
    }
}

TEST(DeadLetterEntity, NamesAJobOfItsTenant) {
    const JobId job = sample_letter().job;
    const std::string entity = dead_letter_entity("blue", job);
    EXPECT_EQ(entity, "dead-letter/blue/" + job.text());
    EXPECT_EQ(job_of_dead_letter(entity, "blue"), job);
    EXPECT_EQ(job_of_dead_letter(entity, "blu"), std::nullopt);
    EXPECT_EQ(job_of_dead_letter(entity + "0", "blue"), std::nullopt);
    EXPECT_EQ(job_of_dead_letter("dead-letter/blue/", "blue"), std::nullopt);
}

TEST(Parked, HasANameForEachCause) {
    for (int i = 0; i < parked_count; ++i) {
        const auto parked = static_cast<Parked>(i);
        EXPECT_EQ(parked_of(name_of(parked)), parked);
    }
    EXPECT_EQ(parked_of("elsewhere"), std::nullopt);
}

}  // namespace
}  // namespace attacca::core
