// SPDX-License-Identifier: Apache-2.0
#include "http/query.h"

#include <gtest/gtest.h>

namespace attacca::http {
namespace {

TEST(PercentDecoded, IsStrict) {
    EXPECT_EQ(percent_decoded("a%20b+c", true), "a b c");
    EXPECT_EQ(percent_decoded("a+b", false), "a+b");
    EXPECT_EQ(percent_decoded("%e2%82%AC", false), "\xe2\x82\xac");
    EXPECT_EQ(percent_decoded("", false), "");
    for (const char* bad : {"%", "%2", "%zz", "a%2", "%%20", "%-1"}) {
        EXPECT_EQ(percent_decoded(bad, false), std::nullopt) << bad;
    }
}

TEST(Query, GivesEachParameterOnce) {
    Query query = *Query::parse("a=1&b=x%26y&&c&tag=p,q&tag=r");
    EXPECT_EQ(query.take("a"), "1");
    EXPECT_EQ(query.take("a"), std::nullopt);
    EXPECT_EQ(query.take("b"), "x&y");
    EXPECT_EQ(query.take("c"), "");
    EXPECT_EQ(query.take_list("tag"), (std::vector<std::string>{"p", "q", "r"}));
    EXPECT_TRUE(query.finish());
}

TEST(Query, WhatIsLeftOverIsRefused) {
    Query query = *Query::parse("a=1&a=2&colour=red");
    EXPECT_EQ(query.take("a"), "1");
    const auto twice = query.finish();
    ASSERT_FALSE(twice);
    EXPECT_EQ(twice.error().problem, Problem::query_invalid);
    EXPECT_EQ(query.take("a"), "2");
    ASSERT_FALSE(query.finish());
    EXPECT_NE(query.finish().error().detail.find("colour"), std::string::npos);
}

TEST(Query, NumbersStayInTheirRange) {
    Query query = *Query::parse("a=5&b=-1&c=11&d=99999999999999999999&e=");
    EXPECT_EQ(*query.take_number("a", 1, 1, 10), 5U);
    EXPECT_EQ(*query.take_number("absent", 7, 1, 10), 7U);
    for (const char* name : {"b", "c", "d", "e"}) {
        EXPECT_FALSE(query.take_number(name, 1, 1, 10)) << name;
    }
}

TEST(Query, ReadsInstantsAndTruth) {
    Query query = *Query::parse("at=1970-01-01T00:00:01Z&bad=now&yes&no=false&odd=maybe");
    EXPECT_EQ((*query.take_time("at"))->us, 1'000'000);
    EXPECT_FALSE(*query.take_time("absent"));
    EXPECT_FALSE(query.take_time("bad"));
    EXPECT_TRUE(*query.take_bool("yes"));
    EXPECT_FALSE(*query.take_bool("no"));
    EXPECT_FALSE(*query.take_bool("absent"));
    EXPECT_FALSE(query.take_bool("odd"));
}

TEST(Query, RefusesWhatIsNoText) {
    EXPECT_FALSE(Query::parse("a=%f"));
    EXPECT_FALSE(Query::parse("a=%ff")) << "not UTF-8";
    EXPECT_FALSE(Query::parse("%=1"));
}

}  // namespace
}  // namespace attacca::http
