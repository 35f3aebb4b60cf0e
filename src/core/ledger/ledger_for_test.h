// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/ledger/codec.h"
#include "core/ledger/golden_key_for_test.h"
#include "core/ledger/hash.h"
#include "core/ledger/verify.h"

// A small ledger to tamper with, in the state in which a store holds it. It can be changed at every
// place, and made consistent again up to the point that an attacker has reached.

namespace attacca::core {

struct StoredLedger {
    struct Batch {
        std::uint64_t first = 0;
        std::vector<std::string> records;
        Sha256 root;
        std::string origin = {};  // in force at its end; empty: the key's
        std::vector<std::uint64_t> previous = {};
        bool is_pruned = false;  // its words are not given to the verifier
    };
    NoteKey key{std::string(golden_origin), golden_signer().public_key()};
    std::vector<Batch> batches;
    std::map<std::uint64_t, std::string> notes;  // by size
    std::map<std::pair<std::uint32_t, std::uint64_t>, std::string> tiles;

    [[nodiscard]] std::string& record(std::uint64_t gseq) {
        for (Batch& batch : batches) {
            if (gseq < batch.first + batch.records.size()) {
                return batch.records[gseq - batch.first];
            }
        }
        return batches.back().records.back();
    }
    [[nodiscard]] std::uint64_t size() const {
        return batches.empty() ? 0 : batches.back().first + batches.back().records.size();
    }

    // Makes what follows from the records: positions of batches, tiles, roots.
    void rebuild() {
        tiles.clear();
        Tree tree;
        for (Batch& batch : batches) {
            batch.first = tree.size();
            for (const std::string& bytes : batch.records) {
                tree.append(leaf_hash(bytes));
            }
            batch.root = tree.root();
        }
        for (FullTile& tile : tree.take_full_tiles()) {
            tiles[{tile.level, tile.index}] = std::move(tile.hashes);
        }
    }
    // The signatures too: what only the holder of the key can do.
    void sign() {
        notes.clear();
        for (const Batch& batch : batches) {
            const std::uint64_t end = batch.first + batch.records.size();
            notes[end] = sign_checkpoint(golden_signer(),
                                         batch.origin.empty() ? key.name : batch.origin, end,
                                         batch.root);
        }
    }

    [[nodiscard]] VerifyReport verify(std::vector<Checkpoint> anchors = {},
                                      bool is_strict = false,
                                      std::uint64_t signatures_from = 0) const {
        VerifyPolicy policy{key, std::move(anchors), is_strict, {}, signatures_from};
        policy.tiles = [this](std::uint32_t level, std::uint64_t index) {
            const auto it = tiles.find({level, index});
            return Result<std::optional<std::string>>(
                it == tiles.end() ? std::nullopt : std::optional(it->second));
        };
        Verifier verifier(std::move(policy));
        auto note = notes.begin();
        for (const Batch& batch : batches) {
            const std::uint64_t end = batch.first + batch.records.size();
            for (; note != notes.end() && note->first <= end; ++note) {
                verifier.add_checkpoint(note->first, note->second);
            }
            if (batch.is_pruned) {
                verifier.add_pruned(batch.first, batch.records.size(), batch.root);
                continue;
            }
            const std::vector<std::string_view> records(batch.records.begin(), batch.records.end());
            verifier.add_batch(batch.first, records, batch.root, {}, batch.previous);
        }
        for (; note != notes.end(); ++note) {
            verifier.add_checkpoint(note->first, note->second);
        }
        return verifier.finish();
    }
};

// Writes records as a committer does: each at its place in the ledger and in its entity's chain.
class LedgerWriter {
  public:
    struct Head {
        std::uint64_t eseq = 0;
        Sha256 link;
        std::string tenant;
        std::uint64_t gseq = ~std::uint64_t{0};  // none
    };

    // Appends a record to the batch that is open.
    void add(std::string_view entity, std::string_view type, std::string_view payload = "{}") {
        const auto known = heads_.find(std::string(entity));
        const bool is_first = known == heads_.end();
        Head& head = heads_[std::string(entity)];
        if (is_first) {
            head.tenant = tenant;
            head.link = genesis_hash(ledger.key.name, tenant, entity);
        }
        Place place{gseq_, head.eseq, head.link, {}};
        place.nonce.fill(static_cast<std::uint8_t>(gseq_));
        std::string bytes;
        at_.us += 1'000;
        append_envelope(bytes, {type, entity, head.tenant, "svc:engine", at_}, payload, place,
                        {ledger.key.name, "node-1"});
        head.link = leaf_hash(bytes);
        ++head.eseq;
        previous_.push_back(std::exchange(head.gseq, gseq_));
        ++gseq_;
        open_.push_back(std::move(bytes));
    }
    void end_batch() {
        ledger.batches.push_back(
            {gseq_ - open_.size(), std::exchange(open_, {}), {}, ledger.key.name,
             std::exchange(previous_, {})});
        ledger.rebuild();
        ledger.sign();
    }

    void wait(Duration duration) { at_ = at_ + duration; }

    StoredLedger ledger;
    std::string tenant = "acme";  // of new entities

  private:
    std::map<std::string, Head> heads_;
    std::vector<std::string> open_;
    std::vector<std::uint64_t> previous_;
    std::uint64_t gseq_ = 0;
    WallTime at_{1'767'225'600'000'000};
};

inline constexpr std::string_view job_a = "job/017f22e2-79b0-7cc3-98c4-dc0c0c07398a";
inline constexpr std::string_view job_b = "job/017f22e2-79b0-7cc3-98c4-dc0c0c07398b";
inline constexpr std::string_view job_c = "job/017f22e2-79b0-7cc3-98c4-dc0c0c07398c";

// 13 records in 3 batches: the ledger's own, job A that ends, job B and job C that live.
inline StoredLedger small_ledger() {
    LedgerWriter writer;
    writer.add("ledger", "ledger_started");               // 0
    writer.add(job_a, "job_created", R"({"name":"a"})");  // 1
    writer.add(job_b, "job_created", R"({"name":"b"})");  // 2
    writer.end_batch();
    writer.add(job_a, "attempt_started", R"({"attempt":1})");  // 3
    writer.add(job_b, "attempt_started", R"({"attempt":1})");  // 4
    writer.add(job_a, "attempt_ended", R"({"attempt":1})");    // 5
    writer.add(job_a, "job_ended", R"({"fin":true})");         // 6
    writer.add(job_b, "attempt_ended", R"({"attempt":1})");    // 7
    writer.end_batch();
    writer.tenant = "umbrella";
    writer.add(job_c, "job_created", R"({"name":"c"})");  // 8
    writer.tenant = "acme";
    writer.add(job_b, "attempt_started", R"({"attempt":2})");  // 9
    writer.add(job_c, "attempt_started", R"({"attempt":1})");  // 10
    writer.add("ledger", "ledger_stopped");                    // 11
    writer.add(job_b, "attempt_ended", R"({"attempt":2})");    // 12
    writer.end_batch();
    return writer.ledger;
}

}  // namespace attacca::core
