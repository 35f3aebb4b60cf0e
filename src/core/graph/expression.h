// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"

// Expressions of the pipeline file: total, without loops or I/O, bounded in size and steps, so that
// any text a user sends is safe to evaluate (interface.md 2.4).
//
//   path        params.top_ports   nodes.ports.outputs.hosts[0]  nodes['a-b'].status  host.address
//   literals    12   -3   'it''s'   "a\n"   true   false   null   [1, 2]
//   operators   == != < <= > >= && || !      (no arithmetic; literals are int64)
//   functions   length contains starts_with matches default to_json from_json join
//               succeeded() failed() always()
//
// A missing member is null; a type that an operator cannot take is an error, which fails the node
// permanently.

namespace attacca::core {

inline constexpr std::size_t expression_bytes_max = 65536;
inline constexpr int expression_steps_max = 10000;

// What an expression can see. Implemented by the job for its nodes, and by tests.
class Names {
  public:
    virtual ~Names() = default;
    // The value of `root.member`; `member` is empty where the path is the root alone. An unknown
    // root is an error (expression_invalid), an unknown member of a known root is null, except
    // under `nodes`, where an unknown node is an error.
    [[nodiscard]] virtual Result<Json> find(std::string_view root,
                                            std::string_view member) const = 0;
    // succeeded() and failed(): over the needs of the node that asks.
    [[nodiscard]] virtual bool needs_succeeded() const = 0;
    [[nodiscard]] virtual bool needs_failed() const = 0;
};

// Which `root.member` pairs an expression reads; for validation and for results files.
struct Reference {
    std::string root;
    std::string member;
    std::string field;  // the next static member, for example "results_file"
    friend bool operator==(const Reference&, const Reference&) = default;
};

class Expression {
  public:
    // The text itself, or the text within one `${{ }}`. Errors: expression_invalid, with the byte
    // offset.
    [[nodiscard]] static Result<Expression> parse(std::string_view text);

    // Errors: expression_invalid (a type or a limit).
    [[nodiscard]] Result<Json> evaluate(const Names& names) const;
    // As a condition: false, null, 0, "", [] and {} are false.
    [[nodiscard]] Result<bool> holds(const Names& names) const;
    [[nodiscard]] const std::vector<Reference>& references() const;

  private:
    struct Tree;
    std::shared_ptr<const Tree> tree_;
};

// Text with `${{ expression }}` in it. Cheap when it is a plain literal.
class Template {
  public:
    Template() = default;
    [[nodiscard]] static Result<Template> parse(std::string_view text);
    [[nodiscard]] static Template literal(std::string text);

    [[nodiscard]] bool is_literal() const { return parts_ == nullptr; }
    // The literal text; precondition: is_literal().
    [[nodiscard]] const std::string& text() const { return text_; }
    // One expression alone keeps its type; otherwise the parts are joined as text (strings as they
    // are, numbers and booleans in JSON form; null, arrays and objects in text are an error).
    [[nodiscard]] Result<Json> value(const Names& names) const;
    // The value as text: a string as it is, a number or boolean in JSON form, else an error.
    [[nodiscard]] Result<std::string> render(const Names& names) const;
    [[nodiscard]] std::vector<Reference> references() const;
    // The text begins with a value, so the value alone decides whether it looks like an option.
    [[nodiscard]] bool starts_with_expression() const;

  private:
    struct Parts;
    std::string text_;
    std::shared_ptr<const Parts> parts_;
};

[[nodiscard]] bool is_true(const Json& value);

}  // namespace attacca::core
