// SPDX-License-Identifier: Apache-2.0
#include "base/pattern.h"

#include <utility>

#include <re2/re2.h>

#include "base/check.h"

namespace attacca {
namespace {

// Bounds the compiled program and the automaton's cache of one pattern.
constexpr std::int64_t memory_bytes_max = std::int64_t{4} << 20U;

RE2::Options options() {
    RE2::Options options;
    options.set_log_errors(false);
    options.set_never_capture(true);
    options.set_max_mem(memory_bytes_max);
    return options;
}

re2::StringPiece piece(std::string_view text) {
    return {text.data(), text.size()};
}

}  // namespace

struct Pattern::Compiled {
    explicit Compiled(std::string_view text) : expression(piece(text), options()) {}
    RE2 expression;
};

Pattern::Pattern(std::unique_ptr<Compiled> compiled) : compiled_(std::move(compiled)) {}
Pattern::~Pattern() = default;
Pattern::Pattern(Pattern&&) noexcept = default;
Pattern& Pattern::operator=(Pattern&&) noexcept = default;

Result<Pattern> Pattern::compile(std::string_view text) {
    auto compiled = std::make_unique<Compiled>(text);
    if (!compiled->expression.ok()) {
        return fail(Problem::invalid_value,
                    "not a regular expression: " + quoted(compiled->expression.error()));
    }
    return Pattern(std::move(compiled));
}

bool Pattern::matches_whole(std::string_view text) const {
    ATTACCA_CHECK(compiled_ != nullptr);
    return RE2::FullMatch(piece(text), compiled_->expression);
}

bool Pattern::matches_part(std::string_view text) const {
    ATTACCA_CHECK(compiled_ != nullptr);
    return RE2::PartialMatch(piece(text), compiled_->expression);
}

}  // namespace attacca
