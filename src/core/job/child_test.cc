// SPDX-License-Identifier: Apache-2.0
#include "core/job/child.h"

#include <gtest/gtest.h>

namespace attacca::core {
namespace {

TEST(ChildJobId, FollowsFromTheAttemptAlone) {
    const JobId parent{uuid_v7(WallTime{1'700'000'000'000'000}, 1, 2U << 8U)};
    const JobId other{uuid_v7(WallTime{1'700'000'000'000'000}, 1, 3U << 8U)};
    const JobId child = child_job_id(parent, FenceToken{7});
    EXPECT_EQ(child, child_job_id(parent, FenceToken{7}));
    EXPECT_NE(child, child_job_id(parent, FenceToken{8}));
    EXPECT_NE(child, child_job_id(other, FenceToken{7}));
    EXPECT_NE(child, parent);
    EXPECT_EQ(child.text().substr(0, 15), parent.text().substr(0, 15));
    EXPECT_EQ(Uuid::parse(child.text()), child.uuid);
}

}  // namespace
}  // namespace attacca::core
