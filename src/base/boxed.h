// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <utility>

namespace attacca {

// An optional value that lies elsewhere: a mere pointer while there is none. For what few of many
// objects have; where all have it, std::optional is smaller and faster. Copies are deep.
template <typename T>
class Boxed {
  public:
    Boxed() = default;
    // As of std::optional, a value is one too.
    Boxed(T value)  // NOLINT(google-explicit-constructor)
        : value_(std::make_unique<T>(std::move(value))) {}
    Boxed(const std::optional<T>& value)  // NOLINT(google-explicit-constructor)
        : value_(value ? std::make_unique<T>(*value) : nullptr) {}
    Boxed(const Boxed& other) : value_(other ? std::make_unique<T>(*other) : nullptr) {}
    Boxed(Boxed&&) noexcept = default;
    Boxed& operator=(Boxed other) noexcept {
        value_ = std::move(other.value_);
        return *this;
    }
    ~Boxed() = default;

    explicit operator bool() const { return value_ != nullptr; }
    const T& operator*() const { return *value_; }
    const T* operator->() const { return value_.get(); }
    [[nodiscard]] std::optional<T> as_optional() const {
        return value_ ? std::optional<T>(*value_) : std::nullopt;
    }

  private:
    std::unique_ptr<T> value_;
};

}  // namespace attacca
