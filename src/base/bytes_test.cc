// SPDX-License-Identifier: Apache-2.0
#include "base/bytes.h"

#include <limits>

#include <gtest/gtest.h>

namespace attacca {
namespace {

using namespace std::string_view_literals;

std::string all_bytes() {
    std::string bytes;
    for (unsigned i = 0; i < 256; ++i) {
        bytes += static_cast<char>(i);
    }
    return bytes;
}

TEST(Hex, WritesLowerCaseDigits) {
    EXPECT_EQ(hex(""), "");
    EXPECT_EQ(hex("\x00\x0f\xa5\xff"sv), "000fa5ff");
}

TEST(Hex, AppendsToWhatIsThere) {
    std::string out = "at ";
    append_hex(out, "\xbe\xef");
    EXPECT_EQ(out, "at beef");
}

TEST(Hex, ReadsBackEveryByte) {
    EXPECT_EQ(unhex(hex(all_bytes())), all_bytes());
    EXPECT_EQ(unhex(""), "");
}

TEST(Hex, RefusesWhatIsNotLowerCaseHexadecimal) {
    for (const auto text : {"a"sv, "abc"sv, "AB"sv, "0g"sv, "g0"sv, " 00"sv, "0x"sv, "\xff\xff"sv,
                            "0\0"sv, "/0"sv, ":0"sv, "`0"sv}) {
        EXPECT_EQ(unhex(text), std::nullopt) << text;
    }
}

TEST(Hex, ReadsADigestOfExactlyThirtyTwoBytes) {
    const std::string text(64, '7');
    const auto digest = sha256_of_hex(text);
    ASSERT_TRUE(digest.has_value());
    EXPECT_EQ(hex(*digest), text);
    EXPECT_EQ(digest->bytes[31], 0x77);
    EXPECT_EQ(sha256_of_hex(std::string(62, '7')), std::nullopt);
    EXPECT_EQ(sha256_of_hex(std::string(66, '7')), std::nullopt);
    EXPECT_EQ(sha256_of_hex(std::string(63, '7') + "G"), std::nullopt);
    EXPECT_EQ(sha256_of_hex(""), std::nullopt);
}

struct Base64Vector {
    std::string_view bytes;
    std::string_view text;
};

// RFC 4648, section 10, and the two digits that are no letters.
constexpr Base64Vector base64_vectors[] = {
    {"", ""},
    {"f", "Zg=="},
    {"fo", "Zm8="},
    {"foo", "Zm9v"},
    {"foob", "Zm9vYg=="},
    {"fooba", "Zm9vYmE="},
    {"foobar", "Zm9vYmFy"},
    {"\xfb\xff\xbf"sv, "+/+/"},
};

TEST(Base64, AgreesWithTheVectorsOfTheRfc) {
    for (const auto& [bytes, text] : base64_vectors) {
        EXPECT_EQ(base64(bytes), text);
        EXPECT_EQ(unbase64(text), bytes);
    }
}

TEST(Base64, ReadsBackEveryLengthAndByte) {
    const std::string bytes = all_bytes();
    for (std::size_t length = 0; length <= bytes.size(); ++length) {
        const auto part = std::string_view(bytes).substr(bytes.size() - length);
        EXPECT_EQ(unbase64(base64(part)), part);
    }
}

TEST(Base64, AppendsToWhatIsThere) {
    std::string out = "sig:";
    append_base64(out, "fo");
    EXPECT_EQ(out, "sig:Zm8=");
}

TEST(Base64, RefusesMissingPadding) {
    for (const auto text : {"Z", "Zg", "Zm8", "Zg=", "Zm9vYg", "Zm9vYg="}) {
        EXPECT_EQ(unbase64(text), std::nullopt) << text;
    }
}

TEST(Base64, RefusesPaddingInTheWrongPlace) {
    for (const auto text : {"====", "=Zg=", "Z===", "Zg==Zg==", "Zm9v====", "Zg=v", "Zm9vZ==="}) {
        EXPECT_EQ(unbase64(text), std::nullopt) << text;
    }
}

TEST(Base64, RefusesTrailingBitsThatAreNotZero) {
    for (const auto text : {"Zh==", "Zk==", "Zv==", "Zm9=", "Zm+=", "Zm8vYm9="}) {
        EXPECT_EQ(unbase64(text), std::nullopt) << text;
    }
}

TEST(Base64, RefusesWhiteSpaceAndOtherAlphabets) {
    for (const auto text : {" Zg==", "Zg==\n", "Zm\nv", "Zm9-", "Zm9_", "Zm9\xff", "Zm9*"}) {
        EXPECT_EQ(unbase64(text), std::nullopt) << text;
    }
    EXPECT_EQ(unbase64("Zm9\0"sv), std::nullopt);
}

TEST(BigEndian, WritesTheHighByteFirst) {
    std::string out;
    append_u16(out, 0x0102);
    append_u32(out, 0x03040506);
    append_u64(out, 0x0708090a0b0c0d0e);
    EXPECT_EQ(hex(out), "0102030405060708090a0b0c0d0e");
}

TEST(BigEndian, ReadsWhatItWrote) {
    constexpr auto max = std::numeric_limits<std::uint64_t>::max();
    for (const std::uint64_t value : {std::uint64_t{0}, std::uint64_t{0x80}, max, max - 1}) {
        std::string out = "x";
        append_u64(out, value);
        append_u32(out, static_cast<std::uint32_t>(value));
        append_u16(out, static_cast<std::uint16_t>(value));
        EXPECT_EQ(read_u64(out, 1), value);
        EXPECT_EQ(read_u32(out, 9), static_cast<std::uint32_t>(value));
        EXPECT_EQ(read_u16(out, 13), static_cast<std::uint16_t>(value));
    }
}

TEST(BigEndianDeathTest, StopsWhenTheBytesDoNotReach) {
    EXPECT_DEATH((void)read_u16("a", 0), "check failed");
    EXPECT_DEATH((void)read_u32("abcd", 1), "check failed");
    EXPECT_DEATH((void)read_u64("abcdefgh", std::string_view::npos), "check failed");
}

TEST(Utf8, AcceptsTheBordersOfEachLength) {
    for (const auto text :
         {""sv, "\0"sv, "\x7f"sv, "\xc2\x80"sv, "\xdf\xbf"sv, "\xe0\xa0\x80"sv, "\xed\x9f\xbf"sv,
          "\xee\x80\x80"sv, "\xef\xbf\xbf"sv, "\xf0\x90\x80\x80"sv, "\xf4\x8f\xbf\xbf"sv,
          "only ASCII, longer than a word"sv, "seven..\xc3\xa9 and more text after it"sv}) {
        EXPECT_TRUE(is_utf8(text)) << hex(text);
    }
}

TEST(Utf8, RefusesOverlongFormsSurrogatesAndWhatIsTooBig) {
    for (const auto text :
         {"\xc0\x80"sv, "\xc1\xbf"sv, "\xe0\x80\x80"sv, "\xe0\x9f\xbf"sv, "\xf0\x80\x80\x80"sv,
          "\xf0\x8f\xbf\xbf"sv, "\xed\xa0\x80"sv, "\xed\xbf\xbf"sv, "\xf4\x90\x80\x80"sv,
          "\xf5\x80\x80\x80"sv, "\xff"sv, "\xfe"sv}) {
        EXPECT_FALSE(is_utf8(text)) << hex(text);
    }
}

TEST(Utf8, RefusesCharactersThatAreNotWhole) {
    for (const auto text : {"\x80"sv, "\xbf"sv, "\xc3"sv, "\xc3("sv, "\xe2\x82"sv, "\xe2(\xac"sv,
                            "\xe2\x82("sv, "\xf0\x9f\x98"sv, "\xf0\x9f\x98("sv}) {
        EXPECT_FALSE(is_utf8(text)) << hex(text);
    }
}

TEST(Utf8, TellsWhereTheFaultIsAtEveryPlace) {
    for (std::size_t at = 0; at < 40; ++at) {
        std::string text(40, 'a');
        text[at] = '\xff';
        EXPECT_EQ(utf8_prefix(text), at);
    }
    EXPECT_EQ(utf8_prefix("é€\xe2\x82"), 5U);
    EXPECT_EQ(utf8_prefix("whole"), 5U);
}

TEST(ParseU64, ReadsWholeNumbersUpToTheMaximum) {
    EXPECT_EQ(parse_u64("0"), 0U);
    EXPECT_EQ(parse_u64("42"), 42U);
    EXPECT_EQ(parse_u64("18446744073709551615"), std::numeric_limits<std::uint64_t>::max());
}

TEST(ParseU64, RefusesEverythingElse) {
    for (const auto text : {"", "00", "01", "+1", "-1", "-0", " 1", "1 ", "1.0", "1e3", "0x1", "a",
                            "18446744073709551616", "99999999999999999999999"}) {
        EXPECT_EQ(parse_u64(text), std::nullopt) << text;
    }
}

}  // namespace
}  // namespace attacca
