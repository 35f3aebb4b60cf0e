// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "base/check.h"
#include "core/graph/expression_functions.h"
#include "core/graph/expression_tree.h"
#include "core/graph/number.h"

namespace attacca::core {
namespace {

Error not_taken(std::string_view what, const Json& value) {
    return fail(Problem::expression_invalid,
                std::string(what) + " cannot take " + std::string(type_name_of(value)));
}

bool is_container(const Json& value) {
    return value.is_array() || value.is_object();
}

bool are_equal(const Json& a, const Json& b) {
    if (is_number(a) && is_number(b)) {
        return compare_numbers(a, b) == std::strong_ordering::equal;
    }
    if (a.type() != b.type()) {
        return false;
    }
    // The order of an object's members means nothing.
    return is_container(a) ? a.canonical_text() == b.canonical_text() : a == b;
}

Result<std::strong_ordering> order_of(const Json& a, const Json& b) {
    if (is_number(a) && is_number(b)) {
        return compare_numbers(a, b);
    }
    if (a.is_string() && b.is_string()) {
        return a.as_string().compare(b.as_string()) <=> 0;
    }
    return fail(Problem::expression_invalid,
                "an ordering needs two numbers or two strings, not " +
                    std::string(type_name_of(a)) + " and " + std::string(type_name_of(b)));
}

// Takes the member out of the value, which is not needed afterwards.
Result<Json> take_member(Json value, const std::string& name) {
    if (value.is_null()) {
        return Json();
    }
    if (!value.is_object()) {
        return not_taken("`." + quoted(name) + "`", value);
    }
    for (Json::Member& member : value.as_object()) {
        if (member.key == name) {
            return std::move(member.value);
        }
    }
    return Json();
}

Result<Json> take_element(Json value, const Json& index) {
    if (value.is_null()) {
        return Json();
    }
    if (value.is_object() && index.is_string()) {
        return take_member(std::move(value), index.as_string());
    }
    if (!value.is_array() || !index.is_integer()) {
        return fail(Problem::expression_invalid,
                    "an array takes an integer index and an object a string, not " +
                        std::string(type_name_of(value)) + "[" +
                        std::string(type_name_of(index)) + "]");
    }
    const std::int64_t at = index.as_integer();
    if (at < 0 || static_cast<std::uint64_t>(at) >= value.as_array().size()) {
        return Json();
    }
    return std::move(value.as_array()[static_cast<std::size_t>(at)]);
}

// Runs a program. A value on the stack was charged for when it arrived, so memory is bounded too.
class Machine {
  public:
    Machine(const ExpressionProgram& program, const Names& names)
        : program_(program), names_(names) {}

    Result<Json> run() {
        if (program_.operations.size() == 1) {
            return step(program_.operations.front());  // most often: a name, which needs no stack
        }
        std::size_t at = 0;
        while (at < program_.operations.size()) {
            const Operation operation = program_.operations[at];
            ++at;
            if (operation.op == Op::skip_if_false || operation.op == Op::skip_if_true) {
                ATTACCA_CHECK(operation.argument >= at);
                at = skips(operation.op) ? operation.argument : at;
                continue;
            }
            auto value = step(operation);
            if (!value) {
                return value;
            }
            stack_.push_back(std::move(*value));
        }
        ATTACCA_CHECK(stack_.size() == 1);
        return pop();
    }

  private:
    Json pop() {
        ATTACCA_CHECK(!stack_.empty());
        Json value = std::move(stack_.back());
        stack_.pop_back();
        return value;
    }

    // Whether the right-hand side is left out; if so, the boolean result is on top.
    bool skips(Op op) {
        const bool is_skipped = is_true(stack_.back()) == (op == Op::skip_if_true);
        stack_.pop_back();
        if (is_skipped) {
            stack_.emplace_back(op == Op::skip_if_true);
        }
        return is_skipped;
    }

    Result<Json> step(Operation operation) {
        if (!budget_.charge(1)) {
            return budget_.exhausted();
        }
        switch (operation.op) {
            case Op::constant: return program_.constants[operation.argument];
            case Op::load: return load(program_.references[operation.argument]);
            case Op::member:
                return take_member(pop(), program_.constants[operation.argument].as_string());
            case Op::index: {
                const Json index = pop();
                return take_element(pop(), index);
            }
            case Op::list: return list(operation.argument);
            case Op::negate: return Json(!is_true(pop()));
            case Op::to_boolean: return Json(is_true(pop()));
            case Op::equal:
            case Op::not_equal:
            case Op::less:
            case Op::less_equal:
            case Op::greater:
            case Op::greater_equal: return compare(operation.op);
            case Op::call: return call(static_cast<Function>(operation.argument));
            case Op::skip_if_false:
            case Op::skip_if_true: break;
        }
        ATTACCA_CHECK(false);
    }

    Result<Json> load(const Reference& reference) {
        auto value = names_.find(reference.root, reference.member);
        if (value && !budget_.charge_for(*value)) {
            return budget_.exhausted();
        }
        return value;
    }

    Result<Json> list(std::size_t size) {
        ATTACCA_CHECK(size <= stack_.size());
        const auto first = stack_.end() - static_cast<std::ptrdiff_t>(size);
        Json::Array values(std::make_move_iterator(first), std::make_move_iterator(stack_.end()));
        stack_.erase(first, stack_.end());
        return Json(std::move(values));
    }

    Result<Json> compare(Op op) {
        const Json b = pop();
        const Json a = pop();
        if (!budget_.charge_for(a) || !budget_.charge_for(b)) {
            return budget_.exhausted();
        }
        if (op == Op::equal || op == Op::not_equal) {
            return Json(are_equal(a, b) == (op == Op::equal));
        }
        ATTACCA_TRY(const auto order, order_of(a, b));
        if (op == Op::less || op == Op::greater_equal) {
            return Json((order == std::strong_ordering::less) == (op == Op::less));
        }
        return Json((order == std::strong_ordering::greater) == (op == Op::greater));
    }

    Result<Json> call(Function function) {
        switch (function) {
            case Function::succeeded: return Json(names_.needs_succeeded());
            case Function::failed: return Json(names_.needs_failed());
            case Function::always: return Json(true);
            case Function::length:
            case Function::to_json:
            case Function::from_json: return call_with_one(function, pop(), budget_);
            case Function::contains:
            case Function::starts_with:
            case Function::matches:
            case Function::default_:
            case Function::join: {
                Json b = pop();
                return call_with_two(function, pop(), std::move(b), budget_);
            }
        }
        ATTACCA_CHECK(false);
    }

    const ExpressionProgram& program_;
    const Names& names_;
    Budget budget_;
    std::vector<Json> stack_;
};

}  // namespace

Result<Json> Expression::evaluate(const Names& names) const {
    ATTACCA_CHECK(tree_ != nullptr);
    return Machine(tree_->program, names).run();
}

Result<bool> Expression::holds(const Names& names) const {
    ATTACCA_TRY(const Json value, evaluate(names));
    return is_true(value);
}

bool is_true(const Json& value) {
    switch (value.type()) {
        case Json::Type::null: return false;
        case Json::Type::boolean: return value.as_bool();
        case Json::Type::integer: return value.as_integer() != 0;
        case Json::Type::decimal: return compare_numbers(value, Json(0)) != 0;
        case Json::Type::string: return !value.as_string().empty();
        case Json::Type::array: return !value.as_array().empty();
        case Json::Type::object: return !value.as_object().empty();
    }
    ATTACCA_CHECK(false);
}

}  // namespace attacca::core
