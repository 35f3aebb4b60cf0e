// SPDX-License-Identifier: Apache-2.0
#include "core/schedule/schedule.h"

#include <gtest/gtest.h>

#include "core/workflow/workflow.h"

namespace attacca::core {
namespace {

Schedule sample() {
    Schedule schedule;
    schedule.tenant = "t";
    schedule.name = "nightly";
    schedule.spec_text.text = R"({"cron":"@daily"})";
    schedule.definition_digest = Sha256{};
    schedule.is_paused = true;
    schedule.created_at = {1};
    schedule.set_at = {2};
    schedule.decided_to = {3};
    schedule.queued = {{4}, {5}};
    schedule.started = 6;
    schedule.skipped = 7;
    schedule.missed = 8;
    schedule.last = Schedule::Last{{9}, FireOutcome::skipped, std::nullopt};
    return schedule;
}

TEST(Schedule, ItsImageHoldsAllThatRecordsTell) {
    const Schedule schedule = sample();
    const Schedule again = load_schedule(image_of(schedule)).value();
    EXPECT_EQ(image_of(again), image_of(schedule));
    EXPECT_EQ(again.name, "nightly");
    EXPECT_EQ(again.queued, schedule.queued);
    EXPECT_EQ(again.last, schedule.last);
    EXPECT_TRUE(again.is_paused);
    Schedule other = sample();
    other.last->job = JobId{};
    other.spec_text = {{}, Sha256{}};
    EXPECT_EQ(load_schedule(image_of(other)).value().last, other.last);
    EXPECT_EQ(load_schedule(image_of(other)).value().spec_text, other.spec_text);
}

TEST(Schedule, ADamagedImageIsRefused) {
    const std::string image = image_of(sample());
    for (const char* key : {"tenant", "name", "paused", "set_at", "decided_to", "queued"}) {
        std::string damaged = image;
        damaged.replace(damaged.find(key), 2, "zz");
        EXPECT_FALSE(load_schedule(damaged).has_value()) << key;
    }
    EXPECT_FALSE(load_schedule("{}").has_value());
    EXPECT_FALSE(load_schedule("").has_value());
}

}  // namespace
}  // namespace attacca::core
