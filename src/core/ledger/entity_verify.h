// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/time.h"
#include "core/ledger/checkpoint.h"
#include "core/ledger/fault.h"
#include "core/ledger/profile.h"

// Everything that must hold for the records of one entity, where the rest of the ledger is known by
// proofs only: that each is in the signed tree, that each is in its place, and that none is missing
// between the first and the last.
//
// What it can not tell: that no record came after the last one, unless that one is final.
// Spec: ledger.md 3.9 (steps 3 to 5). Not for two threads at once.

namespace attacca::core {

using FailureSink = std::function<void(Fault, std::optional<std::uint64_t>, std::string)>;

struct EntitySummary {
    std::string entity;
    std::string tenant;
    std::uint64_t records = 0;
    std::uint64_t first_eseq = 0;
    std::uint64_t last_eseq = 0;
    std::uint64_t last_gseq = 0;
    bool is_final = false;
};

class EntityVerifier {
  public:
    // `checkpoint` was opened with a trusted key. `entity` is the one that all records must be of.
    EntityVerifier(Checkpoint checkpoint, std::string entity, FailureSink sink);

    // The next record: ascending positions. `path` is its inclusion proof; without one, somebody
    // else has told what is wrong with it.
    void add(std::uint64_t gseq,
             std::string_view record,
             std::optional<std::span<const Sha256>> path);
    // A record that must be there and is not.
    void add_missing(std::uint64_t gseq);
    // Call once, after the last record.
    [[nodiscard]] const EntitySummary& finish();

  private:
    [[nodiscard]] bool take_origin(std::string_view origin);
    void check_place(std::uint64_t gseq, const RecordHeader& header);
    void check_chain(std::uint64_t gseq, const RecordHeader& header);
    void check_order(std::uint64_t gseq, const RecordHeader& header);
    void settle(bool is_vouched);

    Checkpoint checkpoint_;
    FailureSink sink_;
    EntitySummary summary_;
    std::optional<std::uint64_t> unproven_;  // the record before, when its proof did not hold
    bool has_link_ = false;                  // `link_` is that of the record before
    Sha256 link_;
    std::uint64_t next_eseq_ = 0;
    WallTime last_at_{INT64_MIN};
    std::string origin_;  // in force
    bool is_gap_told_ = false;
};

}  // namespace attacca::core
