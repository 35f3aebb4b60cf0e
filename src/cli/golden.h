// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

// For tests: texts that are kept in src/cli/golden. To renew them after a wanted change, run the
// test program with ATTACCA_GOLDEN=write and read the difference.

namespace attacca::cli {

// Fails the running test when `text` is not that of the file.
void expect_golden(std::string_view name, const std::string& text);

}  // namespace attacca::cli
