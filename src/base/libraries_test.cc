// SPDX-License-Identifier: Apache-2.0
#include "base/libraries.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace attacca {
namespace {

TEST(Libraries, EachHasAVersionThatBeginsWithANumberAndAPoint) {
    const std::vector<Library> libraries = base_libraries();
    EXPECT_EQ(libraries.size(), 3U);
    for (const Library& library : libraries) {
        const std::size_t point = library.version.find('.');
        ASSERT_NE(point, std::string::npos) << library.name << " " << library.version;
        EXPECT_TRUE(point > 0 && std::all_of(library.version.begin(),
                                             library.version.begin() +
                                                 static_cast<std::ptrdiff_t>(point),
                                             [](char c) { return c >= '0' && c <= '9'; }))
            << library.name << " " << library.version;
    }
}

}  // namespace
}  // namespace attacca
