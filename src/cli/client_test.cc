// SPDX-License-Identifier: Apache-2.0
#include "cli/client.h"

#include <gtest/gtest.h>

#include "cli/fake_environment.h"

namespace attacca::cli {
namespace {

Result<Client> found(FakeEnvironment& env, std::vector<std::string> words = {}) {
    words.insert(words.begin(), "doctor");
    const Result<Invocation> in = parse_words(words);
    auto settings = resolve_settings(*in, env);
    const Context context(env, *in, std::get<Settings>(std::move(settings)));
    return Client::find(context);
}

std::string authorization(const HttpRequest& request) {
    for (const auto& [name, value] : request.headers) {
        if (name == "Authorization") {
            return value;
        }
    }
    return {};
}

const std::string data = "/home/ada/.local/state/attacca";

TEST(Client, FindsTheServerOfTheDataDirectoryAndItsToken) {
    FakeEnvironment env;
    env.files[data + "/server.json"] = R"({"url":"http://127.0.0.1:7480"})";
    env.files[data + "/admin.token"] = "secret\n";
    env.server = [](const HttpRequest&) { return HttpResponse{200, {}, R"({"ok":true})"}; };
    const Result<Client> client = found(env);
    ASSERT_TRUE(client);
    ASSERT_TRUE(client->get("/x"));
    ASSERT_EQ(env.requests.size(), 1U);
    EXPECT_EQ(env.requests[0].server, "http://127.0.0.1:7480");
    EXPECT_EQ(env.requests[0].target, "/x");
    EXPECT_EQ(authorization(env.requests[0]), "Bearer secret");
}

TEST(Client, WithoutAServerFileTheServerIsUnreachable) {
    FakeEnvironment env;
    EXPECT_EQ(found(env).error().problem, Problem::unreachable);
    env.files[data + "/server.json"] = "nonsense";
    EXPECT_EQ(found(env).error().problem, Problem::unreachable);
}

TEST(Client, ThisMachinesTokenGoesToNoOtherMachine) {
    FakeEnvironment env;
    env.files[data + "/admin.token"] = "secret";
    env.files["other"] = "theirs";
    env.server = [](const HttpRequest&) { return HttpResponse{200, {}, "{}"}; };
    for (const char* server : {"http://192.0.2.1:7480", "http://127.0.0.1.example.org",
                               "http://127.0.0.1@example.org", "http://example.org/127.0.0.1",
                               "https://127.0.0.1"}) {
        ASSERT_TRUE(found(env, {"--server", server})->get("/x"));
        EXPECT_EQ(authorization(env.requests.back()), "") << server;
    }
    ASSERT_TRUE(found(env, {"--server", "http://[::1]:7480/"})->get("/x"));
    EXPECT_EQ(authorization(env.requests.back()), "Bearer secret");
    ASSERT_TRUE(
        found(env, {"--server", "http://192.0.2.1:7480", "--token-file", "other"})->get("/x"));
    EXPECT_EQ(authorization(env.requests.back()), "Bearer theirs");
}

TEST(Client, ATokenFileThatWasNamedMustExist) {
    FakeEnvironment env;
    EXPECT_EQ(
        found(env, {"--server", "http://127.0.0.1:1", "--token-file", "gone"}).error().problem,
        Problem::not_found);
}

TEST(Client, AServerIsAnHttpUrl) {
    FakeEnvironment env;
    EXPECT_EQ(found(env, {"--server", "127.0.0.1:7480"}).error().problem, Problem::usage);
    EXPECT_EQ(found(env, {"--server", "file:///etc/passwd"}).error().problem, Problem::usage);
}

TEST(Client, TheServersProblemBecomesOurs) {
    const HttpResponse response{
        422,
        {},
        R"({"type":"urn:attacca:problem:dag-cycle","title":"The graph contains a cycle",)"
        R"("detail":"a -> b -> a","errors":[{"pointer":"/x","code":"dag-cycle","detail":"d"}]})"};
    const Error error = error_of_response(response);
    EXPECT_EQ(error.problem, Problem::dag_cycle);
    EXPECT_EQ(error.detail, "a -> b -> a");
    ASSERT_EQ(error.fields.size(), 1U);
    EXPECT_EQ(error.fields[0].pointer, "/x");
}

TEST(Client, ANewerServersProblemKeepsItsStatus) {
    const HttpResponse response{
        409, {}, R"({"type":"urn:attacca:problem:brand-new","detail":"x"})"};
    EXPECT_EQ(exit_status_of(error_of_response(response)), 73);
    EXPECT_EQ(exit_status_of(error_of_response({404, {}, "<html>"})), 66);
    EXPECT_EQ(exit_status_of(error_of_response({429, {}, ""})), 75);
    EXPECT_EQ(exit_status_of(error_of_response({503, {}, ""})), 75);
    EXPECT_EQ(exit_status_of(error_of_response({401, {}, ""})), 77);
    EXPECT_EQ(exit_status_of(error_of_response({502, {}, ""})), 70);
}

TEST(Client, EventsAreReadPageByPage) {
    FakeEnvironment env;
    env.server = [](const HttpRequest& request) -> Result<HttpResponse> {
        if (request.target.ends_with("/events")) {
            return HttpResponse{200, {}, R"({"items":[1,2],"next_after":7})"};
        }
        EXPECT_TRUE(request.target.ends_with("/events?after=7"));
        return HttpResponse{200, {}, R"({"items":[3]})"};
    };
    const Result<Json::Array> all =
        found(env, {"--server", "http://127.0.0.1:1"})->events("j", "");
    ASSERT_TRUE(all);
    EXPECT_EQ(Json{*all}.text(), "[1,2,3]");
}

TEST(Client, WhenToTryAgainIsSaid) {
    const Error error = error_of_response({429, {{"retry-after", "7"}}, "{}"});
    EXPECT_TRUE(error.detail.ends_with("; try again in 7 s"));
}

TEST(Client, PartsOfAUrlAreEscaped) {
    EXPECT_EQ(url_part("a-b_c.~9"), "a-b_c.~9");
    EXPECT_EQ(url_part("a b/c?&ü"), "a%20b%2fc%3f%26%c3%bc");
    EXPECT_EQ(job_target("x/../y"), "/api/v1/orchestration/jobs/x%2f..%2fy");
}

}  // namespace
}  // namespace attacca::cli
