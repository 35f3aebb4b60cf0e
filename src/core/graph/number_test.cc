// SPDX-License-Identifier: Apache-2.0
#include "core/graph/number.h"

#include <gtest/gtest.h>

namespace attacca::core {
namespace {

Json number(const char* text) {
    return parse_json(text).value();
}

TEST(Number, ComparesIntegersAndDecimalsExactly) {
    const char* rising[] = {"-1e300", "-10.5", "-10", "-0.001", "0",    "1e-300", "0.1",
                            "0.10001", "1",    "1.5", "9",      "9.99", "10",     "1.1e1",
                            "9223372036854775807", "9223372036854775807.5", "1e300"};
    for (std::size_t i = 0; i < std::size(rising); ++i) {
        for (std::size_t j = 0; j < std::size(rising); ++j) {
            EXPECT_EQ(compare_numbers(number(rising[i]), number(rising[j])), i <=> j)
                << rising[i] << " and " << rising[j];
        }
    }
}

TEST(Number, OneValueHasManySpellings) {
    for (const char* text : {"100.0", "1e2", "1E+2", "0.1e3", "1000e-1"}) {
        EXPECT_EQ(compare_numbers(number(text), Json(100)), std::strong_ordering::equal) << text;
    }
    EXPECT_EQ(compare_numbers(number("-0.0"), Json(0)), std::strong_ordering::equal);
}

TEST(Number, ThousandthsAreExactOrNothing) {
    EXPECT_EQ(thousandths(Json(2)), 2000);
    EXPECT_EQ(thousandths(number("1.5")), 1500);
    EXPECT_EQ(thousandths(number("1.125e0")), 1125);
    EXPECT_EQ(thousandths(number("-0.001")), -1);
    EXPECT_EQ(thousandths(number("0.0")), 0);
    EXPECT_EQ(thousandths(number("0.0001")), std::nullopt);
    EXPECT_EQ(thousandths(number("1e300")), std::nullopt);
    EXPECT_EQ(thousandths(Json(INT64_MAX)), std::nullopt);
}

}  // namespace
}  // namespace attacca::core
