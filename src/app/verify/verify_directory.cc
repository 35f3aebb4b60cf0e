// SPDX-License-Identifier: Apache-2.0
#include "app/verify/verify_directory.h"

#include <memory>
#include <optional>
#include <utility>

#include "adapters/sqlite/sqlite_reader.h"
#include "adapters/system/files.h"
#include "adapters/system/seal_key_files.h"
#include "app/verify/content_check.h"
#include "app/verify/erasure_check.h"
#include "app/verify/fork_proof.h"
#include "app/verify/ledger_walk.h"
#include "app/verify/pruning_check.h"
#include "app/verify/replay_check.h"
#include "app/verify/stamp_check.h"
#include "app/verify/trust_check.h"
#include "base/time.h"
#include "core/ledger/decode_raw.h"
#include "core/ledger/verify.h"
#include "engine/history.h"
#include "engine/ledger_keys.h"

namespace attacca::verify {
namespace {

constexpr std::size_t vkey_bytes_max = 4096;
// Of a ledger that has no more signatures than this, which takes a fifth of a second, all are
// checked; of a larger one so many at the end, whatever the size of the batches they are of.
constexpr std::uint64_t few_signatures = 4096;
constexpr std::uint64_t newest_signatures = 256;

// One pass over the ledger as it was when the pass began; over a ledger that lost words meanwhile,
// as it was when they went.
class Pass {
  public:
    Pass(sqlite::SqliteReader& reader, const system::DataDir& directory,
         const cli::VerifyOptions& options, core::VerifyPolicy policy)
        : reader_(reader),
          walk_(reader),
          root_(directory.root()),
          options_(options),
          key_(policy.key),
          vkey_(core::format_vkey(policy.key)),
          origin_(policy.key.name),
          has_anchor_(!policy.anchors.empty()),
          verifier_(std::move(policy)),
          content_(reader, directory.cas(), pruned_by_now(root_), sink()),
          seal_keys_(directory.seals()),
          erasures_(directory.seals(), sink()),
          stamps_(reader, options, sink()),
          prunings_(reader, sink()) {
        if (options.is_replay) {
            replay_.emplace(reader, &seal_keys_, sink());
        }
    }

    [[nodiscard]] core::Verifier& verifier() { return verifier_; }

    // Errors: io_error, corrupt.
    Result<cli::VerifyReport> run() {
        // A server may prune in front of the pass: the record of it stands behind the end that was
        // read before, and in front of one that is read now, for both are one transaction.
        std::uint64_t explainable = 0;
        do {
            explainable = prunings_.pruned();
            ATTACCA_TRY(tail_, reader_.tail());
            walk_.look_for_more_checkpoints();
            if (Result<void> done = check_to_tail(); !done) {
                return done.error();
            }
        } while (prunings_.pruned() != explainable && !verifier_.is_stopped());
        // A server that goes on has signed more by now; what it had signed then must be there.
        const auto& newest = tail_.checkpoint;
        if (!verifier_.is_stopped() && newest && newest->size > tail_.size) {
            verifier_.add_checkpoint(newest->size, newest->note);
        }
        if (replay_ && !verifier_.is_stopped()) {
            if (Result<void> done = replay_->finish(tail_); !done) {
                return done.error();
            }
            is_replayed_ = true;
        }
        if (!verifier_.is_stopped()) {
            erasures_.finish(root_);
            prunings_.finish();
        }
        return report();
    }

  private:
    FaultSink sink() {
        return [this](core::Fault fault, std::optional<std::uint64_t> gseq, std::string detail) {
            verifier_.add_failure(fault, gseq, std::move(detail));
        };
    }

    // Nothing behind can be placed without these records.
    void stop_at(std::uint64_t gseq, core::Fault fault, std::string detail) {
        if (fault != core::Fault::gap) {
            verifier_.add_failure(fault, gseq, std::move(detail));
            detail = "what follows could not be checked";
        }
        verifier_.add_failure(core::Fault::gap, gseq, std::move(detail));
    }

    Result<void> check_to_tail() {
        while (verifier_.size() < tail_.size && !verifier_.is_stopped()) {
            if (Result<void> done = check_batch(verifier_.size()); !done) {
                return done;
            }
            if (options_.progress) {
                options_.progress(verifier_.size(), tail_.size);
            }
        }
        return {};
    }

