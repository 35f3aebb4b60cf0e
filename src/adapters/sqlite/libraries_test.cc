// SPDX-License-Identifier: Apache-2.0
#include "adapters/sqlite/libraries.h"

#include <gtest/gtest.h>

namespace attacca::sqlite {
namespace {

TEST(SqliteLibraries, BothSayTheirVersion) {
    const std::vector<Library> found = libraries();
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0].name, "sqlite");
    EXPECT_EQ(found[0].version.substr(0, 2), "3.");
    EXPECT_EQ(found[1].name, "zstd");
    EXPECT_EQ(found[1].version.substr(0, 2), "1.");
}

}  // namespace
}  // namespace attacca::sqlite
