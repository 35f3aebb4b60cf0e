// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "base/time.h"
#include "core/ledger/chains.h"
#include "core/ledger/checkpoint.h"
#include "core/ledger/continuity.h"
#include "core/ledger/fault.h"
#include "core/ledger/keys.h"
#include "core/ledger/profile.h"
#include "core/ledger/tree.h"

// Everything that must hold in a stored ledger, checked in one pass over its batches.
//
// For each batch: its records' leaf hashes against the stored tiles, the tree against the root that
// the batch claims and against every checkpoint of that size; then each record's profile, origin,
// place, time and chain. Bytes are hashed before they are read.
//
// The caller reads the store and feeds: first the stored checkpoints that a batch reaches, then the
// batch; a checkpoint of the very end may come after it. He adds what he finds himself (a row that
// cannot be read, content, state) as a failure. What a record holds he need not read again: each is
// shown to him once it is checked.
//
// What a pass can not tell without an anchor: that the end of the ledger was cut off at a batch's
// end. The report says up to where signatures reach.
//
// Memory: the live entities, 16 bytes per ended job, O(log n). Not for two threads at once.
// Spec: ledger.md 3.9 (steps 2 to 6), 4.3; kernel.md 3.

namespace attacca::core {

// A stored full tile, or nothing when it is not stored.
using StoredTile =
    std::function<Result<std::optional<std::string>>(std::uint32_t level, std::uint64_t index)>;

struct VerifyPolicy {
    NoteKey key;                      // trusted; its name is the ledger's origin
    std::vector<Checkpoint> anchors;  // opened before: what was seen of this ledger earlier
    bool is_strict = false;
    StoredTile tiles = {};  // may be empty: then only roots tell of a changed record
    // Of smaller checkpoints one signature in each Verifier::signature_stride records is checked,
    // the others only in their form and their root (decision 0016). Strictly all are.
    std::uint64_t signatures_from = 0;
    // The keys that the root has delegated, read ahead: a checkpoint is given before the batch
    // whose record names the key that signed it. The records are checked in the pass.
    std::vector<Delegation> windows = {};
};

struct VerifyReport {
    Verdict verdict = Verdict::good;
    int exit_status = 0;
    std::uint64_t records = 0;  // checked
    std::uint64_t size = 0;     // of the tree they give
    Sha256 root;
    std::uint64_t entities = 0;
    std::uint64_t signed_size = 0;  // the largest size with a good signature
    std::uint64_t unsigned_records = 0;
    std::uint64_t checkpoints = 0;         // stored ones that were given
    std::uint64_t signatures_skipped = 0;  // of them compared, but their signature not computed
    std::uint64_t anchored_size = 0;  // of the largest anchor that agrees
    std::string assurance;            // `L1 signed`, or `none`
    std::vector<std::string> notes;   // restores, and what they lost
    std::vector<Checkpoint> forks;    // anchors that this ledger contradicts, of at most its size
    std::vector<Failure> failures;    // in the order in which they were found
    std::uint64_t failures_omitted = 0;
};

class Verifier {
  public:
    // Of each fault so many are kept with their words.
    static constexpr std::size_t kept_of_each_fault = 32;
    static constexpr std::uint64_t signature_stride = 1024;

    explicit Verifier(VerifyPolicy policy);

    // A stored checkpoint: ascending sizes, each before the batch that goes beyond its size.
    void add_checkpoint(std::uint64_t size, std::string_view note);

    // Shows a record of the batch that is being added, by its position there, after its own checks:
    // only where its bytes are of the profile. Views are of the batch's bytes, and of the moment.
    using Visitor = std::function<void(std::size_t, const RawRecord&, const RecordHeader&)>;

    // The next batch. `root` is what is stored with it.
    void add_batch(std::uint64_t first_gseq,
                   std::span<const std::string_view> records,
                   const Sha256& root,
                   const Visitor& visit = {},
                   std::span<const std::uint64_t> previous = {});

    // The next batch, of which only the hashes are left, in the stored tiles. Whether a record
    // explains that is the caller's to know. `previous` of a later batch then tells where the
    // record before it of the same entity stood: its hash must be the one that the later one names.
    void add_pruned(std::uint64_t first_gseq, std::uint64_t count, const Sha256& root);

    // What was found outside. E_GAP ends the pass: later batches cannot be placed any more.
    void add_failure(Fault fault, std::optional<std::uint64_t> gseq, std::string detail);

