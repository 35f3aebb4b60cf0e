// SPDX-License-Identifier: Apache-2.0
#include "base/sealing.h"

#include <gtest/gtest.h>

#include "base/bytes.h"

namespace attacca {
namespace {

const SealSecret seal_secret{std::string(32, 'k')};
const Uuid seal_key = uuid_v7({1'000}, 1, 2);

TEST(Sealing, ComesBackUnderItsKeyAlone) {
    for (const std::size_t size : {0U, 1U, 1000U, 100'000U}) {
        const std::string text(size, 'x');
        const std::string sealed = seal(seal_key, seal_secret, "1", text);
        EXPECT_EQ(sealed.size(), size + sealed_overhead);
        EXPECT_EQ(sealed_by(sealed), seal_key);
        EXPECT_EQ(unseal(seal_secret, sealed).value(), text);
        EXPECT_FALSE(unseal(SealSecret(std::string(32, 'l')), sealed));
    }
}

TEST(Sealing, EqualInputGivesEqualBytesAndAnotherPlaceOthers) {
    const std::string one = seal(seal_key, seal_secret, "1", "text");
    EXPECT_EQ(one, seal(seal_key, seal_secret, "1", "text"));
    const std::string two = seal(seal_key, seal_secret, "2", "text");
    EXPECT_NE(one, two);
    // Nothing but the prefix and the key's id is the same: neither commitments nor ciphertexts.
    EXPECT_NE(one.substr(33, 16), two.substr(33, 16));
    EXPECT_NE(one.substr(49, 32), two.substr(49, 32));
    EXPECT_NE(one.substr(81), two.substr(81));
    EXPECT_EQ(one.find("text"), std::string::npos);
}

TEST(Sealing, EveryBitCounts) {
    const std::string sealed = seal(seal_key, seal_secret, "1", "text");
    for (std::size_t i = 0; i < sealed.size() * 8; ++i) {
        std::string changed = sealed;
        changed[i / 8] = static_cast<char>(changed[i / 8] ^ (1 << (i % 8)));
        EXPECT_FALSE(unseal(seal_secret, changed)) << i;
    }
    for (std::size_t i = 0; i < sealed.size(); ++i) {
        EXPECT_FALSE(unseal(seal_secret, std::string_view(sealed).substr(0, i))) << i;
    }
}

TEST(Sealing, TellsWhatIsNotSealed) {
    EXPECT_EQ(sealed_by(""), std::nullopt);
    EXPECT_EQ(sealed_by(R"({"params":{}})"), std::nullopt);
    EXPECT_EQ(sealed_by(sealed_prefix), std::nullopt);
}

}  // namespace
}  // namespace attacca
