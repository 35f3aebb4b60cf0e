// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <memory>
#include <string_view>

#include "base/bytes.h"

// SHA-256 (FIPS 180-4) by OpenSSL. Deterministic, so core may use it.

namespace attacca {

[[nodiscard]] Sha256 sha256(std::string_view bytes);
// The digest of the parts, one after another.
[[nodiscard]] Sha256 sha256(std::initializer_list<std::string_view> parts);

// For what arrives in pieces. Not thread-safe; owns its context.
class Sha256Stream {
  public:
    Sha256Stream();
    ~Sha256Stream();
    Sha256Stream(Sha256Stream&&) noexcept;
    Sha256Stream& operator=(Sha256Stream&&) noexcept;

    void update(std::string_view bytes);
    // Call once; the stream is empty afterwards.
    [[nodiscard]] Sha256 finish();

  private:
    struct Context;
    std::unique_ptr<Context> context_;
};

}  // namespace attacca
