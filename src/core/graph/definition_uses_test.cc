// SPDX-License-Identifier: Apache-2.0
#include "core/graph/definition_uses.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/graph/sample_definition.h"

namespace attacca::core {
namespace {

TEST(Uses, ANodeMayReadWhatIsUpstream) {
    EXPECT_EQ(fault_in(R"({"nodes":[{"id":"a","noop":true},{"id":"b","noop":true,"needs":["a"]},
        {"id":"c","noop":true,"needs":["b"],"if":"nodes.a.status == nodes.b.status"}]})"),
              "");
}

TEST(Uses, ANodeMayNotReadBesideOrDownstream) {
    const std::string beside = R"({"nodes":[{"id":"a","noop":true},
        {"id":"b","run":["x","${{ nodes.a.outputs.y }}"]}]})";
    EXPECT_EQ(fault_in(beside), "expression-invalid /nodes/1/run/1");
    EXPECT_EQ(detail_in(beside), "`a` may not have ended when `b` runs: add it to `needs`");
    EXPECT_EQ(fault_in(R"({"nodes":[{"id":"a","noop":true,"if":"nodes.b.status"},
        {"id":"b","noop":true,"needs":["a"]}]})"),
              "expression-invalid /nodes/0/if");
    EXPECT_EQ(fault_in(node_with(R"("noop":true,"if":"nodes.a.status")")),
              "expression-invalid /nodes/0/if");
}

TEST(Uses, UnknownNodesAreAnsweredWithTheNearest) {
    const std::string json = R"({"nodes":[{"id":"ports","noop":true},
        {"id":"b","noop":true,"needs":["ports"],"if":"nodes.port.status"}]})";
    EXPECT_EQ(fault_in(json), "expression-invalid /nodes/1/if");
    EXPECT_EQ(detail_in(json), "there is no node `port`; did you mean `ports`?");
}

TEST(Uses, FinallyNodesReadAllMainNodesAndOutputsReadAll) {
    EXPECT_EQ(fault_in(R"({"nodes":[{"id":"a","noop":true},{"id":"b","noop":true}],
        "finally":[{"id":"y","noop":true,"if":"nodes.a.status"},
                   {"id":"z","noop":true,"needs":["y"],"if":"nodes.y.status || nodes.b.status"}],
        "outputs":{"a":"${{ nodes.a.status }}","z":"${{ nodes.z.status }}"}})"),
              "");
    EXPECT_EQ(fault_in(R"({"nodes":[{"id":"a","noop":true}],
        "finally":[{"id":"y","noop":true},{"id":"z","noop":true,"if":"nodes.y.status"}]})"),
              "expression-invalid /finally/1/if");
    EXPECT_EQ(fault_in(R"({"nodes":[{"id":"a","noop":true,"if":"nodes.z.status"}],
        "finally":[{"id":"z","noop":true}]})"),
              "expression-invalid /nodes/0/if");
}

// A chain in which every node reads the one `distance` before it, or the first, and needs the
// `width` nodes before it.
std::string chain(std::size_t count, std::size_t distance, std::size_t width = 1) {
    std::string json = R"({"nodes":[{"id":"n0","noop":true})";
    for (std::size_t i = 1; i < count; ++i) {
        const std::string read = std::to_string(i > distance ? i - distance : 0);
        json += R"(,{"id":"n)" + std::to_string(i) + R"(","noop":true,"if":"nodes.n)" + read +
                R"(.status","needs":["n)" + std::to_string(i - 1) + "\"";
        for (std::size_t back = 2; back <= std::min(width, i); ++back) {
            json += ",\"n" + std::to_string(i - back) + "\"";
        }
        json += "]}";
    }
    return json + "]}";
}

TEST(Uses, LongChainsAreCheckedInBatches) {
    EXPECT_EQ(fault_in(chain(20000, 20000)), "");
    EXPECT_EQ(fault_in(chain(20000, 3)), "");
    EXPECT_EQ(fault_in(chain(1000, 500)), "");
}

TEST(Uses, TheCostIsBounded) {
    EXPECT_EQ(fault_in(chain(30000, 15000, 30)).substr(0, 13), "dag-too-large");
}

TEST(Uses, OneWrongUseAmongManyIsFound) {
    std::string json = chain(300, 200);
    json.insert(json.size() - 2, R"(,{"id":"last","noop":true,"if":"nodes.n299.status"})");
    EXPECT_EQ(fault_in(json), "expression-invalid /nodes/300/if");
}

}  // namespace
}  // namespace attacca::core
