// SPDX-License-Identifier: Apache-2.0
#include "core/graph/expression_functions.h"

#include <gtest/gtest.h>

#include "core/graph/sample_names.h"

namespace attacca::core {
namespace {

const SampleNames some_names(R"({"params": {"list": ["a", 2, true], "object": {"k": null},
                                       "text": "häuser", "nested": [[1]]}})");

std::string call_of(std::string_view text) {
    return yield_of(text, some_names);
}

TEST(ExpressionFunctions, LengthCountsCharactersElementsAndMembers) {
    EXPECT_EQ(call_of("length(params.text)"), "6");
    EXPECT_EQ(call_of("length(params.list)"), "3");
    EXPECT_EQ(call_of("length(params.object)"), "1");
    EXPECT_EQ(call_of("length(null)"), "error: length(): it cannot take null");
    EXPECT_EQ(call_of("length(default(params.none, []))"), "0");
}

TEST(ExpressionFunctions, ContainsLooksIntoArraysObjectsAndStrings) {
    EXPECT_EQ(call_of("contains(params.list, 2)"), "true");
    EXPECT_EQ(call_of("contains(params.list, '2')"), "false");
    EXPECT_EQ(call_of("contains(params.object, 'k')"), "true");
    EXPECT_EQ(call_of("contains(params.text, 'us')"), "true");
    EXPECT_EQ(call_of("contains(params.text, 3)"), "error: contains(): it cannot take an integer");
    EXPECT_EQ(call_of("contains(3, 3)"), "error: contains(): it cannot take an integer");
}

TEST(ExpressionFunctions, StartsWithComparesStrings) {
    EXPECT_EQ(call_of("starts_with('abc', 'ab')"), "true");
    EXPECT_EQ(call_of("starts_with('abc', 'bc')"), "false");
    EXPECT_EQ(call_of("starts_with(1, 'a')"), "error: starts_with(): it cannot take an integer");
}

TEST(ExpressionFunctions, MatchesFindsAPatternAnywhere) {
    EXPECT_EQ(call_of("matches('web-01', '[0-9]+')"), "true");
    EXPECT_EQ(call_of("matches('web-01', '^[0-9]+$')"), "false");
    EXPECT_EQ(call_of("matches(3, 'x')"), "error: matches(): it cannot take an integer");
    EXPECT_EQ(call_of("matches('a', join(['('], ''))").substr(0, 18), "error: matches(): ");
}

TEST(ExpressionFunctions, MatchingIsChargedByTheLengthOfTheText) {
    Json params = Json::object();
    params.set("text", std::string(60000, 'a'));
    const SampleNames large(Json(Json::Object{{"params", params}}));
    EXPECT_EQ(yield_of("matches(params.text, '(a*)*b')", large), "false");
    std::string text = "matches(params.text, 'b')";
    for (int i = 0; i < 10; ++i) {
        text += " || matches(params.text, 'b')";
    }
    EXPECT_EQ(yield_of(text, large),
              "error: the expression needs more than 10000 steps, or its values are too large");
}

TEST(ExpressionFunctions, DefaultReplacesNullAndTheEmptyString) {
    EXPECT_EQ(call_of("default(params.none, 'b')"), "\"b\"");
    EXPECT_EQ(call_of("default('', 'b')"), "\"b\"");
    EXPECT_EQ(call_of("default(0, 'b')"), "0");
    EXPECT_EQ(call_of("default(false, 'b')"), "false");
}

TEST(ExpressionFunctions, JsonGoesOutAndComesBack) {
    EXPECT_EQ(call_of("to_json(params.list)"), R"("[\"a\",2,true]")");
    EXPECT_EQ(call_of("from_json(to_json(params.list)) == params.list"), "true");
    EXPECT_EQ(call_of("from_json('{')").substr(0, 20), "error: from_json(): ");
    EXPECT_EQ(call_of("from_json(1)"), "error: from_json(): it cannot take an integer");
}

TEST(ExpressionFunctions, JoinTakesScalarsOnly) {
    EXPECT_EQ(call_of("join(params.list, ', ')"), "\"a, 2, true\"");
    EXPECT_EQ(call_of("join([], ',')"), "\"\"");
    EXPECT_EQ(call_of("join(params.nested, ',')"), "error: join(): it cannot take an array");
    EXPECT_EQ(call_of("join([null], ',')"), "error: join(): it cannot take null");
    EXPECT_EQ(call_of("join('a', ',')"), "error: join(): it cannot take a string");
}

TEST(ExpressionFunctions, ResultsAreBounded) {
    Json params = Json::object();
    params.set("half", std::string(40000, 'a'));
    params.set("whole", std::string(65536, 'a'));
    const SampleNames large(Json(Json::Object{{"params", params}}));
    EXPECT_EQ(yield_of("join([params.half, params.half], '')", large),
              "error: join(): the result has more than 65536 bytes");
    EXPECT_EQ(yield_of("to_json(params.whole)", large),
              "error: to_json(): the result has more than 65536 bytes");
}

TEST(ExpressionFunctions, ABudgetIsSpentOnce) {
    Budget budget;
    EXPECT_TRUE(budget.charge(9999));
    EXPECT_TRUE(budget.charge_for(Json(std::string(900, 'x'))));
    EXPECT_FALSE(budget.charge_for(Json(std::string(2100, 'x'))));
    EXPECT_FALSE(budget.charge(1));
}

}  // namespace
}  // namespace attacca::core
