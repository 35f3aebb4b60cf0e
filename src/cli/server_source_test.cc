// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "cli/fake_environment.h"
#include "cli/job_source.h"

namespace attacca::cli {
namespace {

TEST(ServerSource, AQueryHoldsWhatIsAskedAndNothingElse) {
    JobQuery query;
    EXPECT_EQ(query_text(query), "limit=50");
    query.statuses = {"failed", "paused"};
    query.type = "scan";
    query.text = "a&b";
    query.cursor = "c=";
    EXPECT_EQ(query_text(query),
              "limit=50&status=failed&status=paused&type=scan&text=a%26b&cursor=c%3d");
}

TEST(ServerSource, NodesAreReadPageByPage) {
    FakeEnvironment env;
    std::string page = R"({"items":[)";
    for (int i = 0; i < 1000; ++i) {
        page += (i == 0 ? "" : ",") + std::string{R"({"id":"m","item":)"} + std::to_string(i) +
                "}";
    }
    page += "]}";
    env.server = [&](const HttpRequest& request) -> Result<HttpResponse> {
        if (request.target.ends_with("offset=0")) {
            return HttpResponse{200, {}, page};
        }
        return HttpResponse{200, {}, R"({"items":[{"id":"last","key":"k"}]})"};
    };
    const Result<Invocation> in = parse_words(
        std::vector<std::string>{"doctor", "--server", "http://127.0.0.1:1"});
    const Context context(env, *in, std::get<Settings>(resolve_settings(*in, env)));
    const auto source = server_source(*Client::find(context));
    const Result<std::vector<Instance>> all = source->instances("j");
    ASSERT_TRUE(all);
    EXPECT_EQ(all->size(), 1001U);
    EXPECT_EQ(all->at(999).item, 999U);
    EXPECT_EQ(all->back().node, "last");
    EXPECT_FALSE(all->back().item);
    EXPECT_EQ(env.requests.size(), 2U);
}

TEST(ServerSource, AnAnswerOfAnotherShapeIsAnError) {
    FakeEnvironment env;
    env.server = [](const HttpRequest&) { return HttpResponse{200, {}, "[]"}; };
    const Result<Invocation> in = parse_words(
        std::vector<std::string>{"doctor", "--server", "http://127.0.0.1:1"});
    const Context context(env, *in, std::get<Settings>(resolve_settings(*in, env)));
    EXPECT_EQ(server_source(*Client::find(context))->instances("j").error().problem,
              Problem::internal);
}

}  // namespace
}  // namespace attacca::cli
