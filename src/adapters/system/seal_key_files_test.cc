// SPDX-License-Identifier: Apache-2.0
#include "adapters/system/seal_key_files.h"

#include <gtest/gtest.h>

#include "adapters/system/files.h"
#include "adapters/system/temporary_directory_for_test.h"

namespace attacca::system {
namespace {

class SealKeyFilesTest : public testing::Test {
  protected:
    static core::JobId job(std::uint64_t number) { return {uuid_v7({1'000}, number, number)}; }

    TemporaryDirectory directory_;
    SealKeyFiles keys_{directory_.path() + "/keys/sealed"};
};

TEST_F(SealKeyFilesTest, EachJobHasAKeyOfItsOwnThatIsMadeOnce) {
    EXPECT_TRUE(keys_.list().value().empty());
    const core::SealKey one = keys_.create(job(1)).value();
    const core::SealKey two = keys_.create(job(2)).value();
    EXPECT_NE(one.secret, two.secret);
    EXPECT_EQ(keys_.load(job(1)).value(), one);
    EXPECT_EQ(keys_.list().value().size(), 2U);
    EXPECT_FALSE(keys_.create(job(1)));
    EXPECT_EQ(keys_.load(job(1)).value(), one);
}

TEST_F(SealKeyFilesTest, WhatIsDestroyedIsGone) {
    ASSERT_TRUE(keys_.create(job(1)));
    ASSERT_TRUE(keys_.create(job(2)));
    ASSERT_TRUE(keys_.destroy(job(1)));
    ASSERT_TRUE(keys_.destroy(job(1)));
    EXPECT_EQ(keys_.load(job(1)).error().problem, Problem::erased);
    EXPECT_EQ(keys_.list().value(), std::vector<core::JobId>{job(2)});
}

TEST_F(SealKeyFilesTest, AKeyThatWasCutIsRefused) {
    ASSERT_TRUE(keys_.create(job(1)));
    const std::string path = directory_.path() + "/keys/sealed/" + job(1).text() + ".seal";
    ASSERT_TRUE(write_file(path, "short"));
    EXPECT_EQ(keys_.load(job(1)).error().problem, Problem::corrupt);
}

}  // namespace
}  // namespace attacca::system
