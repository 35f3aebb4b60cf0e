// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>

#include "cli/fake_environment.h"
#include "cli/golden.h"
#include "cli/text.h"

namespace attacca::cli {
namespace {

TEST(SchemaCommand, ShowsTheWholeOrAPart) {
    FakeEnvironment env;
    EXPECT_EQ(env.run({"schema"}), 0);
    const Result<Json> schema = parse_json(env.out);
    ASSERT_TRUE(schema);
    EXPECT_NE(schema->find("properties"), nullptr);
    EXPECT_EQ(env.run({"schema", "nodes.x.retry"}), 0);
    expect_golden("schema_retry.txt", env.out);
    EXPECT_EQ(env.run({"schema", "nodes.x.retry", "-o", "json"}), 0);
    EXPECT_NE(parse_json(env.out)->find("properties"), nullptr);
    EXPECT_EQ(env.run({"schema", "nothing.here"}), 66);
    EXPECT_EQ(env.run({"schema", "-o", "jsonl"}), 0);
    EXPECT_EQ(env.out.find('\n'), env.out.size() - 1);
    EXPECT_EQ(*parse_json(env.out), *schema);
}

TEST(SchemaCommand, StaysWithinTheTerminal) {
    FakeEnvironment env;
    EXPECT_EQ(env.run({"schema", "nodes.x"}), 0);
    expect_golden("schema_node.txt", env.out);
    for (const std::size_t width : {40U, 60U, 80U, 120U}) {
        env.terminal_facts.width = width;
        EXPECT_EQ(env.run({"schema", "nodes.x"}), 0);
        for (const std::string_view line : lines_of(env.out)) {
            EXPECT_LE(width_of(line), std::max<std::size_t>(width, 44)) << line;
        }
    }
}

TEST(SchemaCommand, AFieldOfNodesNeedsNoNode) {
    FakeEnvironment env;
    EXPECT_EQ(env.run({"schema", "nodes.x.retry"}), 0);
    const std::string retry = env.out;
    EXPECT_EQ(env.run({"schema", "nodes.retry"}), 0);
    EXPECT_EQ(env.out, retry);
    EXPECT_EQ(env.err, "read as nodes.x.retry\n");
    EXPECT_EQ(env.run({"schema", "nodes.retry.delay", "-o", "json"}), 0);
    EXPECT_TRUE(parse_json(env.out));
    EXPECT_EQ(env.run({"schema", "nodes.retyr"}), 0) << "any name may be that of a node";
    EXPECT_NE(env.out, retry);
}

}  // namespace
}  // namespace attacca::cli
