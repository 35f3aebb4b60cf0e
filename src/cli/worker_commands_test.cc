// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "cli/fake_environment.h"

namespace attacca::cli {
namespace {

constexpr const char* server = "http://127.0.0.1:1";

TEST(WorkerRun, PassesOnWhatIsSet) {
    FakeEnvironment env;
    env.files["/d/admin.token"] = "secret\n";
    EXPECT_EQ(env.run({"worker", "run", "--data", "/d", "--server", server, "--lane", "gpu",
                       "--lane", "cpu", "--slots", "3", "--ttl", "5s", "--name", "w", "--", "cmd",
                       "--flag"}),
              0)
        << env.err;
    ASSERT_TRUE(env.worked);
    EXPECT_EQ(env.worked->server, server);
    EXPECT_EQ(env.worked->lanes, (std::vector<std::string>{"gpu", "cpu"}));
    EXPECT_EQ(env.worked->slots, 3U);
    EXPECT_EQ(env.worked->ttl, seconds(5));
    EXPECT_EQ(env.worked->name, "w");
    EXPECT_EQ(env.worked->argv, (std::vector<std::string>{"cmd", "--flag"}));
    ASSERT_FALSE(env.worked->headers.empty());
    EXPECT_EQ(env.worked->headers.front().second, "Bearer secret");
}

TEST(WorkerRun, NeedsALaneACommandAndSaneNumbers) {
    FakeEnvironment env;
    EXPECT_EQ(env.run({"worker", "run", "--server", server, "--", "cmd"}), 64);
    EXPECT_EQ(env.run({"worker", "run", "--server", server, "--lane", "gpu"}), 64);
    for (const char* slots : {"0", "257", "x"}) {
        EXPECT_EQ(env.run({"worker", "run", "--server", server, "--lane", "gpu", "--slots", slots,
                           "--", "cmd"}),
                  64);
    }
    for (const char* ttl : {"10ms", "2h", "x"}) {
        EXPECT_EQ(env.run({"worker", "run", "--server", server, "--lane", "gpu", "--ttl", ttl,
                           "--", "cmd"}),
                  64);
    }
    EXPECT_FALSE(env.worked);
}

TEST(WorkersList, ShowsWhoHoldsWhatAndWhoWaits) {
    FakeEnvironment env;
    env.server = [](const HttpRequest& request) -> Result<HttpResponse> {
        EXPECT_EQ(request.target, "/api/v1/workers");
        return HttpResponse{200,
                            {},
                            R"({"items":[{"worker":"w1","lane":"gpu","job":"j","node":"a",)"
                            R"("attempt":2,"expires_in_ms":900}],)"
                            R"("waiting":[{"worker":"w2","lanes":["gpu","cpu"]}]})"};
    };
    EXPECT_EQ(env.run({"workers", "list", "--server", server, "--no-headers"}), 0);
    EXPECT_NE(env.out.find("w1"), std::string::npos);
    EXPECT_NE(env.out.find("900ms"), std::string::npos);
    EXPECT_NE(env.out.find("gpu,cpu"), std::string::npos);
}

}  // namespace
}  // namespace attacca::cli
