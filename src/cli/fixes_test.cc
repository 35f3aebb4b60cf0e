// SPDX-License-Identifier: Apache-2.0
#include "cli/diagnostic.h"

#include <gtest/gtest.h>

namespace attacca::cli {
namespace {

TEST(Fixes, AreOneLineWithoutAFullStop) {
    static constexpr Problem all[] = {
#define PROBLEM(name, slug, error_class, title) Problem::name,
#include "base/problems.def"
#undef PROBLEM
    };
    std::size_t known = 0;
    for (const Problem problem : all) {
        const std::string_view fix = fix_for(problem);
        known += fix.empty() ? 0U : 1U;
        EXPECT_EQ(fix.find('\n'), std::string_view::npos) << slug_of(problem);
        EXPECT_FALSE(fix.ends_with('.')) << slug_of(problem);
    }
    EXPECT_GT(known, 20U);
}

}  // namespace
}  // namespace attacca::cli
