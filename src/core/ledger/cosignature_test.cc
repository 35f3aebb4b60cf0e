// SPDX-License-Identifier: Apache-2.0
#include "core/ledger/cosignature.h"

#include <gtest/gtest.h>

#include "base/digest.h"
#include "core/ledger/golden_key_for_test.h"

namespace attacca::core {
namespace {

Ed25519Signer cosigner_of(std::uint8_t number) {
    Ed25519Seed seed;
    seed.bytes.fill(number);
    return Ed25519Signer(seed);
}

WitnessKey witness_of(std::uint8_t number) {
    return witness_key_of({"w" + std::to_string(number) + ".example",
                           cosigner_of(number).public_key()});
}

std::string plain_note() {
    return sign_checkpoint(golden_signer(), golden_origin, 3, sha256("root"));
}

TEST(Cosignature, AWitnessSignsANote) {
    const Result<CheckpointNote> plain = parse_checkpoint(plain_note());
    ASSERT_TRUE(plain);
    EXPECT_FALSE(is_cosigned(*plain, witness_of(1)));
    const std::string line = cosign(cosigner_of(1), witness_of(1), plain->text, 1'700'000'000);
    const Result<CheckpointNote> cosigned = parse_checkpoint(plain_note() + line);
    ASSERT_TRUE(cosigned);
    EXPECT_TRUE(is_cosigned(*cosigned, witness_of(1)));
    EXPECT_FALSE(is_cosigned(*cosigned, witness_of(2)));
    EXPECT_EQ(check_note(*cosigned, {std::string(golden_origin), golden_signer().public_key()}),
              NoteTrust::good);
}

// The example of C2SP's tlog-cosignature page: a name, a time and a text of somebody else.
TEST(Cosignature, IsOverTheHeaderTheTimeAndTheText) {
    const std::string text = parse_checkpoint(plain_note())->text;
    const std::string line = cosign(cosigner_of(1), witness_of(1), text, 1'679'315'147);
    NoteSignature read;
    ASSERT_TRUE(read_signature_line(line.substr(0, line.size() - 1), read));
    ASSERT_EQ(read.bytes.size(), 72U);
    EXPECT_EQ(attacca::read_u64(read.bytes, 0), 1'679'315'147U);
    const std::string message = "cosignature/v1\ntime 1679315147\n" + text;
    EXPECT_EQ(read.bytes.substr(8), cosigner_of(1).sign(message).view());
}

TEST(Cosignature, OfAnotherCheckpointDoesNotCount) {
    const std::string other =
        parse_checkpoint(sign_checkpoint(golden_signer(), golden_origin, 4, sha256("root")))->text;
    const std::string copied = cosign(cosigner_of(1), witness_of(1), other, 5);
    EXPECT_FALSE(is_cosigned(*parse_checkpoint(plain_note() + copied), witness_of(1)));
    EXPECT_EQ(add_cosignature(plain_note(), copied, witness_of(1)), std::nullopt);
}

TEST(Cosignature, IsAddedOnceAndWhatIsNoneIsPassedOver) {
    const std::string text = parse_checkpoint(plain_note())->text;
    const std::string good = cosign(cosigner_of(1), witness_of(1), text, 5);
    const std::string foreign = cosign(cosigner_of(2), witness_of(2), text, 5);
    const std::string lines = "nonsense\n" + foreign + good + "rest without an end";
    const std::optional<std::string> added = add_cosignature(plain_note(), lines, witness_of(1));
    EXPECT_EQ(added, plain_note() + good);
    EXPECT_EQ(add_cosignature(*added, lines, witness_of(1)), added);
    EXPECT_EQ(add_cosignature(*added, lines, witness_of(2)), *added + foreign);
    EXPECT_EQ(add_cosignature(plain_note(), "", witness_of(1)), std::nullopt);
}

TEST(WitnessKey, IsReadAsItIsWritten) {
    const WitnessKey witness = witness_of(7);
    const std::string text = format_witness_vkey(witness);
    const Result<WitnessKey> read = parse_witness_vkey(text);
    ASSERT_TRUE(read);
    EXPECT_EQ(*read, witness);
    std::string other = text;
    other[other.find('+') + 1] = other[other.find('+') + 1] == '0' ? '1' : '0';
    EXPECT_FALSE(parse_witness_vkey(other));
    EXPECT_FALSE(parse_witness_vkey(""));
    EXPECT_FALSE(parse_witness_vkey("w.example"));
    EXPECT_FALSE(parse_witness_vkey("w.example+00000000+AAAA"));
}

TEST(WitnessKey, OfALogIsNone) {
    const NoteKey log{std::string(golden_origin), golden_signer().public_key()};
    EXPECT_FALSE(parse_witness_vkey(format_vkey(log)));
    EXPECT_FALSE(parse_vkey(format_witness_vkey(witness_key_of(log))));
}

}  // namespace
}  // namespace attacca::core
