// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/time.h"
#include "core/bundle/policy.h"
#include "core/ledger/cosignature.h"
#include "engine/anchor_keeper.h"
#include "engine/host.h"
#include "ports/anchor.h"

// Asks witnesses to cosign the newest checkpoint, in rounds of at most one a second: all of them at
// once, so that their signatures come together on one note. What they signed is kept with the
// checkpoint.
//
// No commit waits for a witness. One that fails is asked again after 1, 2, 4 … 60 s; one that was
// away needs only the newest checkpoint, whatever was signed meanwhile.

namespace attacca::engine {

struct WitnessPeer {
    std::string name;  // in the policy, else where it is
    core::WitnessKey key;
    std::unique_ptr<ports::Witness> link;
    std::uint64_t held = 0;  // size of the newest checkpoint that it is known to hold
    // The rounds' own.
    std::uint64_t cosigned = 0;  // size of the newest that it signed in this process
    std::string lines;           // what it said last; empty: it failed
    std::uint64_t answered = 0;  // size that `lines` are about
    MonoTime not_before = {};
    std::uint32_t failures = 0;
};

class WitnessRounds {
  public:
    // Without a policy every peer has to sign. The host outlives the rounds.
    WitnessRounds(Host& host,
                  std::vector<WitnessPeer> peers,
                  std::optional<core::TrustPolicy> policy,
                  AnchorLog log);
    ~WitnessRounds();
    WitnessRounds(const WitnessRounds&) = delete;
    WitnessRounds& operator=(const WitnessRounds&) = delete;

    void start();
    // Ends the thread, then asks once for what is newest. Call it after the host has stopped.
    // Idempotent.
    void finish();
    // One round. For tests; else the thread does it.
    void round();

  private:
    // What a peer said: lines to add, or nothing.
    [[nodiscard]] std::string ask(WitnessPeer& peer,
                                  const std::shared_ptr<const SignedTree>& signed_tree);
    [[nodiscard]] std::string failed(WitnessPeer& peer, const std::string& why);
    [[nodiscard]] std::string contradicted(WitnessPeer& peer, const std::string& why);
    // Adds what peers said of the checkpoint of this size, in this round or in an earlier one.
    [[nodiscard]] std::string with_cosignatures(std::string note, std::uint64_t size);
    [[nodiscard]] bool is_enough(const std::string& note) const;
    void loop();

    Host& host_;
    std::vector<WitnessPeer> peers_;
    std::optional<core::TrustPolicy> policy_;
    AnchorLog log_;
    std::mutex mutex_;  // guards is_ending_
    std::condition_variable changed_;
    bool is_ending_ = false;
    std::thread thread_;
};

}  // namespace attacca::engine
