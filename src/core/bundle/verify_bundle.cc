// SPDX-License-Identifier: Apache-2.0
#include "core/bundle/verify_bundle.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "core/bundle/bundle_failures.h"
#include "core/bundle/check_consistency.h"
#include "core/bundle/check_content.h"
#include "core/bundle/check_erasure.h"
#include "core/bundle/check_manifest.h"
#include "core/bundle/check_timestamps.h"
#include "core/bundle/layout.h"
#include "core/bundle/policy.h"
#include "core/ledger/entity_verify.h"
#include "core/ledger/proof.h"
#include "core/ledger/proof_text.h"

namespace attacca::core {
namespace {

class BundleCheck {
  public:
    BundleCheck(const BundleFiles& files, const BundleTrust& trust)
        : files_(files), trust_(trust), failures_(trust.is_strict) {}

    Result<BundleReport> run() {
        std::vector<CheckpointNote> anchors;
        for (const std::string& text : trust_.anchors) {
            Result<CheckpointNote> anchor = parse_checkpoint(text);
            if (!anchor) {
                return fail(Problem::invalid_value,
                            "the anchor is not usable: " + anchor.error().detail);
            }
            anchors.push_back(std::move(*anchor));
        }
        ATTACCA_TRY(const bool has_policy, read_policy());
        check_manifest(files_, failures_);
        read_delegations();
        if (has_policy && read_checkpoint()) {
            check_windows();
            check_keys();
            check_records();
            erased_at_ = check_erasure(
                files_, records_, checkpoint_.checkpoint,
                [this](std::uint64_t gseq, const std::string& name) {
                    return path_of(gseq, name);
                },
                failures_);
            check_content(records_, files_, failures_, not_understood_);
            check_consistency({files_, policy_, checkpoint_, failures_});
            ATTACCA_TRY(stamp_, check_timestamps({files_, policy_, checkpoint_, failures_},
                                                 trust_.authorities));
            for (const CheckpointNote& anchor : anchors) {
                check_anchor({files_, policy_, checkpoint_, failures_}, anchor, anchored_size_);
            }
        }
        if (failures_.is_empty()) {
            check_custody(records_, files_, failures_);
        }
        failures_.flush();
        return report();
    }

  private:
    // False when there is none to read. Errors: invalid_value, for the one that was given.
    Result<bool> read_policy() {
        if (trust_.policy) {
            ATTACCA_TRY(policy_, parse_policy(*trust_.policy));
            return true;
        }
        const auto found = files_.find(policy_name);
        if (found == files_.end()) {
            return false;  // the list of files tells
        }
        Result<TrustPolicy> policy = parse_policy(found->second.bytes);
        if (!policy) {
            failures_.add(Fault::format, std::nullopt, policy.error().detail);
            return false;
        }
        policy_ = std::move(*policy);
        return true;
    }

    // Each must be signed by a key of the policy.
    void read_delegations() {
        for (const auto& [name, file] : files_) {
            if (!is_delegation_name(name)) {
                continue;
            }
            Result<Delegation> opened = fail(Problem::invalid_value, "no key of the policy is");
            for (const NoteKey& log : policy_.logs) {
                opened = open_delegation(file.bytes, log);
                if (opened || opened.error().problem == Problem::corrupt) {
                    break;
                }
            }
            if (!opened && opened.error().problem == Problem::corrupt) {
                failures_.add(Fault::format, std::nullopt, name + ": " + opened.error().detail);
            } else if (!opened || delegation_name(opened->key) != name) {
                failures_.add(Fault::untrusted, std::nullopt,
                              name + " is no delegation by a key of the policy");
            } else {
                policy_.delegations.add(*opened);
                windows_.push_back(std::move(*opened));
            }
        }
    }

    // The root saw a tree when it delegated a key: this ledger must go on from there.
    void check_windows() {
        const Checkpoint& now = checkpoint_.checkpoint;
        for (const Delegation& window : windows_) {
            const std::string which = "the key of " + delegation_name(window.key) +
                                      " was delegated at size " +
                                      std::to_string(window.from_size);
            if (window.key.name != now.origin || window.from_size == 0) {
                continue;
            }
            if (window.from_size > now.size) {
                failures_.add(Fault::rollback, std::nullopt,
                              which + ", the bundle is of size " + std::to_string(now.size));
            } else if (window.from_size == now.size && window.from_root != now.root) {
                failures_.add(Fault::fork, std::nullopt, which + ", where the root was another");
            }
        }
    }

