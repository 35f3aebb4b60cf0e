// SPDX-License-Identifier: Apache-2.0
#include "engine/witness_book.h"

#include <gtest/gtest.h>

#include "core/ledger/golden_key_for_test.h"
#include "core/ledger/hash.h"
#include "core/ledger/tree.h"
#include "engine/witness_for_test.h"

namespace attacca::engine {
namespace {

const core::NoteKey witnessed_log{std::string(core::golden_origin),
                                  core::golden_signer().public_key()};

// The checkpoint of a ledger of so many records; `salt` makes it another ledger's.
std::string note_of_size(std::uint64_t size, const std::string& salt = "") {
    core::Tree tree;
    for (std::uint64_t i = 0; i < size; ++i) {
        tree.append(core::leaf_hash(salt + std::to_string(i)));
    }
    return core::sign_checkpoint(core::golden_signer(), core::golden_origin, size, tree.root());
}

std::string request_of_size(std::uint64_t old_size, std::uint64_t size,
                            const std::string& salt = "", std::vector<Sha256> path = {}) {
    return core::format_extension({old_size, std::move(path), note_of_size(size, salt)});
}

TEST(WitnessBook, CosignsTheFirstCheckpointThatItSees) {
    WitnessForTest witness(1, {witnessed_log});
    const WitnessBook::Answer answer = witness.book->add_checkpoint(request_of_size(0, 2));
    EXPECT_EQ(answer.status, 200) << answer.body;
    const auto note = core::parse_checkpoint(note_of_size(2) + answer.body);
    ASSERT_TRUE(note);
    EXPECT_TRUE(core::is_cosigned(*note, witness.book->key()));
    // What it answers is what it keeps, and what it shows.
    EXPECT_EQ(witness.shelf.notes[witnessed_log.name], note_of_size(2) + answer.body);
    const std::string hash = hex(sha256(witnessed_log.name));
    EXPECT_EQ(witness.book->newest(hash).body, note_of_size(2) + answer.body);
}

TEST(WitnessBook, GoesOnWithAProofOnly) {
    WitnessForTest witness(1, {witnessed_log});
    ASSERT_EQ(witness.book->add_checkpoint(request_of_size(0, 1)).status, 200);
    // From one leaf to two, the proof is the second leaf.
    EXPECT_EQ(witness.book->add_checkpoint(request_of_size(1, 2)).status, 422);
    const std::vector<Sha256> proof = {core::leaf_hash("1")};
    EXPECT_EQ(witness.book->add_checkpoint(request_of_size(1, 2, "", proof)).status, 200);
    EXPECT_EQ(witness.book->add_checkpoint(request_of_size(2, 2)).status, 200);
}

TEST(WitnessBook, TellsItsSizeToWhoStandsElsewhere) {
    WitnessForTest witness(1, {witnessed_log});
    const WitnessBook::Answer first = witness.book->add_checkpoint(request_of_size(3, 3));
    EXPECT_EQ(first.status, 409);
    EXPECT_EQ(first.body, "0\n");
    EXPECT_EQ(first.content_type, "text/x.tlog.size");
    ASSERT_EQ(witness.book->add_checkpoint(request_of_size(0, 3)).status, 200);
    const WitnessBook::Answer shorter = witness.book->add_checkpoint(request_of_size(2, 2));
    EXPECT_EQ(shorter.status, 409);
    EXPECT_EQ(shorter.body, "3\n");
}

TEST(WitnessBook, RefusesAForkAndKeepsWhatItHas) {
    WitnessForTest witness(1, {witnessed_log});
    ASSERT_EQ(witness.book->add_checkpoint(request_of_size(0, 3)).status, 200);
    const std::string kept = witness.shelf.notes[witnessed_log.name];
    EXPECT_EQ(witness.book->add_checkpoint(request_of_size(3, 3, "x")).status, 409);
    EXPECT_EQ(witness.book->add_checkpoint(request_of_size(3, 4, "x", {core::leaf_hash("x3")}))
                  .status,
              422);
    EXPECT_EQ(witness.shelf.notes[witnessed_log.name], kept);
}

TEST(WitnessBook, SignsNothingThatItCouldNotKeep) {
    WitnessForTest witness(1, {witnessed_log});
    witness.shelf.is_full = true;
    const WitnessBook::Answer answer = witness.book->add_checkpoint(request_of_size(0, 3));
    EXPECT_EQ(answer.status, 503);
    EXPECT_EQ(answer.body.find("w1.example"), std::string::npos);
    witness.shelf.is_full = false;
    EXPECT_EQ(witness.book->add_checkpoint(request_of_size(0, 2)).status, 200);
}

TEST(WitnessBook, SignsNothingBesideWhatItCannotRead) {
    WitnessForTest witness(1, {witnessed_log});
    for (const std::string& damaged : {std::string("x"), std::string(), note_of_size(2)}) {
        witness.shelf.notes[witnessed_log.name] = damaged;
        EXPECT_EQ(witness.book->add_checkpoint(request_of_size(0, 3)).status, 500);
    }
}

TEST(WitnessBook, AnswersForItsLogsOnly) {
    WitnessForTest witness(1, {});
    EXPECT_EQ(witness.book->add_checkpoint(request_of_size(0, 3)).status, 404);
    EXPECT_EQ(witness.book->newest(hex(sha256(witnessed_log.name))).status, 404);
    EXPECT_TRUE(witness.shelf.notes.empty());
    EXPECT_EQ(witness.book->add_checkpoint("old 0\n").status, 400);
    WitnessForTest other(2, {{witnessed_log.name, witness.book->key().key.key}});
    EXPECT_EQ(other.book->add_checkpoint(request_of_size(0, 3)).status, 403);
    EXPECT_EQ(other.book->newest(hex(sha256(witnessed_log.name))).status, 404);
}

}  // namespace
}  // namespace attacca::engine
