// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "core/graph/definition.h"

// What a command printed, as JSON values. Pure; safe from any thread.

namespace attacca::spawner {

// The value of one declared output. text: one newline at the end is dropped; lines: an array of
// strings; json: one document; jsonl: an array of the documents on each line that is not empty.
// Errors: json_* and invalid_value; `detail` names the output.
[[nodiscard]] Result<Json> read_output(const core::OutputDef& definition, std::string_view bytes);

// What an attempt wrote to $ATTACCA_OUTPUT: one JSON object, or lines that are `key=value` (a
// string) or a JSON object. A later key wins. Adds to `outputs`, an object.
// Errors: json_* and invalid_value; `detail` names the line.
[[nodiscard]] Result<void> read_output_file(std::string_view bytes, Json& outputs);

}  // namespace attacca::spawner
