// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/bytes.h"
#include "base/digest.h"
#include "base/json.h"
#include "core/ledger/proof.h"

namespace attacca::core {
namespace {

std::vector<Json> vectors_in(const std::string& name) {
    std::ifstream file("src/core/ledger/testdata/" + name);
    std::vector<Json> vectors;
    for (std::string line; std::getline(file, line);) {
        const Result<Json> vector = parse_json(line);
        EXPECT_TRUE(vector) << line;
        vectors.push_back(vector ? *vector : Json());
    }
    EXPECT_EQ(vectors.size(), 98U) << name;
    return vectors;
}

std::optional<Sha256> hash_in(const Json& base64_text) {
    const std::optional<std::string> bytes = unbase64(base64_text.as_string());
    if (!bytes || bytes->size() != sizeof(Sha256::bytes)) {
        return std::nullopt;
    }
    Sha256 hash;
    std::copy(bytes->begin(), bytes->end(), hash.bytes.begin());
    return hash;
}

// One vector's roots are words of another length, of which only equality counts.
Sha256 root_in(const Json& base64_text) {
    const std::optional<Sha256> hash = hash_in(base64_text);
    return hash ? *hash : sha256(base64_text.as_string());
}

// A hash of another length stands in no form of ours: such a proof is refused before.
std::optional<std::vector<Sha256>> proof_in(const Json& vector) {
    std::vector<Sha256> proof;
    const Json* hashes = vector.find("proof");
    if (hashes == nullptr || !hashes->is_array()) {
        return proof;
    }
    for (const Json& one : hashes->as_array()) {
        const std::optional<Sha256> hash = hash_in(one);
        if (!hash) {
            return std::nullopt;
        }
        proof.push_back(*hash);
    }
    return proof;
}

std::uint64_t u64_in(const Json& vector, std::string_view key) {
    return parse_u64(vector.find(key)->text()).value_or(0);
}

TEST(ProofVectors, EachInclusionVerifiesOrFailsAsPublished) {
    std::size_t good = 0;
    for (const Json& vector : vectors_in("inclusion.jsonl")) {
        const auto leaf = hash_in(*vector.find("leafHash"));
        const auto root = hash_in(*vector.find("root"));
        const auto proof = proof_in(vector);
        const std::uint64_t index = u64_in(vector, "leafIdx");
        const std::uint64_t size = u64_in(vector, "treeSize");
        const bool is_good = leaf && root && proof && index < size &&
                             verify_inclusion(*leaf, {index, size}, *proof, *root);
        EXPECT_EQ(is_good, !vector.find("wantErr")->as_bool()) << vector.text();
        good += is_good ? 1U : 0U;
    }
    EXPECT_EQ(good, 6U);
}

TEST(ProofVectors, EachConsistencyVerifiesOrFailsAsPublished) {
    std::size_t good = 0;
    for (const Json& vector : vectors_in("consistency.jsonl")) {
        const Sha256 before = root_in(*vector.find("root1"));
        const Sha256 after = root_in(*vector.find("root2"));
        const auto proof = proof_in(vector);
        // Every tree goes on from that of no records, which nobody needs to prove: the vectors
        // refuse such a question, and ours is never asked it.
        const std::uint64_t size = u64_in(vector, "size1");
        const bool is_good = size > 0 && proof &&
                             verify_consistency({size, before}, {u64_in(vector, "size2"), after},
                                                *proof);
        EXPECT_EQ(is_good, !vector.find("wantErr")->as_bool()) << vector.text();
        good += is_good ? 1U : 0U;
    }
    EXPECT_EQ(good, 6U);
}

}  // namespace
}  // namespace attacca::core
