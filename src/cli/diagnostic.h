// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/json.h"
#include "cli/environment.h"
#include "cli/text.h"

// Errors for people: code, place, the line with a caret, a suggestion, what to do. Pure.

namespace attacca::cli {

// `E_UNKNOWN_FIELD`: the slug in upper case.
[[nodiscard]] std::string error_code_of(Problem problem);
[[nodiscard]] std::optional<Problem> problem_of_code(std::string_view code);
// One or two sentences on what to do; empty where nothing can be said in general.
[[nodiscard]] std::string_view fix_for(Problem problem);

// A text that was given, and where its parts stand.
struct Source {
    std::string_view name;  // as the user gave it; `<stdin>` for "-"
    std::string_view text;
    const Located* located = nullptr;  // nullptr when it could not be read as a document
    const Json* schema = nullptr;      // for suggestions; may be missing
};

// Where the pointer stands: its own place, else that of its nearest parent.
[[nodiscard]] std::optional<Position> position_of(const Positions& positions,
                                                  std::string_view pointer);

// Where a caret goes: at the key, or at the value and the very word of an expression.
struct Spot {
    std::optional<Position> position;
    std::size_t length = 0;  // bytes to mark; 0: to the end of the word
    std::string detail;      // without the byte that the caret shows by now
};
[[nodiscard]] Spot spot_of(const FieldError& field, Problem problem, const Located& located,
                           std::string_view text);

// `error[E_USAGE] detail`, without a source.
[[nodiscard]] std::string plain_error(const Error& error, const Style& style);
[[nodiscard]] std::string plain_error(const Error& error, const Style& style,
                                      std::string_view fix);
// One block per field error; one for the whole file when there is none.
[[nodiscard]] std::string source_error(const Error& error, const Source& source,
                                       const Style& style);
[[nodiscard]] std::string syntax_error(const LoadError& error, const Source& source,
                                       const Style& style);

// The schema of what stands at `pointer` in a document; nullptr when it says nothing about it.
// Follows `#/definitions/…`, properties, additionalProperties and items.
[[nodiscard]] const Json* schema_at(const Json& schema, std::string_view pointer);
// What could have been meant at `pointer`: a key of the schema, an enum value, or a node's id.
[[nodiscard]] std::optional<std::string> suggestion_for(Problem problem, std::string_view pointer,
                                                        const Json& document, const Json* schema);

}  // namespace attacca::cli
