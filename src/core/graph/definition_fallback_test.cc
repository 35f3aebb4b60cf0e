// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "core/graph/definition.h"
#include "core/graph/sample_definition.h"

namespace attacca::core {
namespace {

std::string falling(std::string_view more_of_a, std::string_view b, std::string_view rest = "") {
    return std::string(R"({"nodes":[{"id":"a","noop":true,"on_failure":"fallback_strategy")") +
           std::string(more_of_a) + "}," + std::string(b) + std::string(rest) + "]}";
}

TEST(DefinitionFallback, StandsBetweenItsNodeAndWhatNeedsThat) {
    const auto json = parse_json(falling(R"(,"fallback":"b")", R"({"id":"b","noop":true})",
                                         R"(,{"id":"d","noop":true,"needs":["a"]})"));
    const Result<Definition> definition = parse_definition(*json, "");
    ASSERT_TRUE(definition.has_value());
    const NodeDef& b = definition->nodes[definition->find("b")];
    EXPECT_TRUE(b.is_fallback);
    EXPECT_EQ(b.needs, std::vector<NodeIndex>{definition->find("a")});
    EXPECT_EQ(definition->nodes[definition->find("d")].needs.size(), 2U);
    const Result<Definition> again = load_definition(definition->body);
    ASSERT_TRUE(again.has_value()) << again.error().text();
    EXPECT_EQ(again->body, definition->body);
    EXPECT_EQ(again->nodes[again->find("a")].fallback, again->find("b"));
}

TEST(DefinitionFallback, ThatCannotBeIsRefused) {
    const std::string plain = R"({"id":"b","noop":true})";
    EXPECT_EQ(fault_in(falling("", plain)), "missing-field /nodes/0/on_failure");
    EXPECT_EQ(fault_in(falling(R"(,"fallback":"a")", plain)), "invalid-value /nodes/0/fallback");
    EXPECT_EQ(fault_in(falling(R"(,"fallback":"z")", plain)), "dag-unknown-node /nodes/0/fallback");
    EXPECT_EQ(fault_in(falling(R"(,"fallback":"b")", R"({"id":"b","noop":true,"needs":["c"]})",
                               R"(,{"id":"c","noop":true})")),
              "invalid-value /nodes/1");
    EXPECT_EQ(fault_in(falling(R"(,"fallback":"b")",
                               R"({"id":"b","noop":true,"needs_when":"all_done"})")),
              "invalid-value /nodes/1");
    EXPECT_EQ(fault_in(falling(R"(,"fallback":"b","map":{"over":[1]})", plain)),
              "invalid-value /nodes/0/fallback");
    EXPECT_EQ(fault_in(falling(R"(,"fallback":"b")",
                               R"({"id":"b","noop":true,"on_failure":"fallback_strategy",)"
                               R"("fallback":"c"})",
                               R"(,{"id":"c","noop":true})")),
              "invalid-value /nodes/1");
    EXPECT_EQ(fault_in(R"({"nodes":[{"id":"a","noop":true,"fallback":"b"},)" + plain + "]}"),
              "invalid-value /nodes/0/fallback");
}

}  // namespace
}  // namespace attacca::core
