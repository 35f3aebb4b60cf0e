// SPDX-License-Identifier: Apache-2.0
#include "core/graph/node_kind.h"

#include <gtest/gtest.h>

namespace attacca::core {
namespace {

TEST(NodeKind, HasANameThatLeadsBackToIt) {
    for (const NodeKindName& row : node_kind_names) {
        EXPECT_EQ(name_of(row.kind), row.name);
        EXPECT_EQ(node_kind_of(row.name), row.kind);
    }
    EXPECT_EQ(node_kind_of("nothing"), std::nullopt);
    EXPECT_EQ(node_kind_of(""), std::nullopt);
}

TEST(NodeKind, NumbersAreStoredAndStay) {
    EXPECT_EQ(static_cast<int>(NodeKind::noop), 0);
    EXPECT_EQ(static_cast<int>(NodeKind::run), 1);
    EXPECT_EQ(static_cast<int>(NodeKind::wait), 2);
    EXPECT_EQ(static_cast<int>(NodeKind::scan), 3);
    EXPECT_EQ(static_cast<int>(NodeKind::task), 4);
    EXPECT_EQ(static_cast<int>(NodeKind::approve), 5);
}

}  // namespace
}  // namespace attacca::core
