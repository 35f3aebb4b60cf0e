// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/ledger/codec.h"
#include "engine/batch.h"
#include "engine/recovery.h"
#include "ports/entropy.h"

// Gives records their place in the ledger and their bytes: global number, chain of the entity,
// nonce, encoding, leaf hash. It follows the batch that is still open, so that this work is done
// while the batch before it is being stored; the committer finds it done.
//
// Belongs to one thread. Where a batch does not become durable the object is void: make a new one
// from what is recovered.

namespace attacca::engine {

class Scribe {
  public:
    Scribe(const Recovered& recovered, ports::Entropy& entropy, core::LedgerName name);

    // Writes those of the batch's records that are not written yet.
    void write(Batch& batch);

  private:
    struct Head {
        std::uint64_t last_gseq = ports::no_gseq;
        Sha256 last_link;
    };

    Head& head_of(const PlacedRecord& placed);
    void write_record(const PlacedRecord& placed, Written& out);

    ports::Entropy& entropy_;
    core::LedgerName name_;
    std::uint64_t size_ = 0;  // records written so far, since the ledger began
    std::vector<Head> job_heads_;  // by slot
    std::map<std::string, Head> entity_heads_;
};

}  // namespace attacca::engine
