// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/json.h"
#include "cli/context.h"
#include "core/graph/definition.h"
#include "core/job/states.h"

// Pipeline files: reading, checking, and what is said when they are wrong.

namespace attacca::cli {

struct PipelineFile {
    std::string path;  // as it was given; "-" is standard input
    std::string text;
    Located located;
    std::string name;
    std::string description;
    Json labels;  // an object
    core::Priority priority = core::Priority::medium;
    std::shared_ptr<const core::Definition> definition;
};

struct PipelineError {
    std::string path;
    Error error;
    std::string text;         // for people, with line and caret
    std::vector<std::optional<Position>> places = {};  // of the fields, or of the whole
};

// The schema of pipeline files, read.
[[nodiscard]] const Json& schema_document();

[[nodiscard]] std::variant<PipelineFile, PipelineError> load_pipeline(const Context& context,
                                                                      const std::string& path);

// Its mistakes for programs: `[{code, pointer, detail, line, column}]`.
[[nodiscard]] Json file_errors(const PipelineError& wrong);
// Says what is wrong and returns the exit status that goes with it.
[[nodiscard]] int refuse_file(const Context& context, const PipelineError& wrong);

// The file as the body of a submission: `nodes` as a list, with their ids; the rest as it is.
// `params` are the values of the job.
[[nodiscard]] Json submission_of(const PipelineFile& file, const Json& params,
                                 std::string_view priority);

// Values from --params and -p, by the declared types, and checked. Errors: usage for what is
// written wrongly; those of core::bind_params.
[[nodiscard]] Result<Json> given_params(const Context& context, const Json& declarations);

}  // namespace attacca::cli
