// SPDX-License-Identifier: Apache-2.0
#include "core/scan/scan_check.h"

#include <gtest/gtest.h>

namespace attacca::core {
namespace {

const std::optional<ScopeDef> loopback = ScopeDef{{"127.0.0.0/8", "localhost"}, {"127.0.0.66"}};

Problem problem_of(const std::optional<ScopeDef>& scope,
                   std::string_view tool,
                   const ToolOptions& options,
                   const std::vector<std::string>& targets) {
    const auto checked = check_scan(scope, tool, options, targets);
    return checked ? Problem::internal : checked.error().problem;
}

TEST(ScanCheck, YieldsCanonicalTargets) {
    const auto checked =
        check_scan(loopback, "nmap", {{"ports", Json("80")}}, {"::ffff:127.0.0.1", "LOCALHOST."});
    EXPECT_EQ(checked.value(), (std::vector<std::string>{"127.0.0.1", "localhost"}));
}

TEST(ScanCheck, RefusesWhatAnyOfItsPartsRefuses) {
    EXPECT_EQ(problem_of(std::nullopt, "nmap", {}, {"127.0.0.1"}), Problem::target_out_of_scope);
    EXPECT_EQ(problem_of(loopback, "nuclei", {}, {"127.0.0.1"}), Problem::not_supported);
    EXPECT_EQ(problem_of(loopback, "nmap", {}, {"8.8.8.8"}), Problem::target_out_of_scope);
    EXPECT_EQ(problem_of(loopback, "nmap", {}, {"127.0.0.1", "127.0.0.66"}),
              Problem::target_out_of_scope);
    EXPECT_EQ(problem_of(loopback, "nmap", {}, {"-oN"}), Problem::tool_argument_rejected);
    EXPECT_EQ(problem_of(loopback, "nmap", {{"timing", Json(9)}}, {"127.0.0.1"}),
              Problem::tool_argument_rejected);
    EXPECT_EQ(problem_of(ScopeDef{{"x y"}, {}}, "nmap", {}, {"127.0.0.1"}),
              Problem::invalid_value);
}

}  // namespace
}  // namespace attacca::core
