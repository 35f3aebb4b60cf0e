// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "core/ledger/keys.h"
#include "engine/gateway.h"
#include "engine/ledger_keys.h"
#include "ports/signer.h"

// Hands the signing of batches from key to key, in time, without stopping anything.
//
// A hand-over: a key for the time after the next is made durable; the root delegates the next one
// for the sizes behind the newest signed tree; old and new key sign; the record goes the way of
// all records, and the committer signs its batch with the new key. Then every older key is
// destroyed. Until the record is durable nothing has changed, so that a process killed anywhere in
// between goes on with the old key, and the next one destroys what was made for nothing.
//
// The root may be slow or gone: it is asked on this object's thread, and commits go on meanwhile.
// That it does not answer is recorded once, and again when it does. When the window of the key in
// hand has run out, the policy decides: go on, or take no new work.

namespace attacca::engine {

struct KeyPolicy {
    Duration life = seconds(24 * 3600);
    std::uint64_t records_max = std::uint64_t{1} << 27U;
    bool halts = false;  // when a window has run out: refuse new work
};

class KeyKeeper {
  public:
    // All references outlive the keeper. `on_status` is called when the status changed.
    KeyKeeper(Gateway& gateway,
              LedgerKey key,
              ports::Signer& root,
              KeyPolicy policy,
              std::function<void(const KeyStatus&)> on_status);
    ~KeyKeeper();

    // Looks every few seconds on a thread of its own, until the end.
    void start();
    void stop();
    // The thread looks now, and hands over whether or not that is due. Safe from any thread.
    void want();

    // One look: hands over when that is due or `is_wanted`.
    // For one thread at a time. Errors: corrupt, io_error (of the store); unavailable (the root).
    [[nodiscard]] Result<void> look(bool is_wanted = false);
    [[nodiscard]] KeyStatus status() const;

  private:
    [[nodiscard]] const core::KeyRotated* newest(const core::KeyChain& chain) const {
        return chain.newest(key_.name.origin);
    }
    [[nodiscard]] bool is_due(const core::KeyChain& chain, Now now) const;
    [[nodiscard]] Result<void> rotate(const core::KeyChain& chain, const SignedTree& tree, Now now);
    [[nodiscard]] Result<Ed25519Signature> sign_by_old(const core::KeyChain& chain,
                                                       std::string_view text);
    [[nodiscard]] Result<void> note(core::Payload payload);
    [[nodiscard]] std::optional<Ed25519PublicKey> named_key(const core::KeyChain& chain);
    void set_status(const KeyStatus& status);

    Gateway& gateway_;
    const LedgerKey key_;
    ports::Signer& root_;
    const KeyPolicy policy_;
    const std::function<void(const KeyStatus&)> on_status_;

    std::optional<Ed25519PublicKey> first_;  // made for the first hand-over, until that succeeds
    mutable std::mutex mutex_;              // guards status_, is_stopping_, is_wanted_
    std::condition_variable changed_;
    KeyStatus status_;
    bool is_stopping_ = false;
    bool is_wanted_ = false;
    bool has_tidied_ = false;
    std::thread thread_;
};

}  // namespace attacca::engine
