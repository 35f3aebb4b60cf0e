// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

// The second half of the pipeline's schema: what nodes may say. Private to pipeline_schema.cc.

namespace attacca::core {

[[nodiscard]] std::string_view node_schema_text();

}  // namespace attacca::core
