// SPDX-License-Identifier: Apache-2.0
#include "core/ledger/checkpoint.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace attacca::core {
namespace {

// The golden vector: key of RFC 8032, section 7.1, TEST 1; ledger of three records.
constexpr std::string_view origin = "evidence.example/ledger/1";
constexpr std::string_view vkey =
    "evidence.example/ledger/1+501e8192+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea";
constexpr std::string_view golden =
    "evidence.example/ledger/1\n"
    "3\n"
    "tqVKNVSlBGZPsK9KDTci7Y8+FMlDSSrxsoron6u7KXY=\n"
    "\n"
    "— evidence.example/ledger/1 UB6BkuV/UoN24gOaJqCDkUSlhibRyn3PMaQ6bqP1hjjmnxF6l0YDSj+4ZpKUEOdZod"
    "qORE6PZRX3KmV7bYcJvCqIXQY=\n";

Ed25519Signer signer_of_rfc8032() {
    const auto bytes = unhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
    Ed25519Seed seed;
    std::copy(bytes->begin(), bytes->end(), seed.bytes.begin());
    return Ed25519Signer(seed);
}

Sha256 golden_root() {
    return *sha256_of_hex("b6a54a3554a504664fb0af4a0d3722ed8f3e14c943492af1b28ae89fabbb2976");
}

NoteKey golden_key() {
    return *parse_vkey(vkey);
}

TEST(Checkpoint, IsSignedByteForByteAsTheGoldenVector) {
    const Ed25519Signer signer = signer_of_rfc8032();
    EXPECT_EQ(sign_checkpoint(signer, origin, 3, golden_root()), golden);
    EXPECT_EQ(format_vkey({std::string(origin), signer.public_key()}), vkey);
}

TEST(Checkpoint, OpensUnderItsKey) {
    const auto checkpoint = open_checkpoint(golden, golden_key());
    ASSERT_TRUE(checkpoint.has_value()) << checkpoint.error().text();
    EXPECT_EQ(checkpoint->size, 3U);
    EXPECT_EQ(checkpoint->root, golden_root());
}

TEST(Checkpoint, RefusesEverySingleBitFlip) {
    for (std::size_t i = 0; i < golden.size() * 8; ++i) {
        std::string flipped(golden);
        flipped[i / 8] = static_cast<char>(flipped[i / 8] ^ (1 << (i % 8)));
        EXPECT_FALSE(open_checkpoint(flipped, golden_key()).has_value()) << "bit " << i;
    }
}

TEST(Checkpoint, RefusesAnExtensionLine) {
    const Ed25519Signer signer = signer_of_rfc8032();
    std::string note(golden);
    note.insert(note.find("\n\n") + 1, "extension\n");
    EXPECT_FALSE(read_checkpoint(note).has_value());
}

TEST(Checkpoint, RefusesAnotherKeyOfTheSameName) {
    Ed25519Seed seed;
    seed.bytes.fill(9);
    const Ed25519Signer other(seed);
    const auto opened =
        open_checkpoint(golden, NoteKey{std::string(origin), other.public_key()});
    ASSERT_FALSE(opened.has_value());
    EXPECT_EQ(opened.error().problem, Problem::token_invalid);
}

TEST(Checkpoint, IgnoresTheLinesOfOtherSigners) {
    const std::string note = std::string(golden) + "— witness.example AAAAAA==\n";
    EXPECT_TRUE(open_checkpoint(note, golden_key()).has_value());
}

TEST(Checkpoint, RefusesASizeWithALeadingZero) {
    std::string note(golden);
    note.replace(note.find("\n3\n"), 3, "\n03\n");
    EXPECT_FALSE(read_checkpoint(note).has_value());
}

TEST(Vkey, RefusesAHashThatIsNotTheKeys) {
    std::string text(vkey);
    text.replace(text.find("501e8192"), 8, "501e8193");
    EXPECT_FALSE(parse_vkey(text).has_value());
}

}  // namespace
}  // namespace attacca::core
