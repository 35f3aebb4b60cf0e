// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "base/check.h"
#include "core/graph/expression_functions.h"
#include "core/graph/expression_lexer.h"
#include "core/graph/expression_tree.h"
#include "core/graph/suggest.h"

// Recursive descent, bounded by expression_depth_max:
//
//   either  := both ('||' both)*
//   both    := compare ('&&' compare)*
//   compare := unary (('==' | '!=' | '<' | '<=' | '>' | '>=') unary)?
//   unary   := '!'* value ('.' name | '[' either ']')*
//   value   := literal | '(' either ')' | '[' list ']' | name '(' list ')' | path

namespace attacca::core {
namespace {

constexpr auto operations_max = static_cast<std::size_t>(expression_steps_max);

struct Comparison {
    TokenKind kind;
    Op op;
};

constexpr std::array comparisons = {
    Comparison{TokenKind::equal, Op::equal},
    Comparison{TokenKind::not_equal, Op::not_equal},
    Comparison{TokenKind::less, Op::less},
    Comparison{TokenKind::less_equal, Op::less_equal},
    Comparison{TokenKind::greater, Op::greater},
    Comparison{TokenKind::greater_equal, Op::greater_equal},
};

std::optional<Op> comparison_of(TokenKind kind) {
    for (const Comparison& comparison : comparisons) {
        if (comparison.kind == kind) {
            return comparison.op;
        }
    }
    return std::nullopt;
}

// Every function returns false after an error, which stands in `error_`.
class Parser {
  public:
    Parser(std::string_view text, std::size_t from) : lexer_(text, from) {}

    bool parse() {
        return advance() && parse_either() && expect_end();
    }
    [[nodiscard]] ExpressionProgram& program() { return program_; }
    [[nodiscard]] Error& error() { return error_; }

  private:
    bool advance() {
        auto token = lexer_.next();
        if (!token) {
            error_ = std::move(token.error());
            return false;
        }
        token_ = std::move(*token);
        return true;
    }

    bool refuse(std::size_t offset, std::string_view why) {
        error_ = expression_error(offset, why);
        return false;
    }

    bool refuse_token(std::string_view expected) {
        const std::string found =
            token_.kind == TokenKind::end ? "the end" : "`" + quoted(token_.source) + "`";
        return refuse(token_.offset, "expected " + std::string(expected) + ", found " + found);
    }

    bool expect(TokenKind kind, std::string_view what) {
        return token_.kind == kind ? advance() : refuse_token(what);
    }

    bool expect_end() {
        if (token_.kind == TokenKind::end) {
            return true;
        }
        if (comparison_of(token_.kind)) {
            return refuse(token_.offset, "comparisons do not chain; use parentheses or `&&`");
        }
        if (token_.kind == TokenKind::integer && token_.source.starts_with('-')) {
            return refuse(token_.offset, "there is no subtraction; a name with a hyphen is "
                                         "written in brackets, as in nodes['a-1']");
        }
        return refuse_token("an operator or the end");
    }

    bool emit(Op op, std::size_t argument = 0) {
        if (program_.operations.size() >= operations_max) {
            return refuse(token_.offset, "the expression has more than 10000 parts");
        }
        program_.operations.push_back({op, static_cast<std::uint32_t>(argument)});
        return true;
    }

    bool emit_constant(Op op, Json value) {
        program_.constants.push_back(std::move(value));
        return emit(op, program_.constants.size() - 1);
    }

    bool parse_either() {
        if (++depth_ > expression_depth_max) {
            return refuse(token_.offset, "nested more than 64 deep");
        }
        const bool is_good = parse_chain(TokenKind::either, Op::skip_if_true);
        --depth_;
        return is_good;
    }

    // a || b || c: each skip goes on behind its own right-hand side, where the result is a boolean.
    bool parse_chain(TokenKind separator, Op skip) {
        const auto operand = [&] {
            return separator == TokenKind::either ? parse_chain(TokenKind::both, Op::skip_if_false)
                                                  : parse_compare();
        };
        if (!operand()) {
            return false;
        }
        while (token_.kind == separator) {
            const std::size_t at = program_.operations.size();
            if (!advance() || !emit(skip) || !operand() || !emit(Op::to_boolean)) {
                return false;
            }
            program_.operations[at].argument =
                static_cast<std::uint32_t>(program_.operations.size());
        }
        return true;
    }

