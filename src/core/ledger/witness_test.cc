// SPDX-License-Identifier: Apache-2.0
#include "core/ledger/witness.h"

#include <vector>

#include <gtest/gtest.h>

#include "core/ledger/golden_key_for_test.h"
#include "core/ledger/hash.h"
#include "core/ledger/naive_tree_for_test.h"

namespace attacca::core {
namespace {

const std::vector<NoteKey> followed = {{std::string(golden_origin),
                                        golden_signer().public_key()}};

// Leaves of one history; from `parted` on, of another one.
std::vector<Sha256> leaves_of(std::size_t size, std::size_t parted = 1000) {
    std::vector<Sha256> leaves;
    for (std::size_t i = 0; i < size; ++i) {
        leaves.push_back(leaf_hash((i < parted ? "a" : "b") + std::to_string(i)));
    }
    return leaves;
}

TreeHead head_of(const std::vector<Sha256>& leaves) {
    return {leaves.size(), naive_root(leaves)};
}

AddCheckpoint request_of(const std::vector<Sha256>& leaves, std::uint64_t old_size) {
    const TreeHead head = head_of(leaves);
    ExtensionText extension;
    extension.old_size = old_size;
    if (old_size > 0 && old_size <= head.size) {
        extension.path = naive_subproof(old_size, leaves, true);
    }
    extension.checkpoint = sign_checkpoint(golden_signer(), golden_origin, head.size, head.root);
    return *parse_add_checkpoint(format_extension(extension));
}

WitnessVerdict judge(const AddCheckpoint& request, const std::optional<TreeHead>& held) {
    return judge_checkpoint(request, followed, held);
}

TEST(Witness, FollowsALogFromItsFirstCheckpointOn) {
    std::optional<TreeHead> held;
    for (const std::size_t size : {0U, 1U, 5U, 5U, 8U, 200U, 700U}) {
        const AddCheckpoint request = request_of(leaves_of(size), held ? held->size : 0);
        EXPECT_EQ(judge(request, held), WitnessVerdict::accepted) << size;
        held = TreeHead{request.note.checkpoint.size, request.note.checkpoint.root};
    }
}

TEST(Witness, SaysWhereItStandsToWhoDoesNotKnow) {
    const TreeHead held = head_of(leaves_of(9));
    for (const std::uint64_t old_size : {0U, 8U, 10U, 12U}) {
        EXPECT_EQ(judge(request_of(leaves_of(12), old_size), held), WitnessVerdict::other_old_size);
    }
}

TEST(Witness, RefusesAShorterTree) {
    EXPECT_EQ(judge(request_of(leaves_of(5), 5), head_of(leaves_of(9))),
              WitnessVerdict::other_old_size);
    EXPECT_EQ(judge(request_of(leaves_of(5), 9), head_of(leaves_of(9))),
              WitnessVerdict::old_too_large);
}

TEST(Witness, RefusesAnotherTreeOfTheSameSize) {
    EXPECT_EQ(judge(request_of(leaves_of(9, 3), 9), head_of(leaves_of(9))), WitnessVerdict::fork);
}

TEST(Witness, RefusesALargerTreeThatPartedBefore) {
    const TreeHead held = head_of(leaves_of(9));
    for (std::size_t parted = 0; parted < 9; ++parted) {
        EXPECT_EQ(judge(request_of(leaves_of(20, parted), 9), held), WitnessVerdict::not_extended);
    }
    EXPECT_EQ(judge(request_of(leaves_of(20, 9), 9), held), WitnessVerdict::accepted);
}

TEST(Witness, RefusesAProofThatIsCutOrLonger) {
    const TreeHead held = head_of(leaves_of(9));
    AddCheckpoint request = request_of(leaves_of(20), 9);
    request.extension.path.push_back(empty_root());
    EXPECT_EQ(judge(request, held), WitnessVerdict::not_extended);
    request.extension.path.resize(1);
    EXPECT_EQ(judge(request, held), WitnessVerdict::not_extended);
    AddCheckpoint first = request_of(leaves_of(3), 0);
    first.extension.path.push_back(empty_root());
    EXPECT_EQ(judge(first, std::nullopt), WitnessVerdict::not_extended);
}

TEST(Witness, DoesNotAnswerForLogsThatItDoesNotFollow) {
    const AddCheckpoint request = request_of(leaves_of(3), 0);
    EXPECT_EQ(judge_checkpoint(request, {}, std::nullopt), WitnessVerdict::unknown_log);
    std::vector<NoteKey> others = followed;
    others[0].name = "another.example";
    EXPECT_EQ(judge_checkpoint(request, others, std::nullopt), WitnessVerdict::unknown_log);
}

TEST(Witness, BelievesOnlyTheLogsKeys) {
    Ed25519Seed seed;
    seed.bytes.fill(9);
    const TreeHead head = head_of(leaves_of(3));
    AddCheckpoint request = request_of(leaves_of(3), 0);
    request.note =
        *parse_checkpoint(sign_checkpoint(Ed25519Signer(seed), golden_origin, 3, head.root));
    EXPECT_EQ(judge(request, std::nullopt), WitnessVerdict::not_signed);
    // A log may have several keys, one after another.
    std::vector<NoteKey> keys = followed;
    keys.push_back({std::string(golden_origin), Ed25519Signer(seed).public_key()});
    EXPECT_EQ(judge_checkpoint(request, keys, std::nullopt), WitnessVerdict::accepted);
}

TEST(Witness, KnowsTheStatusOfEachVerdict) {
    EXPECT_EQ(http_status_of(WitnessVerdict::accepted), 200);
    EXPECT_EQ(http_status_of(WitnessVerdict::old_too_large), 400);
    EXPECT_EQ(http_status_of(WitnessVerdict::not_signed), 403);
    EXPECT_EQ(http_status_of(WitnessVerdict::unknown_log), 404);
    EXPECT_EQ(http_status_of(WitnessVerdict::other_old_size), 409);
    EXPECT_EQ(http_status_of(WitnessVerdict::fork), 409);
    EXPECT_EQ(http_status_of(WitnessVerdict::not_extended), 422);
}

TEST(Witness, ReadsNothingThatIsNoRequest) {
    const std::string good = format_extension(request_of(leaves_of(12), 9).extension);
    EXPECT_TRUE(parse_add_checkpoint(good));
    EXPECT_FALSE(parse_add_checkpoint(""));
    EXPECT_FALSE(parse_add_checkpoint("old 9\n"));
    EXPECT_FALSE(parse_add_checkpoint("old 09" + good.substr(5)));
    EXPECT_FALSE(parse_add_checkpoint("olD" + good.substr(3)));
    EXPECT_FALSE(parse_add_checkpoint(good.substr(0, good.size() - 1)));
    EXPECT_FALSE(parse_add_checkpoint(good.substr(0, good.find("\n\n") + 2)));
}

}  // namespace
}  // namespace attacca::core
