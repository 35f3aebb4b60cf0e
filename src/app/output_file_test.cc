// SPDX-License-Identifier: Apache-2.0
#include "app/output_file.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "adapters/system/files.h"
#include "adapters/system/temporary_directory_for_test.h"

namespace attacca::app {
namespace {

TEST(OutputFile, IsThereWholeAfterItsCommitAndNotBefore) {
    const system::TemporaryDirectory directory;
    const std::string path = directory.path() + "/out.tar";
    {
        auto file = create_user_file(path, false);
        ASSERT_TRUE(file) << file.error().detail;
        ASSERT_TRUE((*file)->write("one "));
        ASSERT_TRUE((*file)->write("two"));
        EXPECT_FALSE(std::filesystem::exists(path));
        ASSERT_TRUE((*file)->commit());
    }
    EXPECT_EQ(*system::read_file(path, 100), "one two");
}

TEST(OutputFile, LeavesNothingWithoutACommit) {
    const system::TemporaryDirectory directory;
    {
        auto file = create_user_file(directory.path() + "/out.tar", false);
        ASSERT_TRUE((*file)->write("half"));
    }
    EXPECT_TRUE(std::filesystem::is_empty(directory.path()));
}

TEST(OutputFile, ReplacesOnlyWhenThatIsWanted) {
    const system::TemporaryDirectory directory;
    const std::string path = directory.path() + "/out.tar";
    ASSERT_TRUE(system::write_file(path, "old"));
    const auto refused = create_user_file(path, false);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().problem, Problem::exists);
    auto file = create_user_file(path, true);
    ASSERT_TRUE((*file)->write("new"));
    ASSERT_TRUE((*file)->commit());
    EXPECT_EQ(*system::read_file(path, 100), "new");
    EXPECT_FALSE(create_user_file(directory.path() + "/none/out.tar", false));
}

}  // namespace
}  // namespace attacca::app
