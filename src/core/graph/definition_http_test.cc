// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "core/graph/node_extras.h"
#include "core/graph/sample_definition.h"

namespace attacca::core {
namespace {

TEST(HttpNode, HoldsARequest) {
    const auto definition = definition_of(node_with(
        R"("http":{"method":"POST","url":"https://x.example/${{ params.p }}","headers":{"B":"2",
           "A":"${{ params.a }}"},"body":{"k":["${{ params.v }}",1]},"expect":{"status":[204,201]}},
           "timeout":"5s","retry":{})"));
    ASSERT_TRUE(definition) << definition.error().detail;
    const HttpDef& http = definition->nodes[0].extras->http;
    EXPECT_EQ(http.method, "POST");
    EXPECT_EQ(http.headers[0].first, "A");
    EXPECT_EQ(http.statuses, (std::vector<std::int64_t>{201, 204}));
    const auto again = load_definition(definition->body);
    ASSERT_TRUE(again) << again.error().detail;
    EXPECT_EQ(definition_of(definition->body)->body, definition->body);
}

TEST(HttpNode, FaultsAreTold) {
    const auto fault = [](const std::string& http) {
        return fault_in(node_with("\"http\":" + http));
    };
    EXPECT_EQ(fault("{}"), "missing-field /nodes/0/http");
    EXPECT_EQ(fault(R"({"url":"file:///etc/passwd"})"), "invalid-value /nodes/0/http/url");
    EXPECT_EQ(fault(R"({"url":"ftp://x"})"), "invalid-value /nodes/0/http/url");
    EXPECT_EQ(fault(R"({"url":"http://x","method":"BREW"})"), "invalid-value /nodes/0/http/method");
    EXPECT_EQ(fault(R"({"url":"http://x","headers":{"A B":"x"}})"),
              "invalid-value /nodes/0/http/headers/A B");
    EXPECT_EQ(fault(R"({"url":"http://x","body":{"a":["${{ 1 + }}"]}})"),
              "expression-invalid /nodes/0/http/body/a/0");
    EXPECT_EQ(fault(R"({"url":"http://x","expect":{"status":99}})"),
              "out-of-range /nodes/0/http/expect/status");
    EXPECT_EQ(fault(R"({"url":"http://x","follow":true})"), "unknown-field /nodes/0/http/follow");
    EXPECT_EQ(fault_in(node_with(R"("http":{"url":"http://x"},"outputs":{})")),
              "invalid-value /nodes/0/outputs");
}

TEST(NotifyNode, HasAChannelAndAText) {
    const auto definition = definition_of(node_with(
        R"("type":"notification","notify":{"channel":"slack","url":"https://x","text":"hi"})"));
    ASSERT_TRUE(definition) << definition.error().detail;
    EXPECT_EQ(definition->nodes[0].extras->notify.channel, NotifyChannel::slack);
    EXPECT_TRUE(load_definition(definition->body));
    EXPECT_EQ(fault_in(node_with(R"("notify":{"url":"https://x"})")),
              "missing-field /nodes/0/notify");
    EXPECT_EQ(fault_in(node_with(R"("notify":{"url":"https://x","text":"x","channel":"fax"})")),
              "invalid-value /nodes/0/notify/channel");
}

}  // namespace
}  // namespace attacca::core
