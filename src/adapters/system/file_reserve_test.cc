// SPDX-License-Identifier: Apache-2.0
#include "adapters/system/file_reserve.h"

#include <sys/stat.h>

#include <gtest/gtest.h>

#include "adapters/system/temporary_directory_for_test.h"

namespace attacca::system {
namespace {

TEST(FileReserve, TakesRealSpaceAndGivesItBack) {
    const TemporaryDirectory directory;
    const std::string path = directory.path() + "/ballast";
    FileReserve reserve(path);
    ASSERT_TRUE(reserve.restore());
    struct stat facts {};
    ASSERT_EQ(::stat(path.c_str(), &facts), 0);
    EXPECT_GE(facts.st_blocks * 512, 2 << 20);
    reserve.release();
    EXPECT_NE(::stat(path.c_str(), &facts), 0);
}

TEST(FileReserve, SaysWhenThereIsNoPlaceForIt) {
    FileReserve reserve("/nonexistent/ballast");
    EXPECT_FALSE(reserve.restore());
}

}  // namespace
}  // namespace attacca::system
