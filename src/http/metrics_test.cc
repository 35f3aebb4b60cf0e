// SPDX-License-Identifier: Apache-2.0
#include "http/metrics.h"

#include <regex>
#include <sstream>

#include <gtest/gtest.h>

#include "http/idle_gateway_for_test.h"

namespace attacca::http {
namespace {

TEST(Metrics, CountRequestsByMethodStatusAndEndpoint) {
    Metrics metrics;
    metrics.count_request("GET", "/a/{id}", 200, milliseconds(2));
    metrics.count_request("GET", "/a/{id}", 200, seconds(100));
    metrics.count_request("GET", "/a/{id}", 404, milliseconds(1));
    const IdleGateway gateway;
    const std::string text = metrics.text(gateway, 3);
    const auto has = [&](const std::string& line) {
        return text.find(line + "\n") != std::string::npos;
    };
    EXPECT_TRUE(has(R"(orch_http_requests_total{method="GET",status="200",endpoint="/a/{id}"} 2)"));
    EXPECT_TRUE(has(R"(orch_http_requests_total{method="GET",status="404",endpoint="/a/{id}"} 1)"));
    const std::string name = "orch_http_request_duration_seconds";
    const std::string labels = R"(method="GET",endpoint="/a/{id}")";
    EXPECT_TRUE(has(name + "_bucket{" + labels + R"(,le="0.001"} 1)"));
    EXPECT_TRUE(has(name + "_bucket{" + labels + R"(,le="0.0025"} 2)")) << text;
    EXPECT_TRUE(has(name + "_bucket{" + labels + R"(,le="10"} 2)"));
    EXPECT_TRUE(has(name + "_bucket{" + labels + R"(,le="+Inf"} 3)"));
    EXPECT_TRUE(has(name + "_sum{" + labels + "} 100.003"));
    EXPECT_TRUE(has(name + "_count{" + labels + "} 3"));
    EXPECT_TRUE(has("attacca_http_connections 3"));
    EXPECT_EQ(metrics.request_count(), 3U);
}

TEST(Metrics, EveryLineIsInTheTextFormatAndHasHelpAndType) {
    Metrics metrics;
    metrics.count_request("GET", "/a", 200, milliseconds(2));
    const IdleGateway gateway;
    std::istringstream lines(metrics.text(gateway, 0));
    const std::regex sample(R"(([a-z_]+)(\{[^{}]*\})? [0-9.]+)");
    std::string line;
    std::string help;
    std::string type;
    int samples = 0;
    while (std::getline(lines, line)) {
        if (line.starts_with("# HELP ")) {
            help = line.substr(7, line.find(' ', 7) - 7);
        } else if (line.starts_with("# TYPE ")) {
            type = line.substr(7, line.find(' ', 7) - 7);
            EXPECT_EQ(help, type);
        } else {
            ++samples;
            std::smatch match;
            ASSERT_TRUE(std::regex_match(line, match, sample)) << line;
            EXPECT_TRUE(match[1].str().starts_with(type)) << line;
        }
    }
    EXPECT_GT(samples, 30);
}

}  // namespace
}  // namespace attacca::http
