// SPDX-License-Identifier: Apache-2.0
#include "engine/committer.h"

#include <utility>
#include <variant>

#include "base/check.h"
#include "base/seeded_bug.h"
#include "core/ledger/checkpoint.h"
#include "engine/history.h"

namespace attacca::engine {

Committer::Committer(ports::Store& store, LedgerKey key) : store_(store), key_(std::move(key)) {}

Result<std::unique_ptr<Committer>> Committer::open(ports::Store& store,
                                                   const LedgerKey& key,
                                                   const Recovered& recovered,
                                                   bool signs_tail) {
    std::unique_ptr<Committer> committer(new Committer(store, key));
    const ports::LedgerTail& tail = recovered.tail;
    ATTACCA_TRY(committer->tree_, load_tree(store.reader(), tail.size));
    if (tail.size > 0 && committer->tree_.root() != tail.root) {
        return fail(Problem::corrupt,
                    "the ledger's last records do not give the root that was stored with them");
    }
    if (Result<void> found = committer->find_batch_key(); !found) {
        return found.error();
    }
    const auto& newest = tail.checkpoint;
    if (newest && newest->size == tail.size) {
        committer->publish(newest->note);
    } else if (tail.size > 0 && signs_tail) {
        committer->sign();
    }
    return committer;
}

Result<void> Committer::find_batch_key() {
    if (key_.batch_keys == nullptr) {
        return {};
    }
    ATTACCA_TRY(const core::KeyChain chain, load_key_chain(store_.reader(), key_.root()));
    if (const core::KeyRotated* const newest = chain.newest(key_.name.origin)) {
        ATTACCA_TRY(batch_key_, key_.batch_keys->load(newest->key));
    } else if (key_.signer == nullptr) {
        return fail(Problem::bad_configuration,
                    "the root is elsewhere and has not delegated a key yet");
    }
    return {};
}

// Before the commit: a batch that names a key which cannot be read must not become durable.
Result<void> Committer::hand_over(const Batch& batch) {
    for (const PlacedRecord& placed : batch.records) {
        const auto* rotated = placed.head == core::no_index
                                  ? std::get_if<core::KeyRotated>(&placed.record.payload)
                                  : nullptr;
        if (rotated != nullptr && key_.batch_keys != nullptr) {
            ATTACCA_TRY(batch_key_, key_.batch_keys->load(rotated->key));
        }
    }
    return {};
}

BatchResult Committer::commit(Batch batch) {
    Written& written = batch.written;
    ATTACCA_CHECK(written.first_gseq == tree_.size());
    ATTACCA_CHECK(written.links.size() == batch.records.size());
    for (const Sha256& link : written.links) {
        tree_.append(link);
    }
    ports::StoreBatch out;
    out.ledger.first_gseq = written.first_gseq;
    out.ledger.count = static_cast<std::uint32_t>(written.links.size());
    out.ledger.records = std::move(written.records);
    out.ledger.previous = std::move(written.previous);
    out.ledger.root = tree_.root();
    out.ledger.last_fence = batch.last_fence.value;
    out.ledger.last_at = batch.last_at;
    out.ledger.oldest_live = batch.oldest_live;
    for (core::FullTile& tile : tree_.take_full_tiles()) {
        out.tiles.push_back({tile.level, tile.index, std::move(tile.hashes)});
    }
    out.jobs.reserve(batch.jobs.size());
    for (BatchJob& job : batch.jobs) {
        job.row.last_gseq = written.first_gseq + job.last_record;
        job.row.last_link = written.links[job.last_record];
        out.jobs.push_back(std::move(job.row));
    }
    for (auto& [name, head] : written.entities) {
        if (const auto image = batch.images.find(name); image != batch.images.end()) {
            head.image = std::move(image->second);
        }
        out.entities.push_back(std::move(head));
    }
    out.chunks = std::move(batch.chunks);
    out.bodies = std::move(batch.bodies);
    out.collected = std::move(batch.collected);
    out.keys = std::move(batch.keys);
    out.tenants = std::move(batch.tenants);
    out.fair_ledger = std::move(batch.fair_ledger);
    out.previous_checkpoint = unsaved_;
    // In the transaction of the record that says so: never one without the other.
    for (const PlacedRecord& placed : batch.records) {
        const auto* pruned = std::get_if<core::EntriesPruned>(&placed.record.payload);
        if (pruned != nullptr && !ATTACCA_BUG(BUG_PRUNED_BY_NAME_ONLY)) {
            out.pruned.push_back({pruned->first, pruned->first + pruned->count});
        }
    }

    BatchResult result;
    result.number = batch.number;
    const Result<void> handed_over = hand_over(batch);
    result.commit = handed_over ? store_.commit(out)
                                : ports::CommitResult{ports::CommitOutcome::unknown,
                                                      handed_over.error().detail};
    result.size = tree_.size();
    if (result.commit.outcome == ports::CommitOutcome::committed) {
        store_.remember(std::move(out));
    }
    return result;
}

void Committer::sign() {
    if (ATTACCA_BUG(BUG_NO_EVIDENCE)) {
        publish("");
        return;
    }
    std::string note;
    for (const Ed25519Signer* const signer : {key_.signer.get(), batch_key_.get()}) {
        if (signer == nullptr) {
            continue;
        }
        const std::string signed_alone =
            core::sign_checkpoint(*signer, key_.name.origin, tree_.size(), tree_.root());
        note += note.empty() ? signed_alone
                             : signed_alone.substr(signed_alone.find("\n\n") + 2);
    }
    ATTACCA_CHECK(!note.empty());
    unsaved_ = ports::SignedCheckpoint{tree_.size(), std::move(note)};
    publish(unsaved_->note);
}

void Committer::publish(const std::string& note) {
    signed_ = std::make_shared<const SignedTree>(SignedTree{key_.root(), note, tree_, false});
}

void Committer::adopt(const ports::SignedCheckpoint& cosigned, bool is_witnessed) {
    if (store_.put_checkpoint(cosigned).outcome != ports::CommitOutcome::committed) {
        return;
    }
    // Else the next batch would store the plain one over it.
    if (unsaved_ && unsaved_->size == cosigned.size) {
        unsaved_.reset();
    }
    if (signed_ != nullptr && signed_->tree.size() == cosigned.size) {
        signed_ = std::make_shared<const SignedTree>(
            SignedTree{signed_->key, cosigned.note, signed_->tree, is_witnessed});
    }
}

void Committer::store_signature() {
    // Not stored means no more than that the next batch or the next start stores it.
    if (unsaved_ &&
        store_.put_checkpoint(*unsaved_).outcome == ports::CommitOutcome::committed) {
        unsaved_.reset();
    }
}

}  // namespace attacca::engine