    // True after a gap: nothing more is checked.
    [[nodiscard]] bool is_stopped() const { return is_stopped_; }
    [[nodiscard]] std::uint64_t size() const { return tree_.size(); }
    // The link hashes of the last batch's records.
    [[nodiscard]] std::span<const Sha256> links() const { return links_; }

    // Call once, after the last batch.
    [[nodiscard]] VerifyReport finish();

  private:
    // A root that the tree must have at a size.
    struct Expected {
        std::uint64_t size = 0;
        Sha256 root;
        bool is_anchor = false;
        std::string origin = {};
        bool is_hand_over = false;  // the root saw it when it delegated a key
        KeyId signer{};
        std::optional<CheckpointNote> unchecked = {};  // its signature was not computed
    };

    // False when a failure was told.
    [[nodiscard]] bool check_trust(std::uint64_t size, const CheckpointNote& note, bool is_due);
    [[nodiscard]] static std::string name_of_checkpoint(std::uint64_t size);
    [[nodiscard]] bool is_signature_due(std::uint64_t size) const;
    void note_signed(Expected expected);
    void check_held();
    [[nodiscard]] const NoteKey& key_of(const CheckpointNote& note);
    void begin_origin(std::uint64_t gseq, std::string_view record);
    void give_up_anchors(const LedgerRestored& restored, std::uint64_t gseq);
    void expect(Expected expected);
    // False when the batch cannot be placed, which is told then.
    [[nodiscard]] bool is_next(std::uint64_t first_gseq);
    void resume_chain(const RecordHeader& header, std::uint64_t previous);
    void check_stored_leaf(std::uint64_t gseq, const Sha256& leaf);
    void check_full_tiles();
    void check_expected(bool is_end_of_batch);
    void check_root(std::uint64_t first_gseq, const Sha256& root);
    [[nodiscard]] const Sha256& tree_root();
    void check_record(std::uint64_t gseq,
                      std::string_view record,
                      const RecordHeader& header,
                      const Sha256& link);
    void check_hand_over(std::uint64_t gseq, std::string_view record);
    void check_place(std::uint64_t gseq, const RecordHeader& header);
    void check_signer(std::uint64_t size);
    [[nodiscard]] const std::string* stored_tile(std::uint32_t level, std::uint64_t index);
    void finish_signatures(VerifyReport& report);

    VerifyPolicy policy_;
    Delegations delegations_;
    KeyChain key_chain_;
    std::uint64_t batch_first_ = 0;  // of the batch at hand
    Tree tree_;
    std::uint64_t root_size_ = 0;  // of the tree that root_ is of
    Sha256 root_;
    Chains chains_;
    std::vector<Sha256> links_;
    std::vector<std::pair<std::uint64_t, std::uint64_t>> pruned_;  // ascending, first and end
    RawRecord raw_;        // of the record at hand
    RecordHeader header_;  // the same
    std::deque<Expected> expected_;  // ascending sizes, all beyond the tree's
    std::uint64_t last_checkpoint_size_ = 0;
    std::uint64_t checkpoints_ = 0;
    std::uint64_t signatures_skipped_ = 0;
    std::uint64_t checked_signature_size_ = 0;  // of the newest one
    std::uint64_t proven_size_ = 0;             // of the newest one that agreed with the records
    std::optional<CheckpointNote> held_;        // the newest that agreed, when it was skipped
    NoteKey former_key_;                        // under the origin that was asked for last
    std::uint64_t signed_size_ = 0;
    std::uint64_t anchored_size_ = 0;
    std::uint64_t unsigned_batches_ = 0;
    Continuity continuity_;
    std::string signed_origin_;  // of the newest good checkpoint
    Sha256 last_root_;           // that the batch before claims
    std::vector<std::string> notes_;
    std::vector<Checkpoint> forks_;
    bool has_foreign_checkpoints_ = false;
    bool is_root_broken_ = false;  // told once: it stays so for every later size
    bool is_sequence_broken_ = false;
    bool is_stopped_ = false;
    bool all_leaves_stored_ = false;  // of this batch

    std::optional<FullTile> tile_;  // the one read last; empty hashes: not stored
    std::vector<Failure> failures_;
    std::vector<std::uint64_t> counts_;  // by fault
    std::uint64_t omitted_ = 0;
    Verdict verdict_ = Verdict::good;
};

}  // namespace attacca::core
