// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "base/check.h"
#include "core/graph/expression_functions.h"
#include "core/graph/expression_lexer.h"
#include "core/graph/expression_tree.h"

namespace attacca::core {

// Literals stand before, between and after the expressions: one more than these.
struct Template::Parts {
    std::vector<std::string> literals;
    std::vector<Expression> expressions;

    [[nodiscard]] bool is_one_expression() const {
        return expressions.size() == 1 && literals[0].empty() && literals[1].empty();
    }
};

std::optional<std::size_t> find_closing_braces(std::string_view text, std::size_t from) {
    std::size_t at = from;
    while (at < text.size()) {
        if (text[at] == '\'' || text[at] == '"') {
            const std::size_t size = literal_size(text, at);
            if (size == std::string_view::npos) {
                return std::nullopt;
            }
            at += size;
        } else if (text.substr(at).starts_with("}}")) {
            return at;
        } else {
            ++at;
        }
    }
    return std::nullopt;
}

Template Template::literal(std::string text) {
    Template out;
    out.text_ = std::move(text);
    return out;
}

Result<Template> Template::parse(std::string_view text) {
    constexpr std::string_view opening = "${{";
    std::size_t open = text.find(opening);
    if (open == text.npos) {
        return literal(std::string(text));
    }
    auto parts = std::make_shared<Parts>();
    std::size_t at = 0;
    while (open != text.npos) {
        const std::size_t inside = open + opening.size();
        const auto close = find_closing_braces(text, inside);
        if (!close) {
            return expression_error(open, "`${{` is never closed by `}}`");
        }
        auto expression = Expression::parse(text.substr(inside, *close - inside));
        if (!expression) {
            return fail(expression.error().problem,
                        "in `${{` at byte " + std::to_string(open) + ": " +
                            expression.error().detail);
        }
        parts->literals.emplace_back(text.substr(at, open - at));
        parts->expressions.push_back(std::move(*expression));
        at = *close + 2;
        open = text.find(opening, at);
    }
    parts->literals.emplace_back(text.substr(at));
    Template out;
    out.parts_ = std::move(parts);
    return out;
}

Result<Json> Template::value(const Names& names) const {
    if (is_literal()) {
        return Json(text_);
    }
    if (parts_->is_one_expression()) {
        return parts_->expressions[0].evaluate(names);
    }
    ATTACCA_TRY(std::string text, render(names));
    return Json(std::move(text));
}

Result<std::string> Template::render(const Names& names) const {
    if (is_literal()) {
        return text_;
    }
    std::string out = parts_->literals[0];
    for (std::size_t i = 0; i < parts_->expressions.size(); ++i) {
        ATTACCA_TRY(const Json value, parts_->expressions[i].evaluate(names));
        ATTACCA_TRY(const std::string text, scalar_text(value));
        out += text;
        out += parts_->literals[i + 1];
        if (out.size() > text_bytes_max) {
            return fail(Problem::expression_invalid, "the text has more than 65536 bytes");
        }
    }
    return out;
}

std::vector<Reference> Template::references() const {
    std::vector<Reference> out;
    if (!is_literal()) {
        for (const Expression& expression : parts_->expressions) {
            const auto& found = expression.references();
            out.insert(out.end(), found.begin(), found.end());
        }
    }
    return out;
}

bool Template::starts_with_expression() const {
    return !is_literal() && parts_->literals[0].empty();
}

}  // namespace attacca::core