    bool parse_compare() {
        if (!parse_unary()) {
            return false;
        }
        const std::optional<Op> op = comparison_of(token_.kind);
        return !op || (advance() && parse_unary() && emit(*op));
    }

    bool parse_unary() {
        int negations = 0;
        while (token_.kind == TokenKind::bang) {
            if (++negations > expression_depth_max) {
                return refuse(token_.offset, "negated more than 64 times");
            }
            if (!advance()) {
                return false;
            }
        }
        if (!parse_value() || !parse_selectors()) {
            return false;
        }
        for (; negations > 0; --negations) {
            if (!emit(Op::negate)) {
                return false;
            }
        }
        return true;
    }

    bool parse_selectors() {
        while (true) {
            if (token_.kind == TokenKind::dot) {
                std::string name;
                if (!parse_name_after_dot(name) || !emit_constant(Op::member, std::move(name))) {
                    return false;
                }
            } else if (token_.kind == TokenKind::open_square) {
                if (!advance() || !parse_either() ||
                    !expect(TokenKind::close_square, "`]`") || !emit(Op::index)) {
                    return false;
                }
            } else {
                return true;
            }
        }
    }

    bool parse_name_after_dot(std::string& name) {
        if (!advance()) {
            return false;
        }
        if (token_.kind != TokenKind::name) {
            return refuse_token("a name after `.` (an index is written as in list[0])");
        }
        name = token_.source;
        return advance();
    }

    bool parse_value() {
        if (token_.kind == TokenKind::integer) {
            return emit_constant(Op::constant, token_.integer) && advance();
        }
        if (token_.kind == TokenKind::text) {
            return emit_constant(Op::constant, std::move(token_.text)) && advance();
        }
        if (token_.kind == TokenKind::open_round) {
            return advance() && parse_either() && expect(TokenKind::close_round, "`)`");
        }
        if (token_.kind == TokenKind::open_square) {
            return parse_list();
        }
        return token_.kind == TokenKind::name ? parse_name() : refuse_token("a value");
    }

    // Values up to `close`, separated by commas; the current token is the opening bracket.
    bool parse_values(TokenKind close, std::string_view closing, std::size_t& count) {
        if (!advance()) {
            return false;
        }
        count = 0;
        while (token_.kind != close) {
            if (count > 0 && !expect(TokenKind::comma, closing)) {
                return false;
            }
            if (!parse_either()) {
                return false;
            }
            ++count;
        }
        return advance();
    }

    bool parse_list() {
        std::size_t count = 0;
        return parse_values(TokenKind::close_square, "`,` or `]`", count) && emit(Op::list, count);
    }

    bool parse_name() {
        const Token name = std::move(token_);
        if (!advance()) {
            return false;
        }
        if (token_.kind == TokenKind::open_round) {
            return parse_call(name);
        }
        if (name.source == "true" || name.source == "false") {
            return emit_constant(Op::constant, name.source == "true");
        }
        if (name.source == "null") {
            return emit_constant(Op::constant, Json());
        }
        return parse_path(name);
    }

    bool parse_call(const Token& name) {
        const auto row = std::find_if(function_rows.begin(), function_rows.end(),
                                      [&](const auto& r) { return r.name == name.source; });
        if (row == function_rows.end()) {
            std::array<std::string_view, function_rows.size()> names;
            std::transform(function_rows.begin(), function_rows.end(), names.begin(),
                           [](const auto& r) { return r.name; });
            return refuse(name.offset, "there is no function `" + quoted(name.source) + "`" +
                                           suggestion(name.source, names));
        }
        std::size_t count = 0;
        if (!parse_values(TokenKind::close_round, "`,` or `)`", count)) {
            return false;
        }
        if (count != row->arity) {
            return refuse(name.offset, std::string(row->name) + "() takes " +
                                           std::to_string(row->arity) + " values, not " +
                                           std::to_string(count));
        }
        const auto function = static_cast<std::size_t>(row - function_rows.begin());
        return check_pattern(name, static_cast<Function>(function)) && emit(Op::call, function);
    }

