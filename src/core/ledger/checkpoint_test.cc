// SPDX-License-Identifier: Apache-2.0
#include "core/ledger/checkpoint.h"

#include <gtest/gtest.h>

#include "core/ledger/golden_key_for_test.h"

namespace attacca::core {
namespace {

// The golden vector of the ledger's specification, 4.1.
constexpr std::string_view golden_vkey =
    "evidence.example/ledger/1+501e8192+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea";
constexpr std::string_view golden_note =
    "evidence.example/ledger/1\n"
    "3\n"
    "tqVKNVSlBGZPsK9KDTci7Y8+FMlDSSrxsoron6u7KXY=\n"
    "\n"
    "\xe2\x80\x94 evidence.example/ledger/1 UB6BkuV/UoN24gOaJqCDkUSlhibRyn3PMaQ6bqP1hjjmnxF6l0YDSj+"
    "4ZpKUEOdZodqORE6PZRX3KmV7bYcJvCqIXQY=\n";

const Ed25519Signer signer{golden_seed()};
const NoteKey key{std::string(golden_origin), signer.public_key()};
const Checkpoint golden{
    std::string(golden_origin), 3,
    *sha256_of_hex("b6a54a3554a504664fb0af4a0d3722ed8f3e14c943492af1b28ae89fabbb2976")};

TEST(Checkpoint, TheKeyIsTheFirstOfTheRfc) {
    EXPECT_EQ(hex(signer.public_key().view()),
              "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
}

TEST(Checkpoint, SignsTheGoldenNote) {
    EXPECT_EQ(format_vkey(key), golden_vkey);
    EXPECT_EQ(sign_checkpoint(signer, golden.origin, golden.size, golden.root), golden_note);
}

TEST(Checkpoint, OpensTheGoldenNote) {
    const Result<NoteKey> parsed = parse_vkey(golden_vkey);
    ASSERT_TRUE(parsed) << parsed.error().text();
    EXPECT_EQ(*parsed, key);
    const Result<Checkpoint> checkpoint = open_checkpoint(golden_note, key);
    ASSERT_TRUE(checkpoint) << checkpoint.error().text();
    EXPECT_EQ(*checkpoint, golden);
}

// The example of C2SP signed-note, and its key.
TEST(Checkpoint, ReadsTheKeyOfThePublishedExample) {
    const Result<NoteKey> published =
        parse_vkey("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
    ASSERT_TRUE(published) << published.error().text();
    EXPECT_EQ(published->name, "PeterNeumann");
    const std::string text =
        "If you think cryptography is the answer to your problem,\n"
        "then you don't know what your problem is.\n";
    const std::optional<std::string> signature = unbase64(
        "x08go/ZJkuBS9UG/"
        "SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=");
    ASSERT_TRUE(signature);
    const KeyId id = key_id_of(*published);
    EXPECT_EQ(signature->substr(0, 4), std::string(id.begin(), id.end()));
    Ed25519Signature bytes;
    std::copy(signature->begin() + 4, signature->end(), bytes.bytes.begin());
    EXPECT_TRUE(ed25519_verify(published->key, text, bytes));
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    const std::size_t at = text.find(from);
    EXPECT_NE(at, text.npos) << from;
    return text.replace(at, from.size(), to);
}

TEST(Checkpoint, RefusesEveryOtherForm) {
    const std::string note(golden_note);
    const std::string signature_line = note.substr(note.find("\xe2\x80\x94"));
    for (const std::string& other : {
             std::string(),
             note.substr(0, note.size() - 1),
             note + "\n",
             note + "x\n",
             "\n" + note,
             replaced(note, "\n\n", "\n"),
             replaced(note, "\n\n", "\n\n\n"),
             replaced(note, "\n\n", "\nextension line\n\n"),  // tampering 35
             replaced(note, "\n3\n", "\n03\n"),
             replaced(note, "\n3\n", "\n+3\n"),
             replaced(note, "\n3\n", "\n3 \n"),
             replaced(note, "\n3\n", "\n3\r\n"),
             replaced(note, "\n3\n", "\n-3\n"),
             replaced(note, "\n3\n", "\n18446744073709551616\n"),
             replaced(note, "KXY=\n", "KXY\n"),
             replaced(note, "KXY=\n", "KXZ=\n"),
             replaced(note, "KXY=\n", "KXY=AAAA\n"),
             replaced(note, "\xe2\x80\x94 ", "- "),
             replaced(note, "\xe2\x80\x94 ", "\xe2\x80\x94"),
             replaced(note, " UB6B", "  UB6B"),
             replaced(note, "evidence.example/ledger/1\n", "evidence example\n"),
             replaced(note, "evidence.example/ledger/1\n", "\n"),
             replaced(note, signature_line, ""),
             replaced(note, signature_line,
                      "\xe2\x80\x94 " + std::string(golden_origin) + " UB6B\n"),
             "\xff" + note,
         }) {
        EXPECT_FALSE(parse_checkpoint(other)) << other;
        EXPECT_FALSE(open_checkpoint(other, key)) << other;
    }
}

NoteTrust trust_of(const std::string& note) {
    const Result<CheckpointNote> parsed = parse_checkpoint(note);
    EXPECT_TRUE(parsed) << note;
    return check_note(*parsed, key);
}

TEST(Checkpoint, IsBadWhenAnythingThatWasSignedChanges) {
    const std::string note(golden_note);
    EXPECT_EQ(trust_of(note), NoteTrust::good);
    EXPECT_EQ(trust_of(replaced(note, "\n3\n", "\n4\n")), NoteTrust::bad);
    EXPECT_EQ(trust_of(replaced(note, "tqVK", "tqVL")), NoteTrust::bad);
    EXPECT_EQ(trust_of(replaced(note, "BkuV/", "BkuV+")), NoteTrust::bad);
    EXPECT_EQ(
        trust_of(replaced(note, "evidence.example/ledger/1\n", "evidence.example/ledger/2\n")),
        NoteTrust::other_origin);
}

TEST(Checkpoint, PassesOverTheLinesOfOtherKeys) {
    const Ed25519Signer other{Ed25519Seed{}};
    const std::string note(golden_note);
    const std::string line = note.substr(note.find("\xe2\x80\x94"));
    const std::string foreign = sign_checkpoint(other, golden.origin, golden.size, golden.root);
    const std::string foreign_line = foreign.substr(foreign.find("\xe2\x80\x94"));
    EXPECT_EQ(trust_of(note + foreign_line), NoteTrust::good);
    EXPECT_EQ(trust_of(note.substr(0, note.find("\xe2\x80\x94")) + foreign_line + line),
              NoteTrust::good);
    EXPECT_EQ(trust_of(note + "\xe2\x80\x94 witness.example AAAAAAAA\n"), NoteTrust::good);
    EXPECT_EQ(trust_of(foreign), NoteTrust::unsigned_by_key);
    EXPECT_EQ(trust_of(note + line), NoteTrust::bad) << "the same key twice";
}

TEST(Checkpoint, DoesNotOpenAfterAnyFlipOfOneBit) {
    for (std::size_t bit = 0; bit < golden_note.size() * 8; ++bit) {
        std::string note(golden_note);
        note[bit / 8] =
            static_cast<char>(static_cast<unsigned char>(note[bit / 8]) ^ (1U << (bit % 8)));
        ASSERT_FALSE(open_checkpoint(note, key)) << bit;
    }
}

std::string with_signature(std::string_view key_id, std::string_view signature) {
    return checkpoint_text(golden) + "\n\xe2\x80\x94 " + golden.origin + " " +
           base64(std::string(key_id) + std::string(signature)) + "\n";
}

// Tampering 19: the key id is a hint of four bytes, never a proof.
TEST(Checkpoint, IsBadWhenAnotherKeySignsUnderTheSameId) {
    const Ed25519Signer other{Ed25519Seed{}};
    const KeyId id = key_id_of(key);
    const std::string id_bytes(id.begin(), id.end());
    const std::string text = checkpoint_text(golden);
    EXPECT_EQ(trust_of(with_signature(id_bytes, signer.sign(text).view())), NoteTrust::good);
    EXPECT_EQ(trust_of(with_signature(id_bytes, other.sign(text).view())), NoteTrust::bad);
    EXPECT_EQ(trust_of(with_signature(id_bytes, signer.sign(text).view().substr(1))),
              NoteTrust::bad);
}

// Tampering 20: S + L is the same point equation and another signature.
TEST(Checkpoint, IsBadWhenTheSignatureIsMalleated) {
    constexpr std::array<std::uint8_t, 32> order = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58,
                                                    0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
                                                    0,    0,    0,    0,    0,    0,    0,    0,
                                                    0,    0,    0,    0,    0,    0,    0,    0x10};
    const KeyId id = key_id_of(key);
    Ed25519Signature signature = signer.sign(checkpoint_text(golden));
    unsigned carry = 0;
    for (std::size_t i = 0; i < order.size(); ++i) {
        carry += unsigned{signature.bytes[32 + i]} + order[i];
        signature.bytes[32 + i] = static_cast<std::uint8_t>(carry);
        carry >>= 8U;
    }
    ASSERT_EQ(carry, 0U);
    EXPECT_EQ(trust_of(with_signature(std::string(id.begin(), id.end()), signature.view())),
              NoteTrust::bad);
}

TEST(Vkey, RefusesEveryOtherForm) {
    const std::string good(golden_vkey);
    ASSERT_TRUE(parse_vkey(good));
    for (const std::string& other : {
             std::string(),
             good + "\n",
             good.substr(1),  // another name, the old hash
             replaced(good, "+501e8192+", "+501e8193+"),
             replaced(good, "+501e8192+", "+501E8192+"),
             replaced(good, "+501e8192+", "+"),
             replaced(good, "+Add", "+Bdd"),  // another type of key
             replaced(good, "1Ea", "1E"),
             std::string("+501e8192+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea"),
             replaced(good, "evidence", "evid ence"),
         }) {
        EXPECT_FALSE(parse_vkey(other)) << other;
    }
}

TEST(Vkey, ReadsBack) {
    for (const std::string_view name :
         {"a", "attacca.local/017f22e2-79b0-7cc3-98c4-dc0c0c07398f", "ä"}) {
        const NoteKey some{std::string(name), signer.public_key()};
        const Result<NoteKey> again = parse_vkey(format_vkey(some));
        ASSERT_TRUE(again) << name;
        EXPECT_EQ(*again, some);
    }
}

}  // namespace
}  // namespace attacca::core
