// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "engine/witness_book.h"
#include "http/limits.h"

// HTTP in front of a witness (C2SP tlog-witness): what `attacca witness` serves. No token: a
// checkpoint proves by its signature who sent it.
//
//   POST /add-checkpoint
//   GET  /<SHA-256 of the origin>/checkpoint
//   GET  /vkey         the witness's verifier key
//   GET  /livez

namespace attacca::http {

// Small requests only: 63 hashes and a checkpoint.
[[nodiscard]] Limits witness_limits();

class WitnessService {
  public:
    // The book outlives the service. `on_bound`: see ServiceOptions.
    // Errors: bad_configuration.
    [[nodiscard]] static Result<std::unique_ptr<WitnessService>> start(
        engine::WitnessBook& book,
        const std::string& listen,
        const Limits& limits,
        std::function<Result<void>(std::uint16_t port)> on_bound);
    ~WitnessService();
    WitnessService(const WitnessService&) = delete;
    WitnessService& operator=(const WitnessService&) = delete;

    [[nodiscard]] std::uint16_t port() const;
    // Lets answers under way go out for up to `grace`. Idempotent.
    void stop(Duration grace);

  private:
    struct Parts;
    explicit WitnessService(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

}  // namespace attacca::http
