// SPDX-License-Identifier: Apache-2.0
#include "core/graph/artifact_name.h"

#include <string>

#include <gtest/gtest.h>

namespace attacca::core {
namespace {

TEST(ArtifactName, IsARelativePath) {
    for (const char* name : {"report.txt", "out/report.txt", "a..b", "...", ".hidden", "naïve.txt",
                             "with space", "100%", "50%20", "a%zz"}) {
        EXPECT_TRUE(check_artifact_name(name).has_value()) << name;
    }
    EXPECT_TRUE(check_artifact_name(std::string(255, 'a')).has_value());
}

TEST(ArtifactName, LeadsNowhereElse) {
    const std::string with_nul("a\0b", 3);
    for (const std::string& name :
         {std::string("../x"), std::string("/etc/passwd"), std::string("a/../../b"),
          std::string("a/./b"), std::string("a//b"), std::string("a/"), std::string("."),
          std::string(".."), std::string(), std::string("%2e%2e/x"), std::string("%2E%2e"),
          std::string("a%2fb"), std::string("a%5Cb"), std::string("%252e"), std::string("a\\b"),
          with_nul, std::string("a\nb"), std::string("\xff"), std::string(300, 'a')}) {
        const Result<void> checked = check_artifact_name(name);
        ASSERT_FALSE(checked.has_value()) << name;
        EXPECT_EQ(checked.error().problem, Problem::artifact_name) << name;
    }
}

}  // namespace
}  // namespace attacca::core
