// SPDX-License-Identifier: Apache-2.0
#include "adapters/yaml/plain_scalar.h"

#include <gtest/gtest.h>

namespace attacca::yaml {
namespace {

std::string meaning(const char* text) {
    const auto value = plain_scalar(text);
    return value ? value->text() : "refused";
}

TEST(PlainScalar, WordsOfOlderYamlAreText) {
    for (const char* text : {"on", "off", "yes", "no", "y", "N", "1.2.3", "12:30", "0b1", "017x",
                             "0o8", "0xG", "1_000", "tRue", "e5", "-", "+", ".", "1e", "0x", ""}) {
        EXPECT_EQ(meaning(text), "\"" + std::string(text) + "\"");
    }
}

TEST(PlainScalar, BooleansHaveThreeSpellingsEach) {
    EXPECT_EQ(meaning("true") + meaning("True") + meaning("TRUE"), "truetruetrue");
    EXPECT_EQ(meaning("false") + meaning("False") + meaning("FALSE"), "falsefalsefalse");
}

TEST(PlainScalar, IntegersAreDecimalOctalOrHexadecimal) {
    EXPECT_EQ(meaning("12"), "12");
    EXPECT_EQ(meaning("-0"), "-0");
    EXPECT_EQ(meaning("+7"), "7");
    EXPECT_EQ(meaning("017"), "17");
    EXPECT_EQ(meaning("0o17"), "15");
    EXPECT_EQ(meaning("0x1F"), "31");
    EXPECT_EQ(meaning("9223372036854775807"), "9223372036854775807");
    EXPECT_EQ(meaning("0xFFFFFFFFFFFFFFFFF"), "refused");
}

TEST(PlainScalar, OtherNumbersKeepTheirDigits) {
    EXPECT_EQ(meaning("1.50"), "1.50");
    EXPECT_EQ(meaning(".5"), "0.5");
    EXPECT_EQ(meaning("-1."), "-1.0");
    EXPECT_EQ(meaning("007.5"), "7.5");
    EXPECT_EQ(meaning("1e+3"), "1e3");
    EXPECT_TRUE(plain_scalar("1.5")->is_decimal());
}

TEST(PlainScalar, WhatJsonCannotHoldIsRefused) {
    for (const char* text : {".inf", "-.Inf", "+.INF", ".nan", ".NaN", "1e999", "-1e999"}) {
        EXPECT_EQ(meaning(text), "refused") << text;
    }
}

}  // namespace
}  // namespace attacca::yaml
