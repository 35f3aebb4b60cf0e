// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "cli/fake_environment.h"
#include "cli/job_feed.h"

namespace attacca::cli {
namespace {

std::vector<std::string> pieces_of(const std::vector<std::string>& chunks) {
    SseParser parser;
    std::vector<std::string> data;
    for (const std::string& chunk : chunks) {
        parser.feed(chunk, [&](std::string_view one) { data.emplace_back(one); });
    }
    return data;
}

TEST(SseParser, EventsEndWithAnEmptyLineHoweverTheBytesArrive) {
    const std::string text = ": hello\nid: 4\nevent: x\ndata: one\n\ndata:two\ndata: three\r\n\r\n";
    EXPECT_EQ(pieces_of({text}), (std::vector<std::string>{"one", "two\nthree"}));
    std::vector<std::string> bytes;
    for (const char byte : text) {
        bytes.emplace_back(1, byte);
    }
    EXPECT_EQ(pieces_of(bytes), (std::vector<std::string>{"one", "two\nthree"}));
}

TEST(SseParser, CommentsAndUnfinishedEventsGiveNothing) {
    EXPECT_TRUE(pieces_of({": ping\n\n", "data: half\n"}).empty());
}

std::string event(int id, const std::string& type) {
    return R"({"id":)" + std::to_string(id) + R"(,"type":")" + type +
           R"(","time":"2026-03-01T12:00:00.000Z","actor":"a","job":"j","data":{}})";
}

class ServerFeedTest : public testing::Test {
  protected:
    ServerFeedTest() {
        env.files["/home/ada/.local/state/attacca/server.json"] =
            R"({"url":"http://127.0.0.1:1"})";
        const Result<Invocation> in = parse_words(std::vector<std::string>{"doctor"});
        const Context context(env, *in, std::get<Settings>(resolve_settings(*in, env)));
        feed = server_feed(*Client::find(context), env, "j", model);
    }

    std::vector<std::uint64_t> follow(int ticks) {
        std::vector<std::uint64_t> seen;
        result = feed->follow([&](const JobEvent& one) { seen.push_back(one.gseq); },
                              [&] { return ticks-- > 0; });
        return seen;
    }

    FakeEnvironment env;
    ProgressModel model{"x"};
    std::unique_ptr<JobFeed> feed;
    Result<void> result;
};

TEST_F(ServerFeedTest, GivesWhatIsThereAndThenWhatComes) {
    env.server = [](const HttpRequest&) {
        return HttpResponse{200, {}, R"({"items":[)" + event(3, "job_created") + "]}"};
    };
    env.stream = [](const HttpRequest&, const std::function<bool(std::string_view)>& take) {
        static_cast<void>(take("data: " + event(5, "attempt_started") + "\n\n"));
        static_cast<void>(take("data: nonsense\n\n"));
        return Result<HttpResponse>{HttpResponse{200, {}, ""}};
    };
    EXPECT_EQ(follow(2), (std::vector<std::uint64_t>{3, 5}));
    EXPECT_TRUE(result);
    bool has_id = false;
    for (const auto& [name, value] : env.requests.at(1).headers) {
        has_id = has_id || (name == "Last-Event-ID" && value == "3");
    }
    EXPECT_TRUE(has_id);
}

TEST_F(ServerFeedTest, NoRequestIsMadeWhileAStreamIsOpen) {
    bool is_open = false;
    env.server = [&](const HttpRequest& request) -> Result<HttpResponse> {
        EXPECT_FALSE(is_open);
        if (request.target.find("/nodes?") != std::string::npos) {
            return HttpResponse{200, {}, R"({"items":[{"id":"m","item":0,"key":"k"}]})"};
        }
        return HttpResponse{200, {}, R"({"items":[]})"};
    };
    int streams = 0;
    env.stream = [&](const HttpRequest&, const std::function<bool(std::string_view)>& take) {
        is_open = true;
        if (++streams == 1) {
            std::string map = event(5, "map_expanded");
            map.replace(map.find("{}"), 2, R"({"node":"m","count":1})");
            EXPECT_FALSE(take("data: " + map + "\n\ndata: " + event(6, "attempt_started") +
                              "\n\n"));
        } else {
            EXPECT_TRUE(take("data: " + event(7, "attempt_started") + "\n\n"));
        }
        is_open = false;
        return Result<HttpResponse>{HttpResponse{200, {}, ""}};
    };
    EXPECT_EQ(follow(6), (std::vector<std::uint64_t>{5, 6, 7}));
    EXPECT_EQ(model.instance_name("m", 0), "m[k]");
}

TEST_F(ServerFeedTest, GivesUpAfterFiveFailuresInARow) {
    EXPECT_TRUE(follow(1000).empty());
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().problem, Problem::unreachable);
    EXPECT_EQ(env.requests.size(), 5U);
}

TEST_F(ServerFeedTest, AnErrorOfTheServerIsNotTriedAgain) {
    env.server = [](const HttpRequest&) { return HttpResponse{404, {}, "{}"}; };
    EXPECT_TRUE(follow(1000).empty());
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().problem, Problem::not_found);
    EXPECT_EQ(env.requests.size(), 1U);
}

TEST_F(ServerFeedTest, ALogsEndIsAskedForByRange) {
    env.server = [](const HttpRequest& request) {
        EXPECT_EQ(request.target,
                  "/api/v1/orchestration/jobs/j/nodes/a/logs?stream=stderr&attempt=2&item=3");
        return HttpResponse{206, {}, "end"};
    };
    EXPECT_EQ(feed->log_tail({"a", 3, 2, "stderr"}, 100), "end");
    EXPECT_EQ(env.requests.at(0).headers.at(0).second, "bytes=-100");
}

}  // namespace
}  // namespace attacca::cli
