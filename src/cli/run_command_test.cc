// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "cli/fake_environment.h"

// What of `run` needs no engine. The runs themselves are tests/e2e/cli_run_test.cc.

namespace attacca::cli {
namespace {

class RunTest : public testing::Test {
  protected:
    RunTest() {
        env.files["p.yaml"] =
            R"({"attacca":"v1","name":"demo","description":"d","labels":{"team":"x"},)"
            R"("params":{"top":{"type":"integer","default":10},"name":{"type":"string"},)"
            R"("fast":{"type":"boolean"},"hosts":{"type":"list"}},)"
            R"("limits":{"parallel":3},"x-note":1,)"
            R"("nodes":{"a":{"noop":true,"x-why":"y"},"b":{"needs":["a"],"run":["true"]}},)"
            R"("finally":{"z":{"noop":true}}})";
        env.server = [this](const HttpRequest& request) -> Result<HttpResponse> {
            if (request.method == "POST") {
                posted = *parse_json(request.body);
            }
            return HttpResponse{202, {}, R"({"id":"j","status":"queued"})"};
        };
    }

    FakeEnvironment env;
    Json posted;
};

TEST_F(RunTest, ADryRunChecksParametersAndRunsNothing) {
    EXPECT_EQ(env.run({"run", "p.yaml", "--dry-run", "-p", "top=5", "-p", "fast=true", "-p",
                       "hosts=a,b", "-o", "json"}),
              0);
    const Json answer = *parse_json(env.out);
    EXPECT_EQ(answer.find("params")->find("top")->as_integer(), 5);
    EXPECT_TRUE(answer.find("params")->find("fast")->as_bool());
    EXPECT_EQ(answer.find("params")->find("hosts")->as_array().size(), 2U);
    EXPECT_TRUE(env.requests.empty());
}

TEST_F(RunTest, ParametersOfTheWrongTypeAreRefused) {
    EXPECT_EQ(env.run({"run", "p.yaml", "--dry-run", "-p", "top=many"}), 64);
    EXPECT_EQ(env.run({"run", "p.yaml", "--dry-run", "-p", "top"}), 64);
    EXPECT_EQ(env.run({"run", "p.yaml", "--dry-run", "-p", "fast=yes"}), 64);
    EXPECT_EQ(env.run({"run", "p.yaml", "--dry-run", "-p", "tpo=1"}), 65);
    EXPECT_NE(env.err.find("tpo"), std::string::npos) << env.err;
}

TEST_F(RunTest, AMissingParameterIsNamedOnce) {
    env.files["q.yaml"] = R"({"attacca":"v1","name":"demo","params":{"top":{"required":true}},)"
                          R"("nodes":{"a":{"noop":true}}})";
    EXPECT_EQ(env.run({"run", "q.yaml", "--dry-run"}), 65);
    EXPECT_EQ(env.err,
              "error[E_MISSING_FIELD] the parameter `top` is required\n"
              "  fix: add -p top=VALUE\n");
}

TEST_F(RunTest, AParameterThatIsUnknownIsToldFromThoseThatAre) {
    EXPECT_EQ(env.run({"run", "p.yaml", "--dry-run", "-p", "tpo=1"}), 65);
    EXPECT_TRUE(env.err.starts_with("error[E_UNKNOWN_FIELD] the parameter `tpo` is not declared"))
        << env.err;
    EXPECT_TRUE(env.err.ends_with("\n  fix: the parameters are top, name, fast, hosts\n"))
        << env.err;
}

TEST_F(RunTest, ADryRunCountsItsNodes) {
    env.files["one.yaml"] = R"({"attacca":"v1","name":"one","nodes":{"a":{"noop":true}}})";
    EXPECT_EQ(env.run({"run", "one.yaml", "--dry-run"}), 0);
    EXPECT_EQ(env.out, "one: 1 node, nothing was run\n");
}

TEST_F(RunTest, AParameterFileIsOverruledByFlags) {
    env.files["params.yaml"] = R"({"top":1,"name":"ada"})";
    EXPECT_EQ(env.run({"run", "p.yaml", "--dry-run", "--params", "params.yaml", "-p", "top=2",
                       "-o", "json"}),
              0);
    const Json answer = *parse_json(env.out);
    EXPECT_EQ(answer.find("params")->find("top")->as_integer(), 2);
    EXPECT_EQ(answer.find("params")->find("name")->as_string(), "ada");
    EXPECT_EQ(env.run({"run", "p.yaml", "--dry-run", "--params", "gone"}), 66);
}

TEST_F(RunTest, ADetachedRunSubmitsTheFileInTheFormOfTheApi) {
    EXPECT_EQ(env.run({"run", "p.yaml", "--detach", "--server", "http://127.0.0.1:1",
                       "--idempotency-key", "k", "--priority", "high"}),
              0);
    EXPECT_EQ(env.out, "j\n");
    EXPECT_EQ(env.err, "watch: attacca jobs watch j --server http://127.0.0.1:1\n");
    EXPECT_EQ(posted.find("name")->as_string(), "demo");
    EXPECT_EQ(posted.find("priority")->as_string(), "high");
    EXPECT_EQ(posted.find("params")->find("top")->as_integer(), 10);
    const Json& dag = *posted.find("dag_definition");
    EXPECT_EQ(dag.find("nodes")->text(),
              R"([{"id":"a","noop":true},{"id":"b","needs":["a"],"run":["true"]}])");
    EXPECT_EQ(dag.find("finally")->text(), R"([{"id":"z","noop":true}])");
    EXPECT_EQ(dag.find("x-note"), nullptr);
    EXPECT_NE(dag.find("limits"), nullptr);
    EXPECT_NE(dag.find("params"), nullptr);
    bool has_key = false;
    for (const auto& [name, value] : env.requests.at(0).headers) {
        has_key = has_key || (name == "Idempotency-Key" && value == "k");
    }
    EXPECT_TRUE(has_key);
}

TEST_F(RunTest, ALockedDirectoryWithoutAServerEndsWith73) {
    EXPECT_EQ(env.run({"run", "p.yaml"}), 73);
    EXPECT_NE(env.err.find("waiting for /home/ada/.local/state/attacca, which another process"),
              std::string::npos);
    EXPECT_NE(env.err.find("error[E_LOCKED]"), std::string::npos);
}

TEST_F(RunTest, ALockedDirectoryWithAServerSendsTheJobThere) {
    env.files["/home/ada/.local/state/attacca/server.json"] = R"({"url":"http://127.0.0.1:1"})";
    env.server = [](const HttpRequest&) {
        return HttpResponse{503, {{"retry-after", "1"}},
                            R"({"type":"urn:attacca:problem:overloaded","detail":"busy"})"};
    };
    EXPECT_EQ(env.run({"run", "p.yaml"}), 75);
    EXPECT_NE(env.err.find("a server holds"), std::string::npos);
    EXPECT_NE(env.err.find("busy; try again in 1 s"), std::string::npos);
}

TEST_F(RunTest, ABadFileEndsWith65AndAMissingOneWith66) {
    env.files["bad.yaml"] = R"({"attacca":"v1"})";
    EXPECT_EQ(env.run({"run", "bad.yaml"}), 65);
    EXPECT_EQ(env.run({"run", "gone.yaml"}), 66);
    EXPECT_EQ(env.run({"run", "p.yaml", "--wait", "soon"}), 64);
}

}  // namespace
}  // namespace attacca::cli
