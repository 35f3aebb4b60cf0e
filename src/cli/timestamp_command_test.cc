// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "base/timestamp.h"
#include "cli/fake_environment.h"

namespace attacca::cli {
namespace {

// What an authority signs is tested where there is one: tests/verifier.
class TimestampTest : public testing::Test {
  protected:
    TimestampTest() {
        env.files["/home/ada/.local/state/attacca/server.json"] =
            R"({"url":"http://127.0.0.1:7480"})";
        env.server = [this](const HttpRequest& request) -> Result<HttpResponse> {
            if (request.server == "https://tsa.example") {
                return HttpResponse{status, {}, "no time stamp"};
            }
            return HttpResponse{200, {}, note};
        };
    }

    FakeEnvironment env;
    int status = 200;
    const std::string note =
        "evidence.example/ledger/1\n3\ntqVKNVSlBGZPsK9KDTci7Y8+FMlDSSrxsoron6u7KXY=\n\n"
        "\xe2\x80\x94 evidence.example/ledger/1 "
        "UB6BkuV/UoN24gOaJqCDkUSlhibRyn3PMaQ6bqP1hjjmnxF6l0YDSj+4ZpKUEOdZodqORE6PZRX3KmV7bYcJvCqI"
        "XQY=\n";
};

TEST_F(TimestampTest, TheAuthorityIsAskedForTheCheckpointsTextAndABadAnswerIsNotHandedOn) {
    EXPECT_EQ(env.run({"evidence", "timestamp", "--tsa", "https://tsa.example/a/b"}), 65)
        << env.err;
    const HttpRequest& asked = env.requests.back();
    EXPECT_EQ(asked.target, "/a/b");
    EXPECT_EQ(asked.headers.front().second, "application/timestamp-query");
    EXPECT_EQ(asked.body,
              timestamp_query(note.substr(0, note.find("\n\n") + 1),
                              static_cast<std::uint64_t>(env.time.wall.us)));
    EXPECT_NE(env.err.find("no request and response of RFC 3161"), std::string::npos) << env.err;
}

TEST_F(TimestampTest, AnAuthorityThatRefusesIsToldOf) {
    status = 500;
    EXPECT_EQ(env.run({"evidence", "timestamp", "--tsa", "https://tsa.example"}), 69);
    EXPECT_EQ(env.requests.back().target, "/");
    EXPECT_NE(env.err.find("answered 500"), std::string::npos);
}

TEST_F(TimestampTest, WithoutAnAuthorityNobodyIsAsked) {
    EXPECT_EQ(env.run({"evidence", "timestamp"}), 64);
    EXPECT_EQ(env.run({"evidence", "timestamp", "--tsa", "tsa.example"}), 64);
    EXPECT_EQ(env.run({"evidence", "timestamp", "--tsa", "http://t/", "--tsa-ca", "/none"}), 66);
}

}  // namespace
}  // namespace attacca::cli