    Result<void> check_batch(std::uint64_t gseq) {
        const Result<std::shared_ptr<const ports::LedgerBatch>> read = walk_.batch_of(gseq);
        if (!read && read.error().problem != Problem::corrupt) {
            return read.error();
        }
        if (!read) {
            stop_at(gseq, core::Fault::format, read.error().detail);
            return {};
        }
        if (*read == nullptr) {
            stop_at(gseq, core::Fault::gap, "the batch that begins here is missing");
            return {};
        }
        const ports::LedgerBatch& batch = **read;
        if (batch.is_pruned()) {
            return pass_over(batch);
        }
        const Result<std::vector<std::string_view>> records = engine::split_records(batch);
        if (!records) {
            stop_at(gseq, core::Fault::format, records.error().detail);
            return {};
        }
        if (Result<void> fed = feed_checkpoints(batch.first_gseq + batch.count); !fed) {
            return fed;
        }
        Result<void> done;
        std::size_t understood = 0;
        verifier_.add_batch(
            batch.first_gseq, *records, batch.root,
            [&](std::size_t i, const core::RawRecord& raw, const core::RecordHeader& header) {
                if (!done || !core::decode_raw(raw, header, stored_)) {
                    return;
                }
                ++understood;
                done = check_record(i, batch.previous[i]);
            },
            batch.previous);
        if (done && !verifier_.is_stopped()) {
            // Of the others the verifier has told, unless they are only of a type of the future.
            undecoded_ += records->size() - understood;
        }
        return done;
    }

    Result<void> pass_over(const ports::LedgerBatch& batch) {
        if (Result<void> fed = feed_checkpoints(batch.first_gseq + batch.count); !fed) {
            return fed;
        }
        verifier_.add_pruned(batch.first_gseq, batch.count, batch.root);
        prunings_.add_pruned(batch.first_gseq, batch.count);
        replay_.reset();  // without them the state cannot be computed
        return {};
    }

    // The record `stored_`, which is the i-th of its batch.
    Result<void> check_record(std::size_t i, std::uint64_t previous) {
        if (Result<void> done = content_.check(stored_); !done) {
            return done;
        }
        erasures_.check(stored_);
        if (Result<void> done = stamps_.check(stored_); !done) {
            return done;
        }
        if (Result<void> done = prunings_.check(stored_); !done) {
            return done;
        }
        return replay_ ? replay_->fold(stored_, verifier_.links()[i], previous) : Result<void>();
    }

    // Those that are not larger than the tree will be after the next batch.
    Result<void> feed_checkpoints(std::uint64_t size) {
        for (;;) {
            ATTACCA_TRY(const auto checkpoint, walk_.next_checkpoint(size));
            if (!checkpoint) {
                return {};
            }
            verifier_.add_checkpoint(checkpoint->size, checkpoint->note);
        }
    }

    cli::VerifyReport report() {
        core::VerifyReport found = verifier_.finish();
        cli::VerifyReport out;
        out.exit_status = found.exit_status;
        out.records = found.records;
        out.size = tail_.size;
        out.root = base64(found.root.view());
        out.origin = origin_;
        out.erased = erasures_.erased();
        out.pruned = prunings_.pruned();
        out.is_replayed = is_replayed_;
        for (core::Failure& failure : found.failures) {
            out.failures.push_back({std::string(core::code_of(failure.fault)), failure.gseq,
                                    std::move(failure.detail)});
        }
        out.assurance = found.signed_size == 0
                            ? "nothing is signed"
                            : "signed (L1): the key signed the first " +
                                  std::to_string(found.signed_size) + " records";
        if (found.anchored_size > 0) {
            out.assurance +=
                ", and the anchor of size " + std::to_string(found.anchored_size) + " agrees";
        }
        if (stamps_.size() > 0 && options_.authorities) {
            out.assurance += ", timestamped (L4): the first " + std::to_string(stamps_.size()) +
                             " records existed at " + rfc3339_ms(stamps_.at());
        } else if (stamps_.size() > 0) {
            out.notes.push_back("time stamps reach to record " +
                                std::to_string(stamps_.size() - 1) +
                                "; whose they are can only be told with --tsa-ca");
        }
        add_notes(found, out.notes);
        if (!found.forks.empty()) {
            out.fork_proof = fork_proof(reader_, key_, options_.anchors, found.forks.front());
        }
        return out;
    }

    static void add_note(std::uint64_t count, const char* what, std::vector<std::string>& notes) {
        if (count > 0) {
            notes.push_back(std::to_string(count) + what);
        }
    }

    void add_notes(const core::VerifyReport& found, std::vector<std::string>& notes) const {
        notes.insert(notes.end(), found.notes.begin(), found.notes.end());
        add_note(found.failures_omitted, " further failures are not listed", notes);
        if (found.unsigned_records > 0 && found.records > 0) {
            notes.push_back("the last " + std::to_string(found.unsigned_records) +
                            " records are not signed");
        }
        if (found.signatures_skipped > 0) {
            notes.push_back("of " + std::to_string(found.checkpoints) + " stored checkpoints " +
                            std::to_string(found.signatures_skipped) +
                            " were compared with the records by their roots alone, which the "
                            "newest signature covers: --strict checks every signature");
        }
        add_note(undecoded_, " records could not be understood: what they name was not checked",
                 notes);
        add_note(erasures_.erased(), " jobs were erased: nobody can read what they were asked, "
                                     "and what they gave", notes);
        add_note(replay_ ? replay_->unreadable() : 0,
                 " sealed jobs have no key any more: their rows and the usage of tenants were not "
                 "compared with the records", notes);
        add_note(replay_ ? replay_->dropped() : 0,
                 " jobs could not be folded: their rows were not compared", notes);
        add_note(prunings_.pruned(), " records were pruned: their hashes were checked", notes);
        if (options_.is_replay && !replay_) {
            notes.push_back("the rows of jobs were not compared with their records: without those "
                            "that were pruned the state cannot be computed");
        } else if (!replay_) {
            notes.push_back("the rows of jobs were not compared with their records: --replay does");
        }
        if (!has_anchor_) {
            notes.push_back(
                "that the end was not cut off can only be told with --anchor, a checkpoint that "
                "was kept elsewhere");
        }
        if (!options_.policy) {
            notes.push_back("the key is the one that stands beside the ledger; compare it with "
                            "your copy, or give --policy: " + vkey_);
        }
    }

