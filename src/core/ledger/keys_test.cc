// SPDX-License-Identifier: Apache-2.0
#include "core/ledger/keys.h"

#include <gtest/gtest.h>

#include "base/digest.h"
#include "core/ledger/golden_key_for_test.h"
#include "core/ledger/ledger_for_test.h"

namespace attacca::core {
namespace {

const std::string keys_origin(golden_origin);

NoteKey root_for_test() { return {keys_origin, golden_signer().public_key()}; }

Ed25519Signer signer_for_test(std::uint8_t number) {
    Ed25519Seed seed;
    seed.bytes.fill(number);
    return Ed25519Signer(seed);
}

Delegation window_for_test(std::uint8_t key, std::uint64_t from, std::uint64_t to) {
    return {{keys_origin, signer_for_test(key).public_key()}, from, to, sha256("root"),
            WallTime{1'767'225'600'000'000}};
}

std::string delegated(const Delegation& delegation) {
    return delegation_note(delegation, root_for_test(),
                           golden_signer().sign(delegation_text(delegation)));
}

KeyRotated hand_over(std::uint8_t old_key, std::uint8_t key, std::uint8_t next,
                     const Delegation& window) {
    const Ed25519Signer by_key = signer_for_test(key);
    const Ed25519Signer by_old = signer_for_test(old_key);
    KeyRotated rotated;
    rotated.delegation = delegated(window);
    rotated.key = by_key.public_key();
    rotated.next = sha256(signer_for_test(next).public_key().view());
    rotated.old_key = old_key == 0 ? golden_signer().public_key() : by_old.public_key();
    const std::string text = rotation_text(keys_origin, rotated);
    rotated.signature = by_key.sign(text);
    rotated.old_signature = old_key == 0 ? golden_signer().sign(text) : by_old.sign(text);
    return rotated;
}

CheckpointNote note_by(const Ed25519Signer& signer, std::uint64_t size) {
    return *parse_checkpoint(sign_checkpoint(signer, keys_origin, size, sha256("any")));
}

TEST(Keys, ADelegationIsReadBackAsItWasWritten) {
    const Delegation window = window_for_test(1, 7, 100);
    const std::string note = delegated(window);
    const Result<Delegation> opened = open_delegation(note, root_for_test());
    ASSERT_TRUE(opened) << opened.error().detail;
    EXPECT_EQ(*opened, window);
    EXPECT_TRUE(note.starts_with("attacca-delegation/1\nevidence.example/ledger/1\n"));
    EXPECT_NE(note.find("\n7\n100\n"), std::string::npos);
    EXPECT_NE(note.find("\n2026-01-01T00:00:00.000000Z\n\n"), std::string::npos);
}

TEST(Keys, EveryFlipOfOneBitInADelegationIsFound) {
    const std::string note = delegated(window_for_test(1, 7, 100));
    for (std::size_t bit = 0; bit < note.size() * 8; ++bit) {
        std::string changed = note;
        changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
        EXPECT_FALSE(open_delegation(changed, root_for_test())) << bit;
    }
}

TEST(Keys, ADelegationByAnotherKeyOrOfNoWindowIsRefused) {
    const Delegation window = window_for_test(1, 7, 100);
    const Ed25519Signer other = signer_for_test(9);
    const std::string foreign = delegation_note(window, {keys_origin, other.public_key()},
                                                other.sign(delegation_text(window)));
    EXPECT_EQ(open_delegation(foreign, root_for_test()).error().problem, Problem::invalid_value);
    EXPECT_EQ(open_delegation(delegated(window_for_test(1, 7, 7)), root_for_test()).error().problem,
              Problem::corrupt);
    EXPECT_EQ(open_delegation("", root_for_test()).error().problem, Problem::corrupt);
}

TEST(Keys, AKeySignsForTheSizesOfItsWindowOnly) {
    Delegations delegations;
    delegations.add(window_for_test(1, 7, 100));
    const Ed25519Signer signer = signer_for_test(1);
    EXPECT_EQ(delegations.check(note_by(signer, 7), root_for_test()), NoteTrust::outside_window);
    EXPECT_EQ(delegations.check(note_by(signer, 8), root_for_test()), NoteTrust::good);
    EXPECT_EQ(delegations.check(note_by(signer, 100), root_for_test()), NoteTrust::good);
    EXPECT_EQ(delegations.check(note_by(signer, 101), root_for_test()), NoteTrust::outside_window);
    EXPECT_EQ(delegations.check(note_by(signer_for_test(2), 50), root_for_test()),
              NoteTrust::unsigned_by_key);
    EXPECT_EQ(delegations.check(note_by(golden_signer(), 101), root_for_test()), NoteTrust::good);
    delegations.close(signer.public_key(), 50);
    EXPECT_EQ(delegations.check(note_by(signer, 50), root_for_test()), NoteTrust::good);
    EXPECT_EQ(delegations.check(note_by(signer, 51), root_for_test()), NoteTrust::outside_window);
}

TEST(Keys, TheRootsLineDoesNotExcuseThatOfAKeyThatWasHandedOver) {
    Delegations delegations;
    delegations.add(window_for_test(1, 7, 100));
    const auto both = [](std::uint64_t size) {
        const std::string by_key =
            sign_checkpoint(signer_for_test(1), keys_origin, size, sha256("any"));
        const std::string by_root =
            sign_checkpoint(golden_signer(), keys_origin, size, sha256("any"));
        return *parse_checkpoint(by_root + by_key.substr(by_key.find("\n\n") + 2));
    };
    EXPECT_EQ(delegations.check(both(8), root_for_test()), NoteTrust::good);
    EXPECT_EQ(delegations.check(both(101), root_for_test()), NoteTrust::outside_window);
    EXPECT_EQ(check_note(both(8), root_for_test()), NoteTrust::good)
        << "who knows the root alone needs to know no more";
}

TEST(Keys, HandOversFollowEachOther) {
    KeyChain chain(root_for_test());
    EXPECT_FALSE(chain.add(hand_over(0, 1, 2, window_for_test(1, 0, 1000)), keys_origin, 3));
    EXPECT_FALSE(chain.add(hand_over(1, 2, 3, window_for_test(2, 40, 1040)), keys_origin, 44));
    ASSERT_EQ(chain.windows().size(), 2U);
    EXPECT_EQ(chain.windows()[0].to_size, 44U) << "where the key really ended";
    EXPECT_EQ(chain.delegations().check(note_by(signer_for_test(1), 45), root_for_test()),
              NoteTrust::outside_window);
    EXPECT_EQ(chain.newest(keys_origin)->key, signer_for_test(2).public_key());

    const auto wrong = chain.add(hand_over(2, 9, 4, window_for_test(9, 50, 1050)), keys_origin, 60);
    ASSERT_TRUE(wrong);
    EXPECT_TRUE(wrong->is_fork) << "not the key that was named: " << wrong->why;
    const auto late = chain.add(hand_over(2, 3, 4, window_for_test(3, 61, 1061)), keys_origin, 60);
    ASSERT_TRUE(late) << "a window that begins behind its record";
    EXPECT_FALSE(late->is_fork);
    EXPECT_TRUE(chain.add(hand_over(1, 3, 4, window_for_test(3, 50, 1050)), keys_origin, 60))
        << "by a key that does not sign any more";
    KeyRotated unsigned_one = hand_over(2, 3, 4, window_for_test(3, 50, 1050));
    unsigned_one.old_signature = {};
    EXPECT_TRUE(chain.add(unsigned_one, keys_origin, 60));
    EXPECT_TRUE(chain.add(hand_over(2, 3, 4, window_for_test(3, 50, 1050)), "elsewhere", 60));
    EXPECT_FALSE(chain.add(hand_over(2, 3, 4, window_for_test(3, 50, 1050)), keys_origin, 60));
}

// What a restore brings back may be without the key that its own records name.
TEST(Keys, UnderAnotherOriginTheRootBeginsAnew) {
    KeyChain chain(root_for_test());
    ASSERT_FALSE(chain.add(hand_over(0, 1, 2, window_for_test(1, 0, 1000)), keys_origin, 3));
    const std::string later = keys_origin + "/2";
    EXPECT_EQ(chain.newest(later), nullptr);
    Delegation window = window_for_test(7, 60, 1060);
    window.key.name = later;
    const NoteKey root{later, golden_signer().public_key()};
    KeyRotated rotated;
    rotated.delegation =
        delegation_note(window, root, golden_signer().sign(delegation_text(window)));
    rotated.key = window.key.key;
    rotated.next = sha256(signer_for_test(8).public_key().view());
    rotated.old_key = signer_for_test(1).public_key();
    const auto sign = [&](const Ed25519Signer& old_signer) {
        const std::string text = rotation_text(later, rotated);
        rotated.signature = signer_for_test(7).sign(text);
        rotated.old_signature = old_signer.sign(text);
    };
    sign(signer_for_test(1));
    EXPECT_TRUE(chain.add(rotated, later, 70)) << "of a former origin's key";
    rotated.old_key = root.key;
    sign(golden_signer());
    EXPECT_FALSE(chain.add(rotated, later, 70));
    EXPECT_EQ(chain.newest(later)->key, window.key.key);
    EXPECT_EQ(chain.newest(keys_origin), nullptr);
}

// A ledger in which the key 1 signs everything, as the root allowed it for sizes up to `to`.
VerifyReport verified(std::uint64_t from, std::uint64_t to, Sha256 from_root) {
    LedgerWriter writer;
    for (int i = 0; i < 12; ++i) {
        writer.add("thing", "told");
        if (i % 4 == 3) {
            writer.end_batch();
        }
    }
    StoredLedger ledger = writer.ledger;
    Tree tree;
    for (auto& [size, note] : ledger.notes) {
        const CheckpointNote old = *parse_checkpoint(note);
        note = sign_checkpoint(signer_for_test(1), keys_origin, size, old.checkpoint.root);
    }
    VerifyPolicy policy{ledger.key, {}, true};
    Delegation window = window_for_test(1, from, to);
    window.from_root = from_root;
    policy.windows = {window};
    Verifier verifier(std::move(policy));
    std::uint64_t first = 0;
    for (const auto& batch : ledger.batches) {
        const std::vector<std::string_view> views(batch.records.begin(), batch.records.end());
        const std::uint64_t end = first + views.size();
        if (ledger.notes.contains(end)) {
            verifier.add_checkpoint(end, ledger.notes.at(end));
        }
        verifier.add_batch(first, views, batch.root);
        first = end;
    }
    return verifier.finish();
}

TEST(Keys, AVerifierFollowsTheWindows) {
    EXPECT_EQ(verified(0, 100, {}).exit_status, 0);
    const VerifyReport late = verified(0, 8, {});
    EXPECT_EQ(late.exit_status, 3);
    ASSERT_EQ(late.failures.size(), 1U);
    EXPECT_EQ(code_of(late.failures[0].fault), "E_KEYWINDOW");
}

TEST(Keys, AnotherTreeThanTheRootSawIsAFork) {
    const VerifyReport report = verified(4, 100, sha256("another tree"));
    bool is_fork = false;
    for (const Failure& failure : report.failures) {
        is_fork = is_fork || failure.fault == Fault::fork;
    }
    EXPECT_TRUE(is_fork);
}

}  // namespace
}  // namespace attacca::core
