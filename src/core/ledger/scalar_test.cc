// SPDX-License-Identifier: Apache-2.0
#include "core/ledger/scalar.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string>

#include <gtest/gtest.h>

#include "base/json.h"
#include "core/ledger/profile.h"
#include "core/ledger/random_record_for_test.h"

namespace attacca::core {
namespace {

TEST(Scalar, InstantsReadBackOverTheWholeCalendar) {
    RandomRecords random(3);
    std::string text;
    for (int i = 0; i < 50'000; ++i) {
        // Years 0000 to 9999.
        const WallTime at{static_cast<std::int64_t>(random.draw() % 315'569'520'000'000'000U) -
                          62'167'219'200'000'000};
        text.clear();
        append_rfc3339(text, at);
        ASSERT_EQ(instant_of(text), at) << text;
    }
    EXPECT_EQ(instant_of("0000-01-01T00:00:00.000000Z")->us, -62'167'219'200'000'000);
    EXPECT_EQ(instant_of("9999-12-31T23:59:59.999999Z")->us, 253'402'300'799'999'999);
    EXPECT_EQ(instant_of("2024-02-29T12:00:00.000001Z")->us, 1'709'208'000'000'001);
}

TEST(Scalar, AnInstantHasOneForm) {
    for (const std::string_view text : {
             "",
             "2026-01-01T00:00:00Z",
             "2026-01-01T00:00:00.123Z",
             "2026-01-01t00:00:00.123456Z",
             "2026-01-01T00:00:00.123456z",
             "2026-01-01 00:00:00.123456Z",
             "2026-01-01T00:00:00.12345+0",
             "2026-01-01T00:00:00.1+00:00",
             "2026-13-01T00:00:00.123456Z",
             "2026-00-01T00:00:00.123456Z",
             "2026-01-00T00:00:00.123456Z",
             "2026-04-31T00:00:00.123456Z",
             "2025-02-29T00:00:00.123456Z",
             "2100-02-29T00:00:00.123456Z",
             "2026-01-01T24:00:00.123456Z",
             "2026-01-01T00:60:00.123456Z",
             "2026-01-01T00:00:60.123456Z",
             "-026-01-01T00:00:00.123456Z",
         }) {
        EXPECT_EQ(instant_of(text), std::nullopt) << text;
    }
    EXPECT_TRUE(instant_of("2000-02-29T00:00:00.000000Z").has_value());
}

TEST(Scalar, Base64OfEveryLengthReadsBack) {
    RandomRecords random(4);
    for (std::size_t size = 1; size <= 48; ++size) {
        std::string bytes(size, '\0');
        for (char& byte : bytes) {
            byte = static_cast<char>(random.draw());
        }
        std::array<std::uint8_t, 48> out{};
        ASSERT_TRUE(read_base64(base64(bytes), out.data(), size));
        for (std::size_t i = 0; i < size; ++i) {
            ASSERT_EQ(static_cast<char>(out[i]), bytes[i]);
        }
    }
}

TEST(Scalar, Base64IsStrict) {
    std::array<std::uint8_t, 16> out{};
    EXPECT_TRUE(read_base64("AAAAAAAAAAAAAAAAAAAAAA==", out.data(), 16));
    for (const std::string_view text : {
             "AAAAAAAAAAAAAAAAAAAAAB==",  // bits that mean nothing
             "AAAAAAAAAAAAAAAAAAAAAA=A",
             "AAAAAAAAAAAAAAAAAAAAAAA=",
             "AAAAAAAAAAAAAAAAAAAAA===",
             "AAAAAAAAAAAAAAAAAAAAA-==",
             "AAAAAAAAAAAAAAAAAAAAA ==",
             "AAAAAAAAAAAAAAAAAAAAAA",
             "",
         }) {
        EXPECT_FALSE(read_base64(text, out.data(), 16)) << text;
    }
}

TEST(Scalar, ABase64DigitIsWrongWhereverItStands) {
    constexpr std::string_view digits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::array<std::uint8_t, 32> out{};
    for (const std::size_t size : {std::size_t{16}, std::size_t{17}, std::size_t{30},
                                   std::size_t{32}}) {
        const std::string right = base64(std::string(size, '\0'));
        const std::size_t count = std::min(right.find('='), right.size());
        for (std::size_t at = 0; at < count; ++at) {
            for (int byte = 0; byte < 256; ++byte) {
                std::string text = right;
                text[at] = static_cast<char>(byte);
                const bool is_read = read_base64(text, out.data(), size);
                const bool is_last = at + 1 == count;
                if (digits.find(static_cast<char>(byte)) == digits.npos) {
                    ASSERT_FALSE(is_read) << text;
                } else if (!is_last || right.back() != '=') {
                    ASSERT_TRUE(is_read) << text;
                    ASSERT_EQ(base64(
                                  std::string(out.begin(), out.begin() + size)), text);
                }
            }
        }
    }
}

TEST(Scalar, TextsReadBackWhateverTheyHold) {
    RandomRecords random(5);
    for (int i = 0; i < 20'000; ++i) {
        const std::string text = random.text();
        std::string raw;
        append_json_string(raw, text);
        std::string out = "old";
        ASSERT_TRUE(read_text(raw, out));
        ASSERT_EQ(out, text) << raw;
    }
    std::string out;
    EXPECT_FALSE(read_text("1", out));
    EXPECT_FALSE(read_text("true", out));
    EXPECT_FALSE(read_text("", out));
}

TEST(Scalar, PlainTextHasNoEscape) {
    EXPECT_EQ(plain_text_of(R"("abc")"), "abc");
    EXPECT_EQ(plain_text_of(R"("")"), "");
    EXPECT_EQ(plain_text_of(R"("a\n")"), std::nullopt);
    EXPECT_EQ(plain_text_of("1"), std::nullopt);
    EXPECT_EQ(plain_text_of(""), std::nullopt);
}

TEST(Scalar, AnIntegerIsAStringExactlyBeyondTwoToThe53) {
    std::uint64_t number = 0;
    EXPECT_TRUE(read_u64("9007199254740991", number));
    EXPECT_EQ(number, record_integer_max);
    EXPECT_TRUE(read_u64(R"("9007199254740992")", number));
    EXPECT_EQ(number, record_integer_max + 1);
    EXPECT_TRUE(read_u64(R"("18446744073709551615")", number));
    EXPECT_EQ(number, std::numeric_limits<std::uint64_t>::max());
    for (const std::string_view raw : {R"("9007199254740991")", R"("1")", R"("")", "-1", "true",
                                       R"("18446744073709551616")", R"("09007199254740992")"}) {
        EXPECT_FALSE(read_u64(raw, number)) << raw;
    }
    std::int64_t integer = 0;
    EXPECT_TRUE(read_i64("-9007199254740991", integer));
    EXPECT_EQ(integer, -9'007'199'254'740'991);
    EXPECT_TRUE(read_i64(R"("-9223372036854775808")", integer));
    EXPECT_EQ(integer, std::numeric_limits<std::int64_t>::min());
    for (const std::string_view raw : {R"("-9007199254740991")", R"("-1")", R"("-")",
                                       R"("9223372036854775808")", R"("-09007199254740992")"}) {
        EXPECT_FALSE(read_i64(raw, integer)) << raw;
    }
    EXPECT_EQ(number_of("0"), 0U);
    EXPECT_EQ(number_of(R"("0")"), std::nullopt);
    EXPECT_EQ(number_of("-1"), std::nullopt);
    EXPECT_EQ(number_of(""), std::nullopt);
}

}  // namespace
}  // namespace attacca::core
