// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "cli/golden.h"

namespace attacca::cli {

void expect_golden(std::string_view name, const std::string& text) {
    const std::string path = "src/cli/golden/" + std::string{name};
    const char* mode = std::getenv("ATTACCA_GOLDEN");
    if (mode != nullptr && std::string_view{mode} == "write") {
        std::ofstream{path, std::ios::binary} << text;
        return;
    }
    std::ifstream file{path, std::ios::binary};
    ASSERT_TRUE(file.is_open()) << path;
    std::ostringstream kept;
    kept << file.rdbuf();
    EXPECT_EQ(kept.str(), text) << path;
}

}  // namespace attacca::cli