    sqlite::SqliteReader& reader_;
    LedgerWalk walk_;
    const std::string root_;
    const cli::VerifyOptions& options_;
    const core::NoteKey key_;
    const std::string vkey_;
    const std::string origin_;
    const bool has_anchor_;
    core::Verifier verifier_;
    ContentCheck content_;
    system::SealKeyFiles seal_keys_;
    ErasureCheck erasures_;
    StampCheck stamps_;
    PruningCheck prunings_;
    std::optional<ReplayCheck> replay_;
    bool is_replayed_ = false;
    ports::LedgerTail tail_;
    core::StoredRecord stored_;  // the record at hand
    std::uint64_t undecoded_ = 0;
};

// The size from which on the signature of each checkpoint is computed.
Result<std::uint64_t> first_due_signature(sqlite::SqliteReader& reader) {
    ATTACCA_TRY(const ports::LedgerTail tail, reader.tail());
    ATTACCA_TRY(const std::uint64_t beyond_few,
                reader.nth_newest_checkpoint(few_signatures + 1, tail.size));
    return beyond_few == 0 ? beyond_few
                           : reader.nth_newest_checkpoint(newest_signatures, tail.size);
}

cli::VerifyReport without_key(const Error& error) {
    cli::VerifyReport report;
    report.exit_status = core::exit_status_of(core::Verdict::untrusted);
    report.assurance = "nothing was checked";
    report.failures.push_back({std::string(core::code_of(core::Fault::untrusted)), std::nullopt,
                               "there is no key to trust: " + error.detail});
    return report;
}

}  // namespace

Result<core::NoteKey> load_verifier_key(const system::DataDir& directory) {
    const std::string path = directory.keys() + "/ledger.vkey";
    ATTACCA_TRY(std::string text, system::read_file(path, vkey_bytes_max));
    text.erase(text.find_last_not_of('\n') + 1);
    return core::parse_vkey(text);
}

Result<cli::VerifyReport> verify_directory(const std::string& data,
                                           const cli::VerifyOptions& options) {
    const system::DataDir directory = system::DataDir::at(data);
    ATTACCA_TRY(const auto reader, sqlite::open_read_only(directory.root()));
    const Result<core::NoteKey> key = load_verifier_key(directory);
    if (!key) {
        return without_key(key.error());
    }
    if (Result<void> held = options.is_replay ? reader->hold_snapshot() : Result<void>{}; !held) {
        return held.error();
    }
    // A chain of keys that cannot be read is told by the pass over its records.
    const Result<core::KeyChain> chain = engine::load_key_chain(*reader, *key);
    const core::KeyChain keys = chain ? *chain : core::KeyChain(*key);
    Anchors anchors;
    for (const std::string& text : options.anchors) {
        if (Result<void> done = open_anchor(text, *key, keys.delegations(), anchors); !done) {
            return done.error();
        }
    }
    std::uint64_t witnessed = 0;
    if (options.policy) {
        ATTACCA_TRY(witnessed,
                    judge_by_policy(*options.policy, *key, *reader, anchors.refusals));
    }
    core::VerifyPolicy policy;
    policy.key = *key;
    policy.anchors = std::move(anchors.opened);
    policy.is_strict = options.is_strict;
    policy.windows = keys.windows();
    ATTACCA_TRY(policy.signatures_from, first_due_signature(*reader));
    policy.tiles = [&reader = *reader](std::uint32_t level, std::uint64_t index)
        -> Result<std::optional<std::string>> {
        ATTACCA_TRY(std::optional<ports::Tile> tile, reader.tile(level, index));
        return tile ? std::optional<std::string>(std::move(tile->hashes)) : std::nullopt;
    };
    Pass pass(*reader, directory, options, std::move(policy));
    for (core::Failure& refusal : anchors.refusals) {
        pass.verifier().add_failure(refusal.fault, std::nullopt, std::move(refusal.detail));
    }
    Result<cli::VerifyReport> report = pass.run();
    if (report && witnessed > 0) {
        report->assurance += ", witnessed (L3): a quorum cosigned the first " +
                             std::to_string(witnessed) + " records";
    }
    return report;
}

}  // namespace attacca::verify
