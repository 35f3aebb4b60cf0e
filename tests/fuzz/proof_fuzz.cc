// SPDX-License-Identifier: Apache-2.0
#include <vector>

#include "core/ledger/naive_tree_for_test.h"
#include "core/ledger/proof.h"
#include "fuzz.h"

// Proofs of the Merkle tree: as the recursive definition makes them; a changed one proves nothing,
// and no list of hashes proves what is not so.

namespace attacca::core {
namespace {

using Proof = std::vector<Sha256>;

constexpr std::size_t leaves_max = 100;

const std::vector<Sha256>& leaves() {
    static const std::vector<Sha256> fixed = numbered_leaves(leaves_max);
    return fixed;
}

Tree tree_of(std::size_t size) {
    Tree tree;
    for (std::size_t i = 0; i < size; ++i) {
        tree.append(leaves()[i]);
    }
    return tree;
}

// One change that leaves another list.
Proof changed(Proof proof, fuzz::Draw& draw) {
    const std::size_t at = proof.empty() ? 0 : draw.below(proof.size());
    switch (proof.empty() ? 0 : draw.below(3)) {
        case 0:
            proof.insert(proof.begin() + static_cast<std::ptrdiff_t>(at), leaves()[at]);
            break;
        case 1:
            proof.erase(proof.begin() + static_cast<std::ptrdiff_t>(at));
            break;
        default:
            proof[at].bytes[draw.below(32)] ^= static_cast<std::uint8_t>(1U << draw.below(8));
            break;
    }
    return proof;
}

void check_inclusion(std::size_t index, const Tree& tree, fuzz::Draw& draw) {
    const std::span<const Sha256> known(leaves().data(), tree.size());
    TiledHashes hashes(tree, [](auto, auto) { return fail(Problem::corrupt); });
    const auto proof = inclusion_proof(hashes, index, tree.size());
    ATTACCA_CHECK(proof.has_value() == (index < tree.size()));
    if (!proof) {
        return;
    }
    ATTACCA_CHECK(*proof == naive_path(index, known));
    const LeafPlace place{index, tree.size()};
    const Sha256& leaf = leaves()[index];
    ATTACCA_CHECK(verify_inclusion(leaf, place, *proof, tree.root()));
    ATTACCA_CHECK(!verify_inclusion(leaf, place, changed(*proof, draw), tree.root()));
    const std::size_t other = draw.below(leaves_max);
    if (other != index) {
        ATTACCA_CHECK(!verify_inclusion(leaves()[other], place, *proof, tree.root()));
        ATTACCA_CHECK(!verify_inclusion(leaf, {other, tree.size()}, *proof, tree.root()));
    }
}

void check_consistency(std::size_t old_size, const Tree& tree, fuzz::Draw& draw) {
    TiledHashes hashes(tree, [](auto, auto) { return fail(Problem::corrupt); });
    const auto proof = consistency_proof(hashes, old_size, tree.size());
    ATTACCA_CHECK(proof.has_value() == (old_size <= tree.size()));
    if (!proof) {
        return;
    }
    const TreeHead before{old_size, tree_of(old_size).root()};
    const TreeHead after{tree.size(), tree.root()};
    ATTACCA_CHECK(verify_consistency(before, after, *proof));
    ATTACCA_CHECK(!verify_consistency(before, after, changed(*proof, draw)));
    TreeHead forged = before;
    forged.root.bytes[draw.below(32)] ^= 1U;
    ATTACCA_CHECK(!verify_consistency(forged, after, *proof));
    if (old_size > 0) {
        const std::span<const Sha256> known(leaves().data(), tree.size());
        ATTACCA_CHECK(*proof == naive_subproof(old_size, known, true));
    }
}

// Hashes from the input, for places that need not exist.
void check_garbage(fuzz::Draw& draw) {
    Proof proof(draw.below(70));
    for (Sha256& hash : proof) {
        hash.bytes[0] = draw.byte();
    }
    const std::uint64_t a = draw.u64() >> draw.below(64);
    const std::uint64_t b = draw.u64() >> draw.below(64);
    ATTACCA_CHECK(!verify_inclusion(leaves()[0], {a, b}, proof, leaves()[1]));
    ATTACCA_CHECK(!verify_consistency({a, leaves()[0]}, {b, leaves()[1]}, proof));
}

void test(std::string_view input) {
    fuzz::Draw draw(input);
    const Tree tree = tree_of(draw.below(leaves_max));
    ATTACCA_CHECK(tree.root() == naive_root({leaves().data(), tree.size()}));
    const std::size_t place = draw.below(leaves_max);
    check_inclusion(place, tree, draw);
    check_consistency(place, tree, draw);
    check_garbage(draw);
}

}  // namespace
}  // namespace attacca::core

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    attacca::core::test(attacca::fuzz::text_of(data, size));
    return 0;
}
