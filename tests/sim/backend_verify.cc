// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "backend.h"
#include "core/ledger/checkpoint.h"
#include "core/ledger/codec.h"
#include "core/ledger/hash.h"
#include "core/ledger/named_content.h"
#include "core/ledger/tree.h"
#include "core/workflow/workflow.h"
#include "engine/history.h"

// The ledger of an exact world, read back from its bytes: every record, chain, root and signature.
// The tree's root is computed here by the definition of RFC 6962, not by the product's Tree.

namespace attacca::sim {
namespace {

struct Chain {
    std::uint64_t records = 0;
    std::uint64_t last_gseq = ports::no_gseq;
    Sha256 link;
};

Sha256 root_of(const std::vector<Sha256>& leaves, std::size_t from, std::size_t to) {
    if (to - from == 1) {
        return leaves[from];
    }
    std::size_t half = 1;
    while (half * 2 < to - from) {
        half *= 2;
    }
    const Sha256 left = root_of(leaves, from, from + half);
    const Sha256 right = root_of(leaves, from + half, to);
    return core::node_hash(left, right);
}

class Verification {
  public:
    // The entities and hashes of all records, as they were written: what is pruned tells no more.
    Verification(Violations& violations, ports::StoreReader& reader, const core::LedgerName& name,
                 const std::vector<std::string>& entities, const std::vector<Sha256>& links)
        : violations_(violations),
          reader_(reader),
          name_(name),
          entities_(entities),
          links_(links) {}

    void read_batches(std::uint64_t size) {
        while (leaves_.size() < size && !violations_.is_broken()) {
            const auto batch = reader_.batch_of(leaves_.size());
            if (!batch || *batch == nullptr || (*batch)->first_gseq != leaves_.size()) {
                report("a batch is missing or begins elsewhere");
                return;
            }
            last_first_ = leaves_.size();
            read_batch(**batch);
            if (leaves_.size() == size || last_first_ % 16 == 0) {
                check((*batch)->root == root_of(leaves_, 0, leaves_.size()),
                      "the root of a batch is not that of its records");
            }
        }
        check(leaves_.size() == size, "the ledger has another size than its records");
    }

    // At most the last batch has no stored signature.
    void read_checkpoints(const core::NoteKey& key) {
        const auto stored = reader_.checkpoints(0, 1'000'000);
        check(stored.has_value(), "the checkpoints cannot be read");
        std::uint64_t newest = 0;
        for (const ports::SignedCheckpoint& checkpoint : *stored) {
            const auto opened = core::open_checkpoint(checkpoint.note, key);
            if (!opened || opened->size != checkpoint.size || opened->size > leaves_.size()) {
                report("a stored checkpoint is not valid");
                return;
            }
            if (checkpoint.size % 8 == 0) {
                check(opened->root == root_of(leaves_, 0, opened->size),
                      "a signed root is not that of the ledger");
            }
            newest = checkpoint.size;
        }
        check(newest >= last_first_, "more than one batch is unsigned");
    }

  private:
    void report(const char* what) { violations_.report("I26", what); }
    void check(bool holds, const char* what) {
        if (!holds) {
            report(what);
        }
    }

    void read_batch(const ports::LedgerBatch& batch) {
        if (batch.is_pruned()) {
            for (std::uint32_t i = 0; i < batch.count; ++i) {
                pass_over();
            }
            return;
        }
        const auto records = engine::split_records(batch);
        if (!records || records->size() != batch.count) {
            report("a batch does not hold its records");
            return;
        }
        for (std::size_t i = 0; i < records->size(); ++i) {
            read_record((*records)[i], batch.previous[i]);
        }
    }

    // Its words are gone, and its hash stands in a full tile as it always did.
    void pass_over() {
        const std::uint64_t gseq = leaves_.size();
        const auto tile = reader_.tile(0, gseq / core::tile_width);
        const std::size_t at = gseq % core::tile_width * sizeof(Sha256);
        if (gseq >= links_.size() || !tile || !*tile ||
            (*tile)->hashes.substr(at, sizeof(Sha256)) != links_[gseq].view()) {
            report("the hash of a pruned record is not in the tiles, or another one");
            leaves_.emplace_back();
            return;
        }
        Chain& chain = chains_[entities_[gseq]];
        ++chain.records;
        chain.last_gseq = gseq;
        chain.link = links_[gseq];
        leaves_.push_back(chain.link);
    }

