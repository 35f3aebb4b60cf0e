// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "base/check.h"
#include "base/error.h"

// Result<T> is a value or an Error, shaped like std::expected so that it can become an alias of it:
// Clang 14 with GCC 12's library does not see <expected> (docs/decisions/0002).

namespace attacca {

template <typename T>
class [[nodiscard]] Result {
  public:
    using value_type = T;

    // NOLINTNEXTLINE(google-explicit-constructor)
    Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
    // NOLINTNEXTLINE(google-explicit-constructor)
    Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

    [[nodiscard]] bool has_value() const { return state_.index() == 0; }
    explicit operator bool() const { return has_value(); }

    // Precondition of value access: has_value().
    [[nodiscard]] T& value() & {
        ATTACCA_CHECK(has_value());
        return *std::get_if<0>(&state_);
    }
    [[nodiscard]] const T& value() const& {
        ATTACCA_CHECK(has_value());
        return *std::get_if<0>(&state_);
    }
    [[nodiscard]] T&& value() && {
        ATTACCA_CHECK(has_value());
        return std::move(*std::get_if<0>(&state_));
    }
    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T&& operator*() && { return std::move(*this).value(); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }

    // Precondition: !has_value().
    [[nodiscard]] Error& error() {
        ATTACCA_CHECK(!has_value());
        return *std::get_if<1>(&state_);
    }
    [[nodiscard]] const Error& error() const {
        ATTACCA_CHECK(!has_value());
        return *std::get_if<1>(&state_);
    }

  private:
    std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
  public:
    using value_type = void;

    Result() = default;
    // NOLINTNEXTLINE(google-explicit-constructor)
    Result(Error error) : error_(std::move(error)) {}

    [[nodiscard]] bool has_value() const { return !error_.has_value(); }
    explicit operator bool() const { return has_value(); }
    [[nodiscard]] const Error& error() const {
        ATTACCA_CHECK(error_.has_value());
        return *error_;
    }

  private:
    std::optional<Error> error_;
};

// Reads like the constructor it is: `return fail(Problem::not_found, "no job …");`
[[nodiscard]] inline Error fail(Problem problem, std::string detail = {}) {
    return Error{problem, std::move(detail), {}};
}

}  // namespace attacca

// ATTACCA_TRY(auto job, find_job(id)); declares `job` or returns the error. The only macro of its
// kind (spec: kernel semantics, section 5). Use it in functions that return a Result.
#define ATTACCA_TRY_CAT2(a, b) a##b
#define ATTACCA_TRY_CAT(a, b) ATTACCA_TRY_CAT2(a, b)
#define ATTACCA_TRY_IMPL(tmp, variable, expression) \
    auto tmp = (expression);                        \
    if (!tmp) {                                     \
        return std::move(tmp.error());              \
    }                                               \
    variable = std::move(*tmp)
#define ATTACCA_TRY(variable, expression) \
    ATTACCA_TRY_IMPL(ATTACCA_TRY_CAT(try_result_, __LINE__), variable, expression)
