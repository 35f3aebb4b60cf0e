// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/signature.h"
#include "core/ledger/cosignature.h"
#include "core/ledger/witness.h"
#include "ports/anchor.h"
#include "ports/clock.h"

// A witness: what it follows, what it has cosigned, and its key. It answers as C2SP tlog-witness
// says, and cosigns nothing that is not on the disk.
//
// Safe from any thread: one request at a time is judged and kept, so that none can take back what
// another one brought.

namespace attacca::engine {

class WitnessBook {
  public:
    struct Answer {
        int status = 200;
        std::string content_type = "text/plain; charset=utf-8";
        std::string body;
    };

    // Shelf and clock outlive the book.
    WitnessBook(ports::WitnessShelf& shelf,
                const ports::Clock& clock,
                std::shared_ptr<const Ed25519Signer> signer,
                std::string name,
                std::vector<core::NoteKey> logs);

    [[nodiscard]] Answer add_checkpoint(std::string_view body);
    // The newest cosigned checkpoint of the origin with this SHA-256 in hexadecimal.
    [[nodiscard]] Answer newest(std::string_view origin_hash);
    [[nodiscard]] const core::WitnessKey& key() const { return key_; }

  private:
    [[nodiscard]] Answer cosign(const core::AddCheckpoint& request);

    ports::WitnessShelf& shelf_;
    const ports::Clock& clock_;
    std::shared_ptr<const Ed25519Signer> signer_;
    core::WitnessKey key_;
    std::vector<core::NoteKey> logs_;
    std::mutex mutex_;  // guards the shelf
};

}  // namespace attacca::engine
