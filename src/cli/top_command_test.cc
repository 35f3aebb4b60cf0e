// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "cli/fake_environment.h"
#include "cli/golden.h"

namespace attacca::cli {
namespace {

constexpr const char* top_server = "http://127.0.0.1:1";
constexpr const char* queue_body =
    R"({"slots":{"total":8,"used":7},"queued":{"high":1,"medium":20,"low":0},)"
    R"("fair":{"tenants":2,"ratio_min":0.981234,"ratio_p01":0.981234,"ratio_p99":1.020000,)"
    R"("jain":0.999700,"max_lag_quanta":1.500000,"starved":0},)"
    R"("lanes":[{"tenant":"blue","lane":"gpu","queued":4,"running":1,"workers":0}],)"
    R"("has_more":false})";
constexpr const char* tenants_body =
    R"({"items":[{"name":"blue","weight":1000,"queued":3,"running":2,)"
    R"("share":0.250000,"lag":-1.200000},)"
    R"({"name":"default","weight":3000,"queued":18,"running":5,)"
    R"("share":0.750000,"lag":0.400000},)"
    R"({"name":"idle","weight":1,"queued":0,"running":0,"share":null,"lag":null}]})";

class Top : public testing::Test {
  protected:
    Top() {
        env.server = [this](const HttpRequest& request) -> Result<HttpResponse> {
            env.interrupt_count += --looks_left == 0 ? 1 : 0;
            return HttpResponse{
                200, {}, request.target == "/api/v1/queue" ? queue_body : tenants_body};
        };
    }

    FakeEnvironment env;
    int looks_left = 6;
};

TEST_F(Top, ShowsSlotsTenantsAndLanesOnce) {
    EXPECT_EQ(env.run({"top", "--once", "--server", top_server}), 0) << env.err;
    EXPECT_EQ(env.requests.size(), 2U);
    expect_golden("top", env.out);
}

TEST_F(Top, GoesOnOnATerminalUntilItIsInterrupted) {
    env.terminal_facts.is_out_tty = true;
    EXPECT_EQ(env.run({"top", "--server", top_server, "--interval", "2s"}), 0) << env.err;
    EXPECT_EQ(env.requests.size(), 6U);
    EXPECT_NE(env.out.find("\x1b["), std::string::npos);
}

TEST_F(Top, IsOneObjectForAProgramAndOneALineForAStream) {
    EXPECT_EQ(env.run({"top", "-o", "json", "--server", top_server}), 0);
    const Result<Json> one = parse_json(env.out);
    ASSERT_TRUE(one);
    EXPECT_EQ(one->find("tenants")->as_array().size(), 3U);
    EXPECT_EQ(env.requests.size(), 2U);
    EXPECT_EQ(env.run({"top", "-o", "jsonl", "--server", top_server}), 0);
    EXPECT_EQ(env.requests.size(), 6U);
}

TEST_F(Top, RefusesAnIntervalThatMakesNoSense) {
    EXPECT_EQ(env.run({"top", "--interval", "1ms", "--server", top_server}), 64);
    EXPECT_TRUE(env.requests.empty());
}

}  // namespace
}  // namespace attacca::cli