    bool read_checkpoint() {
        const auto found = files_.find(checkpoint_name);
        if (found == files_.end()) {
            return false;
        }
        Result<CheckpointNote> note = parse_checkpoint(found->second.bytes);
        if (!note) {
            failures_.add(Fault::format, std::nullopt, note.error().detail);
            return false;
        }
        checkpoint_ = std::move(*note);
        is_signed_ = failures_.add_trust(check_log(checkpoint_, policy_), "the checkpoint",
                                         checkpoint_.checkpoint.origin);
        has_quorum_ = has_quorum(checkpoint_, policy_);
        if (!has_quorum_) {
            failures_.add(Fault::quorum, std::nullopt,
                          "the checkpoint has not the cosignatures that the policy asks for");
        }
        return true;
    }

    // The keys are there for openssl: they must be those that the checkpoint was checked with.
    void check_keys() {
        for (const NoteKey& key : policy_.logs) {
            const auto found = files_.find(key_name(key));
            if (check_note(checkpoint_, key) != NoteTrust::good) {
                continue;
            }
            signer_ = format_vkey(key);
            if (found == files_.end()) {
                failures_.add(Fault::missing, std::nullopt, key_name(key) + " is missing");
            } else if (found->second.bytes != pem_of(key.key)) {
                failures_.add(Fault::untrusted, std::nullopt,
                              key_name(key) + " is not the key that signed");
            }
        }
    }

    void check_records() {
        std::set<std::uint64_t> positions;
        for (const auto& [name, file] : files_) {
            if (const auto gseq = number_in(name, records_folder, ".json")) {
                positions.insert(*gseq);
                records_.emplace(*gseq, file.bytes);
            } else if (const auto proven = number_in(name, proofs_folder, ".tlog-proof")) {
                positions.insert(*proven);
            }
        }
        EntityVerifier verifier(
            checkpoint_.checkpoint, entity_of_bundle(),
            [this](Fault fault, std::optional<std::uint64_t> gseq, std::string detail) {
                failures_.add(fault, gseq, std::move(detail));
            });
        for (const std::uint64_t gseq : positions) {
            const auto record = records_.find(gseq);
            if (record == records_.end()) {
                verifier.add_missing(gseq);
                continue;
            }
            const std::optional<std::vector<Sha256>> path = path_of(gseq, proof_name(gseq));
            verifier.add(gseq, record->second,
                         path ? std::optional<std::span<const Sha256>>(*path) : std::nullopt);
        }
        summary_ = verifier.finish();
        if (trust_.is_strict && !summary_.is_final && summary_.records > 0) {
            failures_.add(Fault::missing, summary_.last_gseq,
                          "the job had not ended at this checkpoint");
        }
    }

    // All records must be of the entity of the first one that can be read.
    [[nodiscard]] std::string entity_of_bundle() const {
        for (const auto& [gseq, bytes] : records_) {
            if (const Result<RecordHeader> header = read_header(bytes)) {
                return std::string(header->entity);
            }
        }
        return {};
    }

    // The inclusion proof, or nothing when it is not one of this record and checkpoint.
    std::optional<std::vector<Sha256>> path_of(std::uint64_t gseq, const std::string& name) {
        const auto found = files_.find(name);
        if (found == files_.end()) {
            failures_.add(Fault::missing, gseq, name + " is missing");
            return std::nullopt;
        }
        Result<ReceiptText> receipt = parse_receipt(found->second.bytes);
        const std::uint64_t size = checkpoint_.checkpoint.size;
        if (!receipt) {
            failures_.add(Fault::proof, gseq, receipt.error().detail);
        } else if (receipt->index != gseq || gseq >= size) {
            failures_.add(Fault::proof, gseq,
                          "the proof is of record " + std::to_string(receipt->index) + " of " +
                              std::to_string(size));
        } else if (receipt->path.size() != inclusion_length({gseq, size})) {
            failures_.add(Fault::proof, gseq, "the proof has another number of hashes");
        } else if (is_of_this_checkpoint(gseq, receipt->checkpoint)) {
            return std::move(receipt->path);
        }
        return std::nullopt;
    }

