// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "core/graph/definition_expand.h"
#include "core/graph/sample_definition.h"

namespace attacca::core {
namespace {

constexpr std::string_view matrix = R"({"nodes":{"t":{"run":["x","${{ matrix.os }}"],
    "matrix":{"os":["linux","mac"],"py":[3,2],"exclude":[{"os":"mac","py":2}],
              "include":[{"os":"bsd"}],"parallel":2}}}})";

TEST(Matrix, IsAMapOverTheProduct) {
    const auto definition = definition_of(matrix);
    ASSERT_TRUE(definition) << definition.error().detail;
    const MapDef& map = *definition->nodes[0].map;
    EXPECT_EQ(map.over_items.text(),
              R"([{"os":"linux","py":3},{"os":"linux","py":2},{"os":"mac","py":3},)"
              R"({"os":"bsd"}])");
    EXPECT_EQ(map.as, "matrix");
    EXPECT_EQ(map.parallel, 2U);
    EXPECT_TRUE(map.key);
    EXPECT_TRUE(load_definition(definition->body));
}

TEST(Matrix, FaultsAreTold) {
    const auto fault = [](const std::string& matrix_text) {
        return fault_in(R"({"nodes":{"t":{"noop":true,"matrix":)" + matrix_text + "}}}");
    };
    EXPECT_EQ(fault("[]"), "wrong-type /nodes/t/matrix");
    EXPECT_EQ(fault("{}"), "invalid-value /nodes/t/matrix");
    EXPECT_EQ(fault(R"({"a":[]})"), "invalid-value /nodes/t/matrix/a");
    EXPECT_EQ(fault(R"({"a":[[1]]})"), "wrong-type /nodes/t/matrix/a/0");
    EXPECT_EQ(fault(R"({"a-b":[1]})"), "invalid-value /nodes/t/matrix/a-b");
    EXPECT_EQ(fault(R"({"a":[1],"include":[3]})"), "wrong-type /nodes/t/matrix/include/0");
    EXPECT_EQ(fault(R"({"a":[1],"exclude":[{"a":1}]})"), "invalid-value /nodes/t/matrix");
    std::string many = R"({"a":[0)";
    for (int i = 1; i < 101; ++i) {
        many += "," + std::to_string(i);
    }
    many += "]";
    EXPECT_EQ(fault(many + R"(,"b")" + many.substr(4) + "}"), "out-of-range /nodes/t/matrix");
    EXPECT_EQ(fault_in(R"({"nodes":{"t":{"noop":true,"matrix":{"a":[1]},"map":{"over":[1]}}}})"),
              "invalid-value /nodes/t/map");
}

}  // namespace
}  // namespace attacca::core