    void read_record(std::string_view bytes, std::uint64_t previous) {
        const auto stored = core::decode_record(bytes);
        if (!stored) {
            violations_.report("I26", "a record cannot be read: " + stored.error().text());
            return;
        }
        const std::string entity = stored->record.entity.text();
        Chain& chain = chains_[entity];
        if (chain.records == 0) {
            chain.link = core::genesis_hash(name_.origin, stored->record.tenant, entity);
        }
        check(stored->place.gseq == leaves_.size(), "a record has another gseq than its place");
        check(stored->place.eseq == chain.records, "a chain has a gap");
        check(stored->place.prev == chain.link, "a record does not link to the one before it");
        check(previous == chain.last_gseq, "the index names another previous record");
        chain.link = core::leaf_hash(bytes);
        chain.last_gseq = leaves_.size();
        ++chain.records;
        leaves_.push_back(chain.link);
    }

    Violations& violations_;
    ports::StoreReader& reader_;
    const core::LedgerName& name_;
    const std::vector<std::string>& entities_;
    const std::vector<Sha256>& links_;
    std::map<std::string, Chain> chains_;
    std::vector<Sha256> leaves_;
    std::uint64_t last_first_ = 0;
};

}  // namespace

void Backend::verify() {
    if (!context_.knobs.is_exact) {
        return;
    }
    Verification verification(context_.violations, store_.reader(), key_.name, entities_, links_);
    verification.read_batches(context_.durable.size());
    verification.read_checkpoints({key_.name.origin, key_.signer->public_key()});
    for (const Intent& intent : context_.durable.intents) {
        const RefJob* told = context_.durable.job(intent.id);
        if (told != nullptr && told->is_set_aside) {
            continue;
        }
        const auto row = store_.reader().job(intent.id);
        const bool is_same = row.has_value() && row->has_value() == (told != nullptr) &&
                             (told == nullptr || (*row)->state == told->state);
        if (!is_same) {
            context_.violations.report("I01", "the row of " + intent.id.text() +
                                                  " is missing or shows another state");
        }
    }
    verify_keys();
    verify_prunings();
    verify_bodies();
    context_.marks.hit(Mark::ledger_bytes_verified);
}

// What is gone is what durable records name, neither more nor less, and they name its root.
void Backend::verify_prunings() {
    RefPrunings& told = context_.durable.prunings();
    for (const RefBatch& batch : told.batches()) {
        const auto stored = store_.reader().batch_of(batch.first);
        if (!stored || *stored == nullptr || (*stored)->is_pruned() != batch.is_pruned) {
            context_.violations.report("I26", batch.is_pruned
                                                  ? "a record says pruned, and the words are there"
                                                  : "words are gone, and no record says so");
            return;
        }
    }
    for (const core::EntriesPruned& pruned : told.prunings()) {
        context_.marks.hit(Mark::entries_pruned_exactly);
        const auto last = store_.reader().batch_of(pruned.first + pruned.count - 1);
        if (!last || *last == nullptr || (*last)->root != pruned.root) {
            context_.violations.report("I26", "a pruning names another root");
        }
    }
}

// What a record names whose words are there, is there; so is what workflows and schedules are now.
void Backend::verify_bodies() {
    const auto check = [&](const Sha256& digest) {
        const auto body = store_.reader().body(digest);
        if (!body || !*body) {
            context_.violations.report("I26", "a body is gone that is still named");
        }
    };
    for (const RefBatch& batch : context_.durable.prunings().batches()) {
        const auto stored = store_.reader().batch_of(batch.first);
        if (!stored || *stored == nullptr || (*stored)->is_pruned()) {
            continue;
        }
        const auto records = engine::split_records(**stored);
        for (std::size_t i = 0; records && i < records->size(); ++i) {
            const auto record = core::decode_record((*records)[i]);
            for (const core::NamedContent& named :
                 record ? core::named_content(record->record.payload)
                        : std::vector<core::NamedContent>()) {
                if (named.is_body()) {
                    check(named.digest);
                }
            }
        }
    }
    for (const auto& [entity, image] : context_.durable.images()) {
        if (const auto workflow = core::load_workflow(image);
            workflow && entity.starts_with("workflow/")) {
            for (const core::WorkflowVersion& version : workflow->versions) {
                check(version.definition);
            }
        }
    }
}

// The newest use of each key, and none that was forgotten.
void Backend::verify_keys() {
    for (std::uint32_t number = 0; number < context_.durable.keys().size(); ++number) {
        const DurableKey& told = context_.durable.keys()[number];
        const auto row = store_.reader().key(hash_of_key(number));
        const bool is_there = told.request != 0 && !told.is_forgotten;
        const bool is_same = row.has_value() && row->has_value() == is_there &&
                             (!is_there || ((*row)->ids == told.ids &&
                                            (*row)->request_hash == told.request_hash));
        if (!is_same) {
            context_.violations.report("I03", "the store's row of a key is not its last use");
        }
    }
}

}  // namespace attacca::sim
