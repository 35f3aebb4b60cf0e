// SPDX-License-Identifier: Apache-2.0
#include "base/digest.h"

#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace attacca {
namespace {

struct DigestVector {
    std::string message;
    std::string digest;
};

// The examples that go with FIPS 180-4, and the message of a million letters.
const std::vector<DigestVector>& fips_vectors() {
    static const std::vector<DigestVector> vectors = {
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
        {"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqr"
         "lmnopqrsmnopqrstnopqrstu",
         "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"},
        {std::string(1'000'000, 'a'),
         "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
    };
    return vectors;
}

TEST(Sha256, AgreesWithTheVectorsOfFips180) {
    for (const auto& [message, digest] : fips_vectors()) {
        EXPECT_EQ(hex(sha256(message)), digest);
    }
}

TEST(Sha256, OfPartsIsThatOfTheWhole) {
    const Sha256 whole = sha256("abcdef");
    EXPECT_EQ(sha256({"abc", "def"}), whole);
    EXPECT_EQ(sha256({"", "a", "", "bcde", "f", ""}), whole);
    EXPECT_EQ(sha256(std::initializer_list<std::string_view>{}), sha256(""));
}

TEST(Sha256, IsTheSameInEveryThread) {
    std::vector<std::thread> threads;
    std::vector<Sha256> digests(4);
    for (Sha256& digest : digests) {
        threads.emplace_back([&digest] {
            for (int i = 0; i < 1000; ++i) {
                digest = sha256("abc");
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    for (const Sha256& digest : digests) {
        EXPECT_EQ(hex(digest), fips_vectors()[1].digest);
    }
}

TEST(Sha256Stream, AgreesWithTheOneShotFormForEveryCut) {
    const std::string message(200, 'm');
    const Sha256 whole = sha256(message);
    for (std::size_t cut = 0; cut <= message.size(); ++cut) {
        Sha256Stream stream;
        stream.update(std::string_view(message).substr(0, cut));
        stream.update(std::string_view(message).substr(cut));
        EXPECT_EQ(stream.finish(), whole);
    }
}

TEST(Sha256Stream, IsEmptyAfterFinish) {
    Sha256Stream stream;
    stream.update("abc");
    EXPECT_EQ(stream.finish(), sha256("abc"));
    EXPECT_EQ(stream.finish(), sha256(""));
    stream.update("abc");
    EXPECT_EQ(stream.finish(), sha256("abc"));
}

TEST(Sha256Stream, CarriesItsStateWhenMoved) {
    Sha256Stream first;
    first.update("ab");
    Sha256Stream second = std::move(first);
    second.update("c");
    Sha256Stream third;
    third = std::move(second);
    EXPECT_EQ(third.finish(), sha256("abc"));
}

TEST(Sha256Stream, IsIndependentOfTheOneShotForm) {
    Sha256Stream stream;
    stream.update("ab");
    (void)sha256("between");
    stream.update("c");
    EXPECT_EQ(stream.finish(), sha256("abc"));
}

TEST(Sha256StreamDeathTest, StopsWhenUsedAfterAMove) {
    Sha256Stream first;
    const Sha256Stream second = std::move(first);
    EXPECT_DEATH(first.update("x"), "check failed");  // NOLINT(bugprone-use-after-move)
}

}  // namespace
}  // namespace attacca
