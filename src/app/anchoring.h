// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/system/data_dir.h"
#include "base/result.h"
#include "cli/anchor_options.h"
#include "core/bundle/policy.h"
#include "engine/anchor_gate.h"
#include "engine/anchor_keeper.h"
#include "engine/witness_rounds.h"

// What a server keeps outside of its data directory: the anchor file and the witnesses that were
// named, asked before the engine starts, and told of new checkpoints while it runs.

namespace attacca::app {

// As the command line names them: a bare `URL` is that of a witness that the policy names.
using AnchorOptions = cli::AnchorPlaces;

class Anchoring {
  public:
    // Errors: bad_configuration, also for a file inside the data directory.
    [[nodiscard]] static Result<std::unique_ptr<Anchoring>> open(const AnchorOptions& options,
                                                                 const system::DataDir& directory,
                                                                 engine::AnchorLog log);

    // The start-up gate. Errors: those of AnchorGate; unavailable, when too few of the witnesses
    // answer for the policy.
    [[nodiscard]] Result<void> check(ports::StoreReader& reader,
                                     const std::vector<core::NoteKey>& keys);

    // The largest signed checkpoint of this origin that an anchor holds; nothing when none does.
    // Errors: bad_configuration, io_error.
    [[nodiscard]] Result<std::optional<core::Checkpoint>> newest(
        const std::vector<core::NoteKey>& keys);

    void start(engine::Host& host);
    // Keeps and shows what is newest. Call it after the host has stopped.
    void finish();

  private:
    struct Peer {
        std::string name;
        core::WitnessKey key;
        std::string url;
        std::uint64_t held = 0;
    };
    Anchoring() = default;
    [[nodiscard]] Result<void> add_peers(const AnchorOptions& options);
    [[nodiscard]] Result<void> add_peer(const std::string& text);
    [[nodiscard]] Result<void> check_file(engine::AnchorGate& gate, const std::string& origin);
    [[nodiscard]] Result<bool> check_witness(engine::AnchorGate& gate, Peer& peer,
                                             const std::string& origin, const std::string& note);

    std::unique_ptr<ports::AnchorFile> file_;
    std::string file_name_;
    std::uint64_t kept_size_ = 0;
    std::vector<Peer> peers_;
    std::optional<core::TrustPolicy> policy_;
    engine::AnchorLog log_;
    std::unique_ptr<engine::AnchorKeeper> keeper_;
    std::unique_ptr<engine::WitnessRounds> rounds_;
};

}  // namespace attacca::app
