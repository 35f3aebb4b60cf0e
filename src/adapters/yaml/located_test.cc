// SPDX-License-Identifier: Apache-2.0
#include "adapters/yaml/located.h"

#include <gtest/gtest.h>

#include "adapters/yaml/yaml_reader.h"

namespace attacca::yaml {
namespace {

TEST(Located, PointersLeadToKeysAndValues) {
    Position fault;
    const auto file = parse_yaml("name: x\nnodes:\n  a~/b: {run: [sh, -c]}\n  c:\n    noop: true\n",
                                 fault)
                          .value();
    EXPECT_EQ(file.find("/name", Part::key), (Position{1, 1}));
    EXPECT_EQ(file.find("/name", Part::value), (Position{1, 7}));
    EXPECT_EQ(file.find("/nodes/a~0~1b/run/1", Part::value), (Position{3, 20}));
    EXPECT_EQ(file.find("/nodes/c/noop", Part::key), (Position{5, 5}));
    EXPECT_EQ(file.find("", Part::value), (Position{1, 1}));
}

TEST(Located, APointerToNothingLeadsToWhatIsNearest) {
    Position fault;
    const auto file = parse_yaml("nodes:\n  c:\n    noop: true\n", fault).value();
    EXPECT_EQ(file.find("/nodes/c/run/3", Part::key), (Position{2, 3}));
    EXPECT_EQ(file.find("/nowhere", Part::value), (Position{1, 1}));
    EXPECT_EQ(file.find("nodes", Part::value), (Position{1, 1}));
    EXPECT_EQ(file.find("/nodes/c/noop/x", Part::value), (Position{3, 11}));
}

}  // namespace
}  // namespace attacca::yaml
