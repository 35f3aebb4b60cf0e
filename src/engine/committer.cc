// SPDX-License-Identifier: Apache-2.0
#include "engine/committer.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "base/check.h"
#include "base/seeded_bug.h"
#include "core/ledger/checkpoint.h"
#include "core/ledger/hash.h"
#include "engine/history.h"

namespace attacca::engine {

Committer::Committer(ports::Store& store, ports::Entropy& entropy, LedgerKey key)
    : store_(store), entropy_(entropy), key_(std::move(key)) {}

Result<std::unique_ptr<Committer>> Committer::open(ports::Store& store,
                                                   ports::Entropy& entropy,
                                                   const LedgerKey& key,
                                                   const Recovered& recovered,
                                                   bool signs_tail) {
    std::unique_ptr<Committer> committer(new Committer(store, entropy, key));
    const ports::LedgerTail& tail = recovered.tail;
    ATTACCA_TRY(committer->tree_, load_tree(store.reader(), tail.size));
    if (tail.size > 0 && committer->tree_.root() != tail.root) {
        return fail(Problem::corrupt,
                    "the ledger's last records do not give the root that was stored with them");
    }
    for (const Recovered::JobHead& head : recovered.heads) {
        if (committer->job_heads_.size() <= head.slot) {
            committer->job_heads_.resize(head.slot + 1);
        }
        committer->job_heads_[head.slot] = {head.last_gseq, head.last_link};
    }
    for (const ports::EntityHead& entity : recovered.entities) {
        committer->entity_heads_[entity.entity] = {entity.last_gseq, entity.last_link};
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

Committer::Head& Committer::head_of(const PlacedRecord& placed) {
    if (placed.head == core::no_index) {
        return entity_heads_[placed.record.entity.name];
    }
    if (job_heads_.size() <= placed.head) {
        job_heads_.resize(std::max<std::size_t>(placed.head + 1, job_heads_.size() * 2));
    }
    return job_heads_[placed.head];
}

void Committer::add_record(const PlacedRecord& placed, ports::StoreBatch& out) {
    ports::LedgerBatch& ledger = out.ledger;
    Head& head = head_of(placed);
    core::Place place;
    place.gseq = tree_.size();
    place.eseq = placed.eseq;
    if (placed.eseq == 0) {
        // A slot is used again by a later job: its chain begins anew.
        head.last_gseq = ports::no_gseq;
        place.prev = core::genesis_hash(key_.name.origin, placed.record.tenant,
                                        placed.record.entity.text());
    } else {
        place.prev = head.last_link;
    }
    const std::uint64_t high = entropy_.draw();
    const std::uint64_t low = entropy_.draw();
    for (std::size_t i = 0; i < 8; ++i) {
        place.nonce[i] = static_cast<std::uint8_t>(high >> (8 * i));
        place.nonce[i + 8] = static_cast<std::uint8_t>(low >> (8 * i));
    }
    const std::size_t begin = ledger.records.size();
    append_u16(ledger.records, 0);
    core::encode_record(ledger.records, placed.record, place, key_.name);
    const std::size_t length = ledger.records.size() - begin - 2;
    ledger.records[begin] = static_cast<char>(length >> 8U);
    ledger.records[begin + 1] = static_cast<char>(length & 0xFFU);

    const Sha256 link =
        core::leaf_hash(std::string_view(ledger.records).substr(begin + 2, length));
    ledger.previous.push_back(head.last_gseq);
    head.last_gseq = place.gseq;
    head.last_link = link;
    links_.push_back(link);
    tree_.append(link);
}

void Committer::add_entities(const Batch& batch, ports::StoreBatch& out) {
    std::map<std::string_view, std::uint64_t> newest;  // eseq of the entity's last record
    for (const PlacedRecord& placed : batch.records) {
        if (placed.head == core::no_index) {
            newest[placed.record.entity.name] = placed.eseq;
        }
    }
    for (const PlacedRecord& placed : batch.records) {
        if (placed.head != core::no_index || newest[placed.record.entity.name] != placed.eseq) {
            continue;
        }
        const std::string& name = placed.record.entity.name;
        const Head& head = entity_heads_[name];
        const auto image = batch.images.find(name);
        out.entities.push_back({name, placed.record.tenant, placed.eseq, head.last_gseq,
                                head.last_link,
                                image == batch.images.end() ? std::string{} : image->second});
    }
}

BatchResult Committer::commit(Batch batch) {
    ports::StoreBatch out;
    out.ledger.first_gseq = tree_.size();
    out.ledger.count = static_cast<std::uint32_t>(batch.records.size());
    out.ledger.records.reserve(batch.records.size() * 512);
    out.ledger.previous.reserve(batch.records.size());
    links_.clear();
    for (const PlacedRecord& placed : batch.records) {
        add_record(placed, out);
    }
    out.ledger.root = tree_.root();
    out.ledger.last_fence = batch.last_fence.value;
    out.ledger.last_at = batch.last_at;
    out.ledger.oldest_live = batch.oldest_live;
    for (core::FullTile& tile : tree_.take_full_tiles()) {
        out.tiles.push_back({tile.level, tile.index, std::move(tile.hashes)});
    }
    for (BatchJob& job : batch.jobs) {
        job.row.last_gseq = out.ledger.first_gseq + job.last_record;
        job.row.last_link = links_[job.last_record];
        out.jobs.push_back(std::move(job.row));
    }
    out.chunks = std::move(batch.chunks);
    out.bodies = std::move(batch.bodies);
    out.keys = std::move(batch.keys);
    out.tenants = std::move(batch.tenants);
    add_entities(batch, out);
    out.previous_checkpoint = unsaved_;

    BatchResult result;
    result.number = batch.number;
    const Result<void> handed_over = hand_over(batch);
    result.commit = handed_over ? store_.commit(out)
                                : ports::CommitResult{ports::CommitOutcome::unknown,
                                                      handed_over.error().detail};
    result.size = tree_.size();
    if (result.commit.outcome == ports::CommitOutcome::committed) {
        store_.remember(std::move(out.ledger));
        sign();
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
