// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "cli/fake_environment.h"

namespace attacca::cli {
namespace {

using Words = std::vector<std::string>;

TEST(WitnessCommand, FollowsTheLogsThatAreNamed) {
    FakeEnvironment env;
    EXPECT_EQ(env.run({"witness", "--data", "/w", "--listen", "127.0.0.1:7490", "--log", "a+1+2",
                       "--log", "b+3+4", "--name", "w.example"}),
              0);
    ASSERT_TRUE(env.witnessing);
    EXPECT_EQ(env.witnessing->data, "/w");
    EXPECT_EQ(env.witnessing->listen, "127.0.0.1:7490");
    EXPECT_EQ(env.witnessing->name, "w.example");
    EXPECT_EQ(env.witnessing->logs, (Words{"a+1+2", "b+3+4"}));
}

TEST(ServeCommand, PassesOnWhatIsKeptElsewhere) {
    FakeEnvironment env;
    env.files["policy.txt"] = "quorum none\n";
    env.variables["ATTACCA_ANCHOR_FILE"] = "/elsewhere/kept";
    EXPECT_EQ(env.run({"serve", "--witness", "http://w#key", "--witness", "http://v",
                       "--policy", "policy.txt"}),
              0);
    ASSERT_TRUE(env.served);
    EXPECT_EQ(env.served->anchors.file, "/elsewhere/kept");
    EXPECT_EQ(env.served->anchors.witnesses, (Words{"http://w#key", "http://v"}));
    EXPECT_EQ(env.served->anchors.policy, "quorum none\n");
    env.served.reset();
    EXPECT_EQ(env.run({"serve", "--policy", "missing.txt"}), 66);
    EXPECT_FALSE(env.served);
}

TEST(RestoreCommand, WantsToKnowWhoAndWhy) {
    FakeEnvironment env;
    EXPECT_EQ(env.run({"evidence", "restore"}), 64);
    EXPECT_EQ(env.run({"evidence", "restore", "--by", "ada"}), 64);
    EXPECT_EQ(env.run({"evidence", "restore", "--by", "ada", "--reason",
                       std::string(513, 'x')}),
              64);
    EXPECT_FALSE(env.restoring);
    EXPECT_EQ(env.run({"evidence", "restore", "--by", "ada", "--reason", "disk lost",
                       "--anchor-file", "/elsewhere/kept"}),
              0);
    ASSERT_TRUE(env.restoring);
    EXPECT_EQ(env.restoring->by, "ada");
    EXPECT_EQ(env.restoring->reason, "disk lost");
    EXPECT_EQ(env.restoring->anchors.file, "/elsewhere/kept");
    EXPECT_NE(env.out.find("goes on as a.example/x/2; 7 records are lost"), std::string::npos)
        << env.out;
}

}  // namespace
}  // namespace attacca::cli
