// SPDX-License-Identifier: Apache-2.0
#include "base/uuid.h"

#include <limits>

#include <gtest/gtest.h>

namespace attacca {
namespace {

// RFC 9562, appendix A.6: the instant and the random bits of the example.
constexpr WallTime example_at{1'645'557'742'000'000};
constexpr std::uint64_t example_high = 0xCC3;
constexpr std::uint64_t example_low = 0x18C4DC0C0C07398F << 2U;
constexpr std::string_view example_text = "017f22e2-79b0-7cc3-98c4-dc0c0c07398f";

TEST(Uuid, AgreesWithTheExampleOfTheRfc) {
    EXPECT_EQ(uuid_v7(example_at, example_high, example_low).text(), example_text);
}

TEST(Uuid, HasVersionSevenAndTheVariantWhateverTheRandomBits) {
    constexpr auto ones = std::numeric_limits<std::uint64_t>::max();
    EXPECT_EQ(uuid_v7({0}, 0, 0).text(), "00000000-0000-7000-8000-000000000000");
    EXPECT_EQ(uuid_v7({0}, ones, ones).text(), "00000000-0000-7fff-bfff-ffffffffffff");
    EXPECT_EQ(uuid_v7({-1}, 0, 0), uuid_v7({0}, 0, 0));
}

TEST(Uuid, SortsByTimeOfCreation) {
    constexpr auto ones = std::numeric_limits<std::uint64_t>::max();
    const Uuid early = uuid_v7({1'000'000}, ones, ones);
    const Uuid late = uuid_v7({1'001'000}, 0, 0);
    EXPECT_LT(early, late);
    EXPECT_LT(early.text(), late.text());
}

TEST(Uuid, ReadsBackItsText) {
    const auto uuid = Uuid::parse(example_text);
    ASSERT_TRUE(uuid.has_value());
    EXPECT_EQ(uuid->text(), example_text);
    EXPECT_EQ(uuid->bytes[0], 0x01);
    EXPECT_EQ(uuid->bytes[15], 0x8f);
    std::string out = "id=";
    uuid->append_text(out);
    EXPECT_EQ(out, "id=" + std::string(example_text));
}

TEST(Uuid, AcceptsAnyVersion) {
    EXPECT_TRUE(Uuid::parse("00000000-0000-0000-0000-000000000000").has_value());
    EXPECT_TRUE(Uuid::parse("ffffffff-ffff-ffff-ffff-ffffffffffff").has_value());
}

TEST(Uuid, RefusesEveryOtherForm) {
    for (const auto text : {
             "",
             "017F22E2-79B0-7CC3-98C4-DC0C0C07398F",
             "017f22e279b07cc398c4dc0c0c07398f",
             "{017f22e2-79b0-7cc3-98c4-dc0c0c07398f}",
             "017f22e2-79b0-7cc3-98c4-dc0c0c07398",
             "017f22e2-79b0-7cc3-98c4-dc0c0c07398f0",
             "017f22e2-79b0-7cc3-98c4-dc0c0c07398g",
             "017f22e2-79b0-7cc3-98c4 dc0c0c07398f",
             "017f22e-279b0-7cc3-98c4-dc0c0c07398f",
             "-17f22e2-79b0-7cc3-98c4-dc0c0c07398f",
         }) {
        EXPECT_EQ(Uuid::parse(text), std::nullopt) << text;
    }
}

TEST(Uuid, RefusesAForeignByteAtEveryPlace) {
    for (std::size_t at = 0; at < example_text.size(); ++at) {
        for (const char byte : {'g', 'F', '/', ':', '`', '\0', '\xff'}) {
            std::string text(example_text);
            text[at] = byte;
            EXPECT_EQ(Uuid::parse(text), std::nullopt) << at;
        }
    }
}

TEST(Uuid, IsMadeOfItsBytes) {
    const Uuid uuid = uuid_v7(example_at, example_high, example_low);
    EXPECT_EQ(Uuid::of_bytes(uuid.view()), uuid);
}

TEST(UuidDeathTest, StopsOnAnotherNumberOfBytes) {
    EXPECT_DEATH((void)Uuid::of_bytes("fifteen bytes.."), "check failed");
}

TEST(Uuid, IsOrderedByItsBytes) {
    for (std::size_t i = 0; i < 16; ++i) {
        Uuid less;
        Uuid greater;
        less.bytes[i] = 0x7F;
        greater.bytes[i] = 0x80;
        // What stands behind the first difference does not count.
        for (std::size_t later = i + 1; later < 16; ++later) {
            less.bytes[later] = 0xFF;
        }
        EXPECT_LT(less, greater) << i;
        EXPECT_GT(greater, less) << i;
        EXPECT_NE(less, greater) << i;
        EXPECT_EQ(less <=> less, std::strong_ordering::equal) << i;
    }
}

}  // namespace
}  // namespace attacca
