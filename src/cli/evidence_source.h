// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "cli/context.h"

// Where `evidence` reads: a server, or a data directory that no server holds.

namespace attacca::cli {

class EvidenceSource {
  public:
    virtual ~EvidenceSource() = default;

    // Errors: unreachable, not_found, and those of the server.
    [[nodiscard]] static Result<std::unique_ptr<EvidenceSource>> find(const Context& context);

    // The newest signed checkpoint, as text.
    [[nodiscard]] virtual Result<std::string> checkpoint() = 0;
    // Each {gseq, eseq, type, time, link, record}, in order.
    [[nodiscard]] virtual Result<Json::Array> records(const std::string& job) = 0;
    // As `GET E/{entity}/verify`.
    [[nodiscard]] virtual Result<Json> verify(const std::string& job) = 0;
    // The archive goes to `take` in pieces, until it returns false.
    [[nodiscard]] virtual Result<void> bundle(
        const std::string& job,
        const std::vector<std::uint64_t>& old_sizes,
        const std::function<bool(std::string_view)>& take) = 0;
};

}  // namespace attacca::cli
