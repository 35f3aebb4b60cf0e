// SPDX-License-Identifier: Apache-2.0
#include "adapters/system/anchor_file.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "adapters/system/temporary_directory_for_test.h"

namespace attacca::system {
namespace {

TEST(AnchorFile, KeepsTheLastNote) {
    const TemporaryDirectory directory;
    SystemAnchorFile file(directory.path() + "/kept");
    EXPECT_EQ(*file.read(), std::nullopt);
    ASSERT_TRUE(file.keep("one\n"));
    ASSERT_TRUE(file.keep("two\n"));
    EXPECT_EQ(*SystemAnchorFile(directory.path() + "/kept").read(), "two\n");
    EXPECT_FALSE(SystemAnchorFile(directory.path() + "/none/kept").keep("x"));
}

TEST(AnchorFile, IsInsideWhereverTheWayGoes) {
    const TemporaryDirectory directory;
    const std::string data = directory.path() + "/data";
    std::filesystem::create_directories(data + "/keys");
    std::filesystem::create_directory_symlink(data, directory.path() + "/link");
    EXPECT_TRUE(is_inside(data + "/kept", data));
    EXPECT_TRUE(is_inside(data + "/keys/kept", data + "/"));
    EXPECT_TRUE(is_inside(directory.path() + "/link/kept", data));
    EXPECT_TRUE(is_inside(directory.path() + "/x/../data/kept", data));
    EXPECT_FALSE(is_inside(directory.path() + "/kept", data));
    EXPECT_FALSE(is_inside(directory.path() + "/database", data));
    EXPECT_FALSE(is_inside(data + "/../kept", data));
}

}  // namespace
}  // namespace attacca::system
