// SPDX-License-Identifier: Apache-2.0
#include "base/signature.h"

#include <algorithm>
#include <utility>

#include <gtest/gtest.h>

#include "base/bytes.h"

namespace attacca {
namespace {

template <typename T>
T of_hex(std::string_view text) {
    T out;
    const auto bytes = unhex(text);
    EXPECT_TRUE(bytes.has_value());
    EXPECT_EQ(bytes->size(), out.bytes.size());
    std::copy(bytes->begin(), bytes->end(), out.bytes.begin());
    return out;
}

struct SignatureVector {
    std::string_view seed;
    std::string_view public_key;
    std::string_view message;
    std::string_view signature;
};

// RFC 8032, section 7.1: tests 1, 2, 3 and "SHA(abc)".
constexpr SignatureVector rfc_vectors[] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9"
     "b46bd25bf5f0595bbe24655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f1"
     "1d8c387b2eaeb4302aeeb00d291612bb0c00"},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984d"
     "c6594a7c15e9716ed28dc027beceea1ec40a"},
    {"833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
     "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
     "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3fe"
     "ebbd454d4423643ce80e2a9ac94fa54ca49f",
     "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431"
     "e0303dca179c138ac17ad9bef1177331a704"},
};

Ed25519Signer signer_of(const SignatureVector& vector) {
    return Ed25519Signer(of_hex<Ed25519Seed>(vector.seed));
}

TEST(Ed25519, AgreesWithTheVectorsOfTheRfc) {
    for (const SignatureVector& vector : rfc_vectors) {
        const Ed25519Signer signer = signer_of(vector);
        const std::string message = *unhex(vector.message);
        const Ed25519Signature signature = signer.sign(message);
        EXPECT_EQ(hex(signer.public_key().view()), vector.public_key);
        EXPECT_EQ(hex(signature.view()), vector.signature);
        EXPECT_TRUE(ed25519_verify(signer.public_key(), message, signature));
    }
}

TEST(Ed25519, SignsTheSameBytesAlike) {
    const Ed25519Signer signer = signer_of(rfc_vectors[0]);
    EXPECT_EQ(signer.sign("checkpoint"), signer.sign("checkpoint"));
    EXPECT_NE(signer.sign("checkpoint"), signer.sign("checkpoint "));
}

TEST(Ed25519, RefusesEveryFlippedBit) {
    const Ed25519Signer signer = signer_of(rfc_vectors[1]);
    const Ed25519Signature signature = signer.sign("message");
    for (std::size_t i = 0; i < signature.bytes.size() * 8; ++i) {
        Ed25519Signature other = signature;
        other.bytes[i / 8] = static_cast<std::uint8_t>(other.bytes[i / 8] ^ (1U << (i % 8)));
        EXPECT_FALSE(ed25519_verify(signer.public_key(), "message", other)) << i;
    }
    for (std::size_t i = 0; i < 256; ++i) {
        Ed25519PublicKey key = signer.public_key();
        key.bytes[i / 8] = static_cast<std::uint8_t>(key.bytes[i / 8] ^ (1U << (i % 8)));
        EXPECT_FALSE(ed25519_verify(key, "message", signature)) << i;
    }
}

TEST(Ed25519, RefusesAnotherMessageAndAnotherKey) {
    const Ed25519Signer signer = signer_of(rfc_vectors[1]);
    const Ed25519Signature signature = signer.sign("message");
    EXPECT_FALSE(ed25519_verify(signer.public_key(), "Message", signature));
    EXPECT_FALSE(ed25519_verify(signer.public_key(), "", signature));
    EXPECT_FALSE(ed25519_verify(signer_of(rfc_vectors[2]).public_key(), "message", signature));
}

// S and S + L satisfy the same equation; taking both would make signatures malleable.
TEST(Ed25519, RefusesAScalarThatIsNotReduced) {
    const auto order =
        of_hex<Ed25519Seed>("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
    const Ed25519Signer signer = signer_of(rfc_vectors[1]);
    Ed25519Signature signature = signer.sign("message");
    unsigned carry = 0;
    for (std::size_t i = 0; i < 32; ++i) {
        const unsigned sum = unsigned{signature.bytes[32 + i]} + order.bytes[i] + carry;
        signature.bytes[32 + i] = static_cast<std::uint8_t>(sum);
        carry = sum >> 8U;
    }
    ASSERT_EQ(carry, 0U);
    EXPECT_FALSE(ed25519_verify(signer.public_key(), "message", signature));
}

// With a key of small order, R = the neutral point and S = 0 can sign every message.
TEST(Ed25519, RefusesKeysOfSmallOrder) {
    Ed25519Signature signature;
    signature.bytes[0] = 1;
    for (const auto key : {
             "0100000000000000000000000000000000000000000000000000000000000000",
             "0000000000000000000000000000000000000000000000000000000000000000",
             "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
             "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
             "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
         }) {
        for (const auto message : {"a", "b", "c", "d", "e", "f", "g", "h"}) {
            EXPECT_FALSE(ed25519_verify(of_hex<Ed25519PublicKey>(key), message, signature)) << key;
        }
    }
}

TEST(Ed25519, RefusesAKeyThatIsNotCanonical) {
    // y = p + 1: the neutral point once more, written with another number.
    const auto key = of_hex<Ed25519PublicKey>(
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f");
    Ed25519Signature signature;
    signature.bytes[0] = 1;
    EXPECT_FALSE(ed25519_verify(key, "message", signature));
}

TEST(Ed25519Signer, KeepsItsKeyWhenMoved) {
    Ed25519Signer first = signer_of(rfc_vectors[0]);
    const Ed25519Signer second = std::move(first);
    EXPECT_EQ(hex(second.sign("").view()), rfc_vectors[0].signature);
}

TEST(Ed25519SignerDeathTest, StopsWhenUsedAfterAMove) {
    Ed25519Signer first = signer_of(rfc_vectors[0]);
    const Ed25519Signer second = std::move(first);
    EXPECT_DEATH((void)first.sign("x"), "check failed");  // NOLINT(bugprone-use-after-move)
}

TEST(EqualInConstantTime, IsPlainEquality) {
    EXPECT_TRUE(equal_in_constant_time("", ""));
    EXPECT_TRUE(equal_in_constant_time("token", "token"));
    EXPECT_FALSE(equal_in_constant_time("token", "tokem"));
    EXPECT_FALSE(equal_in_constant_time("token", "Token"));
    EXPECT_FALSE(equal_in_constant_time("token", "token "));
    EXPECT_FALSE(equal_in_constant_time("", "t"));
}

}  // namespace
}  // namespace attacca
