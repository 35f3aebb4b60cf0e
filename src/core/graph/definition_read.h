// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "core/graph/definition.h"

// One reader for the three forms of a definition. Private to core/graph.

namespace attacca::core {

enum class DefinitionForm : std::uint8_t {
    request,   // `dag_definition` of the API: may have `edges`
    file,      // a pipeline file: its own head keys are let pass, `params` declares all there are
    stored,    // a normalised body: trusted to be one, so it is not written again
};

// Errors: as parse_definition().
[[nodiscard]] Result<Definition> read_definition(const Json& json,
                                                 std::string_view pointer,
                                                 DefinitionForm form,
                                                 const FindWorkflow& find);

}  // namespace attacca::core