    // A pattern that stands in the text is checked now, not first when it is used. It is compiled
    // again then: a compiled one takes more memory than all the rest.
    bool check_pattern(const Token& name, Function function) {
        if (function != Function::matches || program_.operations.back().op != Op::constant) {
            return true;
        }
        const auto compiled =
            compile_pattern(program_.constants[program_.operations.back().argument]);
        return compiled || refuse(name.offset, compiled.error().detail);
    }

    // root, root.member or root['member'], and the static member after it.
    bool parse_path(const Token& root) {
        Reference reference{std::string(root.source), {}, {}};
        std::vector<std::string> members;
        while (members.size() < 2) {
            std::string member;
            const int found = parse_static_member(member);
            if (found < 0) {
                return false;
            }
            if (found == 0) {
                break;
            }
            members.push_back(std::move(member));
        }
        if (reference.root == "nodes" && members.empty()) {
            return refuse(root.offset, "`nodes` needs the id of a node, as in nodes.a or "
                                       "nodes['a-b']");
        }
        if (!members.empty()) {
            reference.member = members[0];
        }
        if (members.size() > 1) {
            reference.field = members[1];
        }
        program_.references.push_back(std::move(reference));
        if (!emit(Op::load, program_.references.size() - 1)) {
            return false;
        }
        return members.size() < 2 || emit_constant(Op::member, std::move(members[1]));
    }

    // `.name` or `['text']`: 1 and the member; 0 when there is none, -1 after an error. When the
    // brackets hold anything else, its operations cannot be emitted before the load: the lexer is
    // put back to the bracket, which parse_selectors() reads again.
    int parse_static_member(std::string& member) {
        if (token_.kind == TokenKind::dot) {
            return parse_name_after_dot(member) ? 1 : -1;
        }
        if (token_.kind != TokenKind::open_square) {
            return 0;
        }
        const ExpressionLexer before_inside = lexer_;
        Token bracket = token_;
        if (!advance()) {
            return -1;
        }
        if (token_.kind == TokenKind::text && !token_.text.empty()) {
            member = std::move(token_.text);
            if (!advance()) {
                return -1;
            }
            if (token_.kind == TokenKind::close_square) {
                return advance() ? 1 : -1;
            }
        }
        lexer_ = before_inside;
        token_ = std::move(bracket);
        return 0;
    }

    ExpressionLexer lexer_;
    Token token_;
    int depth_ = 0;
    ExpressionProgram program_;
    Error error_;
};

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view spaces = " \t\r\n";
    const std::size_t first = std::min(text.find_first_not_of(spaces), text.size());
    return text.substr(first, text.find_last_not_of(spaces) - first + 1);
}

}  // namespace

Result<Expression> Expression::parse(std::string_view text) {
    if (text.size() > expression_bytes_max) {
        return fail(Problem::expression_invalid, "an expression has at most 65536 bytes");
    }
    const std::string_view outer = trimmed(text);
    auto from = static_cast<std::size_t>(outer.data() - text.data());
    std::size_t end = from + outer.size();
    if (outer.starts_with("${{")) {
        from += 3;
        const auto close = find_closing_braces(text, from);
        if (!close || *close + 2 != end) {
            return expression_error(from, "`${{` must be closed by `}}` at the end");
        }
        end = *close;
    }
    Parser parser(text.substr(0, end), from);
    if (!parser.parse()) {
        return std::move(parser.error());
    }
    auto tree = std::make_shared<Tree>();
    tree->program = std::move(parser.program());
    Expression expression;
    expression.tree_ = std::move(tree);
    return expression;
}

const std::vector<Reference>& Expression::references() const {
    ATTACCA_CHECK(tree_ != nullptr);
    return tree_->program.references;
}

}  // namespace attacca::core
