// SPDX-License-Identifier: Apache-2.0
#include "adapters/curl/http_runner.h"

#include <condition_variable>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/curl/loopback_server_for_test.h"
#include "base/json.h"

namespace attacca::curl {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class NoContent final : public ports::Content {
  public:
    Result<Sha256> put(std::string_view) override { return Sha256{}; }
    Result<Sha256> adopt(const std::string&) override { return Sha256{}; }
    Result<std::uint64_t> size(const Sha256&) const override { return std::uint64_t{0}; }
    Result<std::string> read(const Sha256&, std::uint64_t, std::uint64_t) const override {
        return std::string();
    }
};

class HttpRunnerTest : public testing::Test {
  protected:
    core::AttemptReport run(const core::HttpCall& call, HttpRunnerOptions options) {
        HttpRunner runner(options, content_, [this](core::AttemptReport report) { take(report); });
        core::AttemptSpec spec;
        spec.fence = core::FenceToken{++fence_};
        spec.kind = core::NodeKind::http;
        spec.http = call;
        spec.timeout = seconds(20);
        runner.start(spec);
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return report_.has_value(); });
        core::AttemptReport report = *std::exchange(report_, std::nullopt);
        lock.unlock();
        EXPECT_TRUE(runner.report_again().empty());
        lock.lock();
        EXPECT_EQ(report_, report);  // until it is acknowledged
        report_.reset();
        return report;
    }
    core::AttemptReport run(const core::HttpCall& call) {
        HttpRunnerOptions options;
        options.allows_private = true;
        return run(call, options);
    }

  private:
    void take(const core::AttemptReport& report) {
        const std::scoped_lock lock(mutex_);
        report_ = report;
        changed_.notify_all();
    }

    NoContent content_;
    std::uint64_t fence_ = 0;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::optional<core::AttemptReport> report_;
};

LoopbackServer::Handler canned(std::string answer) {
    return [text = std::move(answer)](const std::string&, int fd) {
        LoopbackServer::say(fd, text);
    };
}

core::HttpCall get(const std::string& url) {
    core::HttpCall call;
    call.url = url;
    return call;
}

TEST_F(HttpRunnerTest, AnAnswerBecomesOutputs) {
    LoopbackServer server(canned("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"));
    core::HttpCall call = get(server.url("/a?b=c"));
    call.method = "POST";
    call.headers = {{"X-A", "1"}, {"Content-Type", "text/plain"}};
    call.body = "text";
    const core::AttemptReport report = run(call);
    EXPECT_EQ(report.outcome, core::Outcome::succeeded) << report.detail;
    const Json outputs = *parse_json(report.output);
    EXPECT_EQ(outputs.find("status")->as_integer(), 200);
    EXPECT_EQ(outputs.find("body")->as_string(), "hi");
    EXPECT_THAT(server.asked(), HasSubstr("POST /a?b=c HTTP/1.1\r\n"));
    EXPECT_THAT(server.asked(), HasSubstr("\r\nX-A: 1\r\n"));
    EXPECT_THAT(server.asked(), HasSubstr("\r\n\r\ntext"));
}

TEST_F(HttpRunnerTest, AnUnexpectedStatusIsAFailure) {
    LoopbackServer server(canned("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n"));
    const core::AttemptReport report = run(get(server.url()));
    EXPECT_EQ(report.outcome, core::Outcome::failed);
    EXPECT_EQ(report.detail, "status 503");
    EXPECT_TRUE(report.is_transient);
    core::HttpCall expected = get(server.url());
    expected.statuses = {503};
    EXPECT_EQ(run(expected).outcome, core::Outcome::succeeded);
}

TEST_F(HttpRunnerTest, ARedirectIsNotFollowed) {
    LoopbackServer server(
        canned("HTTP/1.1 302 F\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"));
    EXPECT_EQ(run(get(server.url())).detail, "status 302");
}

TEST_F(HttpRunnerTest, AnAddressThatIsNotPublicIsRefusedByDefault) {
    LoopbackServer server(canned("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
    for (const std::string& url : {server.url("/secret"), std::string("http://localhost:1/"),
                                   std::string("http://[::1]:1/"),
                                   std::string("http://[::ffff:127.0.0.1]:1/"),
                                   std::string("http://2130706433:1/")}) {
        const core::AttemptReport report = run(get(url), {});
        EXPECT_EQ(report.outcome, core::Outcome::error) << url;
        EXPECT_FALSE(report.is_transient) << url;
        EXPECT_THAT(report.detail, HasSubstr("not public")) << url;
        EXPECT_THAT(report.detail, Not(HasSubstr("secret")));
    }
    EXPECT_EQ(server.asked(), "");
}

TEST_F(HttpRunnerTest, AnotherSchemeIsRefused) {
    const core::AttemptReport report = run(get("file:///etc/passwd"));
    EXPECT_EQ(report.outcome, core::Outcome::error);
    EXPECT_EQ(report.detail, "the address is none of http or https");
}

TEST_F(HttpRunnerTest, ALargeAnswerIsCutOff) {
    LoopbackServer server(canned("HTTP/1.1 200 OK\r\n\r\n" + std::string(5000, 'x')));
    HttpRunnerOptions options;
    options.allows_private = true;
    options.body_bytes_max = 1000;
    const core::AttemptReport report = run(get(server.url()), options);
    EXPECT_EQ(report.outcome, core::Outcome::failed);
    EXPECT_EQ(report.detail, "the answer is larger than 1000 bytes");
}

TEST_F(HttpRunnerTest, NobodyThereIsWorthAnotherTry) {
    const core::AttemptReport report = run(get("http://127.0.0.1:1/"));
    EXPECT_EQ(report.outcome, core::Outcome::error);
    EXPECT_TRUE(report.is_transient);
}

}  // namespace
}  // namespace attacca::curl
