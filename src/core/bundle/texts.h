// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

// What lies in every bundle for whoever has nothing of ours: how to check it, and a script that
// does with bash, coreutils, xxd and openssl.

namespace attacca::core {

[[nodiscard]] std::string_view verify_script();
[[nodiscard]] std::string_view verify_script_end();  // its second half
[[nodiscard]] std::string_view verify_readme();

}  // namespace attacca::core
