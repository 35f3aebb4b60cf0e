// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/fake_environment.h"

namespace attacca::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* letter_text =
    R"({"id":"j1","state":"open","cause":"poison","name":"nightly","node":"scan","item":2,)"
    R"("attempts":3,"parked":1,"since":"2026-03-01T12:00:00.000Z"})";

class LettersTest : public testing::Test {
  protected:
    LettersTest() {
        env.files["/home/ada/.local/state/attacca/server.json"] =
            R"({"url":"http://127.0.0.1:7480"})";
        env.server = [this](const HttpRequest& request) -> Result<HttpResponse> {
            asked.push_back(request.method + " " + request.target + " " + request.body);
            return HttpResponse{200, {}, answer};
        };
    }

    FakeEnvironment env;
    std::string answer = std::string(R"({"items":[)") + letter_text + "]}";
    std::vector<std::string> asked;
};

TEST_F(LettersTest, AreListedByFilter) {
    EXPECT_EQ(env.run({"dlq", "list", "--cause", "poison", "--name", "a b"}), 0);
    EXPECT_THAT(asked, ElementsAre("GET /api/v1/dead-letters?limit=50&after=&cause=poison"
                                   "&name=a%20b "));
    EXPECT_THAT(env.out, HasSubstr("scan[2]"));
    EXPECT_THAT(env.out, HasSubstr("nightly"));
}

TEST_F(LettersTest, AreShownWithWhatBecameOfThem) {
    answer = R"({"id":"j1","state":"replayed","cause":"exhausted","name":"n","node":"a",)"
             R"("attempts":3,"since":"S","closed_at":"C","closed_by":"usr:ann",)"
             R"("replayed_as":"j2"})";
    EXPECT_EQ(env.run({"dlq", "show", "j1"}), 0);
    EXPECT_THAT(env.out, HasSubstr("replayed as job j2 by usr:ann, C\n"));
}

TEST_F(LettersTest, AreReplayedOneByOne) {
    answer = R"({"id":"j2"})";
    EXPECT_EQ(env.run({"dlq", "replay", "j1"}), 0);
    EXPECT_THAT(asked, ElementsAre("POST /api/v1/dead-letters/j1/replay "));
    EXPECT_EQ(env.out, "replayed as job j2\n");
}

TEST_F(LettersTest, AreReplayedByFilterUntilNoneIsLeft) {
    std::string full = "{\"ids\":[\"x\"";
    for (int i = 1; i < 1000; ++i) {
        full += ",\"x\"";
    }
    full += "]}";
    env.server = [this, full](const HttpRequest& request) -> Result<HttpResponse> {
        asked.push_back(request.body);
        return HttpResponse{200, {}, asked.size() == 1 ? full : R"({"ids":["y"]})"};
    };
    EXPECT_EQ(env.run({"dlq", "replay", "--node", "scan"}), 0);
    EXPECT_THAT(asked, ElementsAre(R"({"node":"scan","limit":1000})",
                                   R"({"node":"scan","limit":1000})"));
    EXPECT_EQ(env.out, "1001 dead letters replayed\n");
}

TEST_F(LettersTest, AreOnlyShownByADryRun) {
    EXPECT_EQ(env.run({"dlq", "discard", "--all", "--dry-run"}), 0);
    EXPECT_THAT(asked, ElementsAre("POST /api/v1/dead-letters/discard "
                                   R"({"limit":1000,"dry_run":true})"));
    EXPECT_THAT(env.out, HasSubstr("j1"));
}

TEST_F(LettersTest, AreDiscardedWithAReason) {
    answer = R"({"ids":["j1"]})";
    EXPECT_EQ(env.run({"dlq", "discard", "j1", "--reason", "gone"}), 0);
    EXPECT_THAT(asked, ElementsAre(R"(POST /api/v1/dead-letters/j1/discard {"reason":"gone"})"));
    EXPECT_EQ(env.out, "discarded\n");
}

TEST_F(LettersTest, MustBeChosen) {
    EXPECT_EQ(env.run({"dlq", "replay"}), 64);
    EXPECT_EQ(env.run({"dlq", "replay", "j1", "--dry-run"}), 64);
    EXPECT_THAT(env.err, HasSubstr("--dry-run lists what a filter or --all would take"));
    EXPECT_EQ(env.run({"dlq", "discard", "j1", "--all"}), 64);
    EXPECT_THAT(asked, ElementsAre());
}

}  // namespace
}  // namespace attacca::cli