    bool is_of_this_checkpoint(std::uint64_t gseq, const std::string& text) {
        const Result<CheckpointNote> note = parse_checkpoint(text);
        if (!note) {
            failures_.add(Fault::format, gseq, "in the proof: " + note.error().detail);
            return false;
        }
        if (!failures_.add_trust(check_log(*note, policy_), "the proof's checkpoint",
                                 note->checkpoint.origin, gseq)) {
            return false;
        }
        if (note->checkpoint == checkpoint_.checkpoint) {
            return true;
        }
        const bool is_fork = note->checkpoint.size == checkpoint_.checkpoint.size;
        failures_.add(is_fork ? Fault::fork : Fault::proof, gseq,
                      is_fork ? "the proof's checkpoint has this size and another root"
                              : "the proof is of another checkpoint");
        return false;
    }

    Result<BundleReport> report() {
        BundleReport out;
        out.verdict = failures_.verdict();
        out.exit_status = exit_status_of(out.verdict);
        out.records = records_.size();
        out.size = checkpoint_.checkpoint.size;
        out.root = checkpoint_.checkpoint.root;
        out.origin = checkpoint_.checkpoint.origin;
        out.entity = summary_.entity;
        out.is_final = summary_.is_final;
        out.is_erased = erased_at_.has_value();
        out.anchored_size = anchored_size_;
        out.assurance = is_signed_ ? "signed (L1): the key signed the ledger of " +
                                         std::to_string(out.size) + " records"
                                   : "nothing is signed by a trusted key";
        if (is_signed_ && has_quorum_ && policy_.quorum != "none") {
            out.assurance += ", witnessed (L3): by the quorum that the policy asks for";
        }
        if (is_signed_ && stamp_.size > 0 && stamp_.is_trusted) {
            out.assurance += ", timestamped (L4): its first " + std::to_string(stamp_.size) +
                             " records existed at " + rfc3339_ms(stamp_.at);
        }
        if (anchored_size_ > 0) {
            out.assurance +=
                ", and the anchor of size " + std::to_string(anchored_size_) + " agrees";
        }
        add_notes(out.notes);
        out.failures_omitted = failures_.omitted();
        out.failures = failures_.take();
        return out;
    }

    void add_notes(std::vector<std::string>& notes) const {
        if (!summary_.is_final && summary_.records > 0) {
            notes.push_back("the job had not ended: what came after record " +
                            std::to_string(summary_.last_gseq) + " is not here");
        }
        if (erased_at_) {
            notes.push_back("the job was erased at " + rfc3339_ms(*erased_at_) +
                            ": nobody can read what it was asked, and what it gave");
        }
        if (not_understood_ > 0) {
            notes.push_back(std::to_string(not_understood_) +
                            " records could not be understood: what they name was not checked");
        }
        if (trust_.anchors.empty()) {
            notes.push_back("that the ledger was not written anew can only be told with --anchor, "
                            "a checkpoint that was kept elsewhere");
        }
        if (stamp_.size > 0 && !stamp_.is_trusted) {
            notes.push_back("a time stamp says " + rfc3339_ms(stamp_.at) + " of the first " +
                            std::to_string(stamp_.size) +
                            " records; whose it is can only be told with --tsa-ca");
        }
        if (!trust_.policy && !signer_.empty()) {
            notes.push_back("the key is the one in the bundle; compare it with your copy, or give "
                            "--policy: " + signer_);
        }
    }

    const BundleFiles& files_;
    const BundleTrust& trust_;
    BundleFailures failures_;
    TrustPolicy policy_;
    CheckpointNote checkpoint_;
    bool is_signed_ = false;
    bool has_quorum_ = false;
    std::vector<Delegation> windows_;
    std::string signer_;
    RecordBytes records_;
    EntitySummary summary_;
    std::optional<WallTime> erased_at_;
    std::uint64_t not_understood_ = 0;
    std::uint64_t anchored_size_ = 0;
    StampSummary stamp_;
};

}  // namespace

Result<BundleReport> verify_bundle(const BundleFiles& files, const BundleTrust& trust) {
    return BundleCheck(files, trust).run();
}

}  // namespace attacca::core
