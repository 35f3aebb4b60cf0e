// SPDX-License-Identifier: Apache-2.0
#include "core/ledger/entity_verify.h"

#include <algorithm>
#include <functional>
#include <vector>

#include <gtest/gtest.h>

#include "core/ledger/ledger_for_test.h"
#include "core/ledger/naive_tree_for_test.h"

namespace attacca::core {
namespace {

// Job A of the small ledger with its proofs, to be tampered with.
struct Part {
    struct Entry {
        std::uint64_t gseq = 0;
        std::string record;
        std::vector<Sha256> path;
    };
    Checkpoint checkpoint;
    std::vector<Entry> entries;

    Part() {
        StoredLedger ledger = small_ledger();
        std::vector<Sha256> leaves;
        for (std::uint64_t gseq = 0; gseq < ledger.size(); ++gseq) {
            leaves.push_back(leaf_hash(ledger.record(gseq)));
        }
        checkpoint = {std::string(golden_origin), ledger.size(), naive_root(leaves)};
        for (const std::uint64_t gseq : {1U, 3U, 5U, 6U}) {
            entries.push_back({gseq, ledger.record(gseq), naive_path(gseq, leaves)});
        }
    }

    EntitySummary summary;
    std::vector<std::string> codes() {
        std::vector<std::string> found;
        EntityVerifier verifier(checkpoint, std::string(job_a),
                                [&](Fault fault, std::optional<std::uint64_t>, std::string) {
                                    found.emplace_back(code_of(fault));
                                });
        for (const Entry& entry : entries) {
            verifier.add(entry.gseq, entry.record, entry.path);
        }
        summary = verifier.finish();
        return found;
    }
};
using Codes = std::vector<std::string>;

bool has(const Codes& codes, const std::string& code) {
    return std::find(codes.begin(), codes.end(), code) != codes.end();
}

TEST(EntityVerify, AWholeChainIsGood) {
    Part part;
    EXPECT_EQ(part.codes(), Codes{});
    EXPECT_EQ(part.summary.records, 4U);
    EXPECT_EQ(part.summary.last_eseq, 3U);
    EXPECT_EQ(part.summary.last_gseq, 6U);
    EXPECT_EQ(part.summary.tenant, "acme");
    EXPECT_TRUE(part.summary.is_final);
}

TEST(EntityVerify, AMissingRecordIsAGapWhereverItStood) {
    for (std::size_t i = 0; i < 3; ++i) {
        Part part;
        part.entries.erase(part.entries.begin() + static_cast<std::ptrdiff_t>(i));
        EXPECT_EQ(part.codes(), Codes{"E_GAP"}) << i;
    }
    Part last;
    last.entries.pop_back();
    EXPECT_EQ(last.codes(), Codes{});
    EXPECT_FALSE(last.summary.is_final) << "nothing but this tells of a record after the last";
    Part none;
    none.entries.clear();
    EXPECT_EQ(none.codes(), Codes{"E_GAP"});
}

TEST(EntityVerify, EveryFlippedBitOfARecordIsFound) {
    const Part good;
    for (std::size_t i = 0; i < good.entries.size(); ++i) {
        for (std::size_t bit = 0; bit < good.entries[i].record.size() * 8; ++bit) {
            Part part;
            char& byte = part.entries[i].record[bit / 8];
            byte = static_cast<char>(static_cast<unsigned char>(byte) ^ (1U << (bit % 8)));
            ASSERT_TRUE(has(part.codes(), "E_LEAF")) << i << " " << bit;
        }
    }
}

TEST(EntityVerify, AWrongProofOfARecordThatTheNextOneNamesIsTheProofsFault) {
    for (const auto& spoil : std::vector<std::function<void(std::vector<Sha256>&)>>{
             [](auto& path) { path.pop_back(); },
             [](auto& path) { path.push_back(path.front()); },
             [](auto& path) { std::swap(path[0], path[1]); },
             [](auto& path) { path[0].bytes[5] ^= 4U; }}) {
        Part part;
        spoil(part.entries[1].path);
        EXPECT_EQ(part.codes(), Codes{"E_PROOF"});
    }
}

TEST(EntityVerify, RecordsInOthersPlacesAreFound) {
    Part swapped;
    std::swap(swapped.entries[1].record, swapped.entries[2].record);
    EXPECT_TRUE(has(swapped.codes(), "E_SEQ"));
    Part twice;
    twice.entries.insert(twice.entries.begin() + 2, twice.entries[1]);
    EXPECT_TRUE(has(twice.codes(), "E_CHAIN"));
    Part after_end;
    after_end.entries.push_back(after_end.entries[2]);
    EXPECT_TRUE(has(after_end.codes(), "E_FINAL"));
}

TEST(EntityVerify, RecordsOfOthersAreFound) {
    StoredLedger ledger = small_ledger();
    Part part;
    part.entries[1].record = ledger.record(4);  // of job B
    const Codes codes = part.codes();
    EXPECT_TRUE(has(codes, "E_SEQ"));
    EXPECT_TRUE(has(codes, "E_LEAF"));
    Part origin;
    origin.checkpoint.origin = "elsewhere.example";
    EXPECT_TRUE(has(origin.codes(), "E_ORIGIN"));
}

TEST(EntityVerify, ARecordThatIsNoneIsAFaultOfItsOwn) {
    Part part;
    part.entries[2].record = std::string(65, '\x01');
    const Codes codes = part.codes();
    EXPECT_TRUE(has(codes, "E_FORMAT"));
    EXPECT_TRUE(has(codes, "E_LEAF"));
    EXPECT_FALSE(has(codes, "E_GAP"));
}

}  // namespace
}  // namespace attacca::core
