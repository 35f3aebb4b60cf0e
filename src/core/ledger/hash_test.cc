// SPDX-License-Identifier: Apache-2.0
#include "core/ledger/hash.h"

#include <string>

#include <gtest/gtest.h>

namespace attacca::core {
namespace {

// The published vectors of the RFC 6962 hasher (transparency-dev/merkle).
TEST(Hash, AgreesWithTheVectorsOfTheRfcHasher) {
    EXPECT_EQ(hex(empty_root()),
              "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(hex(leaf_hash("")),
              "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
    EXPECT_EQ(hex(leaf_hash("L123456")),
              "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56");
}

TEST(Hash, ANodeIsTheDigestOfItsPrefixAndItsChildren) {
    Sha256 left;
    Sha256 right;
    left.bytes.fill(0x11);
    right.bytes.fill(0x22);
    // printf '\001' + 32 × 0x11 + 32 × 0x22 | sha256sum
    EXPECT_EQ(hex(node_hash(left, right)),
              "1d8f52d3ec81ac02cd97cb3281523be47af850c0f0295af866f04bc245f46bbf");
    EXPECT_NE(node_hash(left, right), node_hash(right, left));
}

TEST(Hash, ALeafIsNeverANode) {
    Sha256 left;
    Sha256 right;
    const std::string preimage = "\x01" + std::string(left.view()) + std::string(right.view());
    EXPECT_NE(leaf_hash(preimage), node_hash(left, right));
}

TEST(Hash, TheGenesisNamesThePlace) {
    // The `prev` of the first record of ledger.md 4.1.
    const Sha256 first = genesis_hash("evidence.example/ledger/1", "acme", "job/A");
    EXPECT_EQ(base64(first.view()), "rYKdgX4NbE5W8gIFq+TqH4Ev2cj/FqhPQ3Hq+1RLuY8=");
    EXPECT_NE(first, genesis_hash("evidence.example/ledger/2", "acme", "job/A"));
    EXPECT_NE(first, genesis_hash("evidence.example/ledger/1", "acme2", "job/A"));
    EXPECT_NE(first, genesis_hash("evidence.example/ledger/1", "acme", "job/B"));
}

}  // namespace
}  // namespace attacca::core
