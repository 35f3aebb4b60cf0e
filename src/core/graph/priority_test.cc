// SPDX-License-Identifier: Apache-2.0
#include "core/graph/priority.h"

#include <gtest/gtest.h>

namespace attacca::core {
namespace {

TEST(PriorityValue, NamesAndNumbersMeanTheSame) {
    EXPECT_EQ(parse_priority("high").value(), Priority::high);
    EXPECT_EQ(parse_priority("medium").value(), Priority::medium);
    EXPECT_EQ(parse_priority("low").value(), Priority::low);
    const Priority expected[] = {Priority::high,   Priority::high,   Priority::high,
                                 Priority::medium, Priority::medium, Priority::medium,
                                 Priority::medium, Priority::low,    Priority::low,
                                 Priority::low};
    for (int i = 1; i <= 10; ++i) {
        EXPECT_EQ(parse_priority(i).value(), expected[i - 1]) << i;
    }
}

TEST(PriorityValue, OthersAreOutOfRange) {
    for (const Json& value : {Json(-1), Json(0), Json(11), Json(std::int64_t{1} << 31U),
                              Json("urgent"), Json("High"), Json("")}) {
        EXPECT_EQ(parse_priority(value).error().problem, Problem::out_of_range) << value.text();
    }
    for (const Json& value : {Json(), Json(true), Json::array()}) {
        EXPECT_EQ(parse_priority(value).error().problem, Problem::wrong_type) << value.text();
    }
    EXPECT_EQ(parse_priority(Json(Json::Decimal{"1.5"})).error().problem, Problem::json_number);
}

}  // namespace
}  // namespace attacca::core
