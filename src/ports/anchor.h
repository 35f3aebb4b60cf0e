// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/result.h"

// Places outside of the data directory that remember what the ledger has signed, so that an older
// copy of the directory cannot pass for the newest.
//
// One thread at a time for each object.

namespace attacca::ports {

// One signed checkpoint in a file.
class AnchorFile {
  public:
    virtual ~AnchorFile() = default;
    // Nothing before the first. Errors: io_error.
    [[nodiscard]] virtual Result<std::optional<std::string>> read() = 0;
    // Replaces it; durable when the call returns, and never half of it. Errors: storage_full,
    // io_error.
    [[nodiscard]] virtual Result<void> keep(const std::string& note) = 0;
};

// A witness that speaks C2SP tlog-witness. Calls return within seconds.
class Witness {
  public:
    virtual ~Witness() = default;
    struct Answer {
        int status = 0;
        std::string body;
    };
    // Errors: unreachable, invalid_value (the URL).
    [[nodiscard]] virtual Result<Answer> add_checkpoint(const std::string& request) = 0;
    // The newest checkpoint that it holds of this origin; 404 when it has none, or does not tell.
    // Errors: as above.
    [[nodiscard]] virtual Result<Answer> newest(const std::string& origin) = 0;
};

// What a witness remembers: for each origin the newest checkpoint that it cosigned.
class WitnessShelf {
  public:
    virtual ~WitnessShelf() = default;
    // The signed note; nothing before the first. Errors: io_error.
    [[nodiscard]] virtual Result<std::optional<std::string>> newest(const std::string& origin) = 0;
    // Durable when the call returns. Errors: storage_full, io_error.
    [[nodiscard]] virtual Result<void> keep(const std::string& origin,
                                            const std::string& note) = 0;
};

}  // namespace attacca::ports
