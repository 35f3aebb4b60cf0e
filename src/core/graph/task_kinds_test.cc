// SPDX-License-Identifier: Apache-2.0
#include "core/graph/task_kinds.h"

#include <gtest/gtest.h>

#include "base/json.h"
#include "core/graph/sample_definition.h"

namespace attacca::core {
namespace {

std::string task_node(std::size_t number, const std::string& lane, const std::string& capability) {
    return R"({"id":"n)" + std::to_string(number) + R"(","task":{"lane":")" + lane +
           R"(","capabilities":[)" + capability + "]}}";
}

// So many nodes on one lane, each with a set of its own, and whatever else is given before them.
std::string dag_of(std::size_t kinds, std::string nodes = {}) {
    for (std::size_t i = 0; i < kinds; ++i) {
        nodes += (nodes.empty() ? "" : ",") + task_node(i, "l", "\"c" + std::to_string(i) + "\"");
    }
    return R"({"nodes":[)" + nodes + "]}";
}

TEST(TaskKinds, AreEachOnceAndInOrder) {
    const auto definition = definition_of(
        R"({"nodes":[{"id":"a","task":{"lane":"m"}},{"id":"b","run":["x"]},
            {"id":"c","task":{"lane":"l","capabilities":["y","x"]}},
            {"id":"d","task":{"lane":"l","capabilities":["x","y"]}}],
            "finally":[{"id":"e","task":{"lane":"l"}}]})");
    ASSERT_TRUE(definition);
    const std::vector<TaskKind> kinds = {{"l", {}}, {"l", {"x", "y"}}, {"m", {}}};
    EXPECT_EQ(definition->task_kinds, kinds);
    EXPECT_EQ(load_definition(definition->body)->task_kinds, kinds);
    EXPECT_TRUE(definition_of(R"({"nodes":[{"id":"a","run":["x"]}]})")->task_kinds.empty());
}

TEST(TaskKinds, OfOneLaneAreLimitedAndTheFaultStandsAtTheFirstTooMany) {
    EXPECT_EQ(definition_of(dag_of(task_kinds_max))->task_kinds.size(), task_kinds_max);
    EXPECT_EQ(fault_in(dag_of(task_kinds_max + 2)),
              "out-of-range /nodes/64/task/capabilities");
    // Without capabilities is a set as well; another lane is another line.
    EXPECT_EQ(fault_in(dag_of(task_kinds_max, task_node(900, "l", ""))),
              "out-of-range /nodes/64/task/capabilities");
    EXPECT_EQ(fault_in(dag_of(task_kinds_max, task_node(900, "m", ""))), "");
    EXPECT_EQ(fault_in(dag_of(task_kinds_max, R"({"id":"z","task":{"lane":"l"}})")),
              "out-of-range /nodes/64/task/capabilities");
}

TEST(TaskKinds, OfWhatIsStoredAreNotLimited) {
    std::string body = definition_of(dag_of(task_kinds_max))->body;
    const std::size_t at = body.find(R"({"id":"n0")");
    ASSERT_NE(at, std::string::npos) << body;
    const std::size_t end = body.find(R"({"id":"n1")");
    std::string more = body.substr(at, end - at);
    more.replace(more.find("n0"), 2, "m0");
    more.replace(more.find("c0"), 2, "d0");
    body.insert(at, more);
    const auto stored = load_definition(body);
    ASSERT_TRUE(stored) << stored.error().detail;
    EXPECT_EQ(stored->task_kinds.size(), task_kinds_max + 1);
}

TEST(TaskKinds, OfChildJobsCountForTheirParent) {
    const std::string child = R"({"id":"j","job":{"definition":)" + dag_of(40) + "}}";
    const auto parent = definition_of(R"({"nodes":[)" + child + "]}");
    ASSERT_TRUE(parent) << parent.error().detail;
    EXPECT_EQ(parent->task_kinds.size(), 40U);
    std::string own;
    for (std::size_t i = 0; i < 25; ++i) {
        own += task_node(i, "l", "\"d" + std::to_string(i) + "\"") + ",";
    }
    EXPECT_EQ(fault_in(R"({"nodes":[)" + own + child + "]}"), "out-of-range /nodes/25/job");
}

}  // namespace
}  // namespace attacca::core
