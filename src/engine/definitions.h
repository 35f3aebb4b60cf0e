// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/apply.h"
#include "core/command.h"
#include "ports/seal_keys.h"
#include "ports/store.h"

// Where apply finds definitions and texts: those of the command at hand, the interned ones of live
// jobs, else the store. Equal definitions are one object, however often they were submitted.
//
// Not thread-safe: it belongs to the engine's thread (or to a replay).

namespace attacca::engine {

class Definitions : public core::Bodies {
  public:
    // `keys` of sealed jobs; may be null, where there are none.
    explicit Definitions(ports::StoreReader& reader, ports::SealKeys* keys = nullptr)
        : reader_(reader), keys_(keys) {}

    // Makes the definitions and bodies of a command known while its records are applied. Points
    // the new jobs at the interned object. Both must outlive the call of forget_command().
    void know_command(core::Command& command);
    void know_bodies(const std::vector<core::Body>& bodies) { bodies_ = &bodies; }
    void forget_command() { bodies_ = nullptr; }

    // True when the body of an interned definition is on its way to the store already.
    [[nodiscard]] bool is_stored(const Sha256& digest) const;
    void note_stored(const Sha256& digest);
    // Its body goes: whoever names it next stores it anew.
    void forget_stored(const Sha256& digest);

    [[nodiscard]] Result<std::shared_ptr<const core::Definition>> definition(
        const Sha256& digest) override;
    [[nodiscard]] Result<std::string> text(const Sha256& digest) override;
    [[nodiscard]] Result<core::SealKey> seal_key(const core::JobId& job) override;

    void clear() {
        interned_.clear();
        used_ = 0;
    }
    [[nodiscard]] std::size_t size() const { return interned_.size(); }

  private:
    struct Entry {
        std::shared_ptr<const core::Definition> definition;
        bool is_stored = false;
    };
    // Points at the interned object.
    void know(std::shared_ptr<const core::Definition>& definition);
    void make_room();

    ports::StoreReader& reader_;
    ports::SealKeys* const keys_;
    const std::vector<core::Body>* bodies_ = nullptr;
    std::map<Sha256, Entry> interned_;
    std::size_t used_ = 0;  // entries that the last clearing out left: the next waits for as many
};

}  // namespace attacca::engine
