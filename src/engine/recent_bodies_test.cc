// SPDX-License-Identifier: Apache-2.0
#include "engine/recent_bodies.h"

#include <string>

#include <gtest/gtest.h>

#include "base/digest.h"

namespace attacca::engine {
namespace {

core::MapExpanded naming(const std::string& text) {
    return {"node", 1, sha256(text)};
}

std::vector<core::BodySize> bodies(const std::vector<std::string>& texts) {
    std::vector<core::BodySize> made;
    for (const std::string& text : texts) {
        made.push_back({sha256(text), text.size()});
    }
    return made;
}

std::vector<Sha256> digests(const std::vector<core::BodySize>& bodies) {
    std::vector<Sha256> found;
    for (const core::BodySize& body : bodies) {
        found.push_back(body.digest);
    }
    return found;
}

TEST(RecentBodies, TakesOutWhatWasNamedSinceTheLook) {
    RecentBodies recent;
    recent.note(naming("early"), 3);
    recent.note(naming("late"), 5);
    recent.note(core::AttemptStarted{}, 6);
    std::vector<core::BodySize> wanted = bodies({"early", "late", "never"});
    ASSERT_TRUE(recent.drop_named(wanted, 4));
    EXPECT_EQ(digests(wanted), digests(bodies({"early", "never"})));
    ASSERT_TRUE(recent.drop_named(wanted, 3));
    EXPECT_EQ(digests(wanted), digests(bodies({"never"})));
    ASSERT_TRUE(recent.drop_named(wanted, 7));
    EXPECT_EQ(wanted.size(), 1U);
}

TEST(RecentBodies, TheSameNameInARowIsAsYoungAsItsLastRecord) {
    RecentBodies recent(1);
    recent.note(naming("a"), 1);
    recent.note(naming("a"), 9);
    std::vector<core::BodySize> wanted = bodies({"a"});
    ASSERT_TRUE(recent.drop_named(wanted, 5));
    EXPECT_TRUE(wanted.empty());
}

TEST(RecentBodies, OfALookThatIsTooOldItCannotTell) {
    RecentBodies recent(2);
    recent.note(naming("a"), 1);
    recent.note(naming("b"), 2);
    std::vector<core::BodySize> wanted = bodies({"a"});
    ASSERT_TRUE(recent.drop_named(wanted, 2));
    EXPECT_EQ(wanted.size(), 1U);
    recent.note(naming("c"), 3);  // the first is forgotten
    EXPECT_FALSE(recent.drop_named(wanted, 1));
    EXPECT_TRUE(recent.drop_named(wanted, 2));
    recent.reset(10);
    EXPECT_FALSE(recent.drop_named(wanted, 9));
    EXPECT_TRUE(recent.drop_named(wanted, 10));
}

}  // namespace
}  // namespace attacca::engine
