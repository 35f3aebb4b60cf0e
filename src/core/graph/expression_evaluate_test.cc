// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>

#include "core/graph/sample_names.h"

namespace attacca::core {
namespace {

const SampleNames names(R"({
    "params": {"ports": 1000, "name": "web", "empty": "", "ratio": 1.5, "flag": true},
    "nodes": {"a": {"status": "succeeded", "outputs": {"hosts": [{"address": "::1"}, "x"]}},
              "a-b": {"status": "failed"}},
    "host": {"address": "127.0.0.1", "ports": [80, 443]}
})");

std::string yield(std::string_view text) {
    return yield_of(text, names);
}

TEST(ExpressionEvaluate, PathsReachMembersAndElements) {
    EXPECT_EQ(yield("params.ports"), "1000");
    EXPECT_EQ(yield("nodes.a.outputs.hosts[0].address"), "\"::1\"");
    EXPECT_EQ(yield("nodes['a-b']['status']"), "\"failed\"");
    EXPECT_EQ(yield("host.ports[length(host.ports) == 2]"),
              "error: an array takes an integer index and an object a string, not an array"
              "[a boolean]");
    EXPECT_EQ(yield("host['address']"), "\"127.0.0.1\"");
    EXPECT_EQ(yield("host.ports"), "[80,443]");
}

TEST(ExpressionEvaluate, WhatIsMissingIsNull) {
    EXPECT_EQ(yield("params.nothing"), "null");
    EXPECT_EQ(yield("params.nothing.at.all[3]"), "null");
    EXPECT_EQ(yield("host.ports[2]"), "null");
    EXPECT_EQ(yield("host.ports[-1]"), "null");
    EXPECT_EQ(yield("host['nothing']"), "null");
}

TEST(ExpressionEvaluate, AScalarHasNoMembers) {
    EXPECT_EQ(yield("params.name.size"), "error: `.size` cannot take a string");
    EXPECT_EQ(yield("params.ports[0]"),
              "error: an array takes an integer index and an object a string, not an integer"
              "[an integer]");
}

TEST(ExpressionEvaluate, AnUnknownRootIsAnError) {
    EXPECT_EQ(yield("secret.key"), "error: unknown root secret");
}

TEST(ExpressionEvaluate, EqualityNeverFailsAndDiffersByType) {
    EXPECT_EQ(yield("params.ports == 1000"), "true");
    EXPECT_EQ(yield("params.ports == '1000'"), "false");
    EXPECT_EQ(yield("params.ports != '1000'"), "true");
    EXPECT_EQ(yield("null == params.nothing"), "true");
    EXPECT_EQ(yield("null == false"), "false");
    EXPECT_EQ(yield("[1, 'a'] == [1, 'a']"), "true");
    EXPECT_EQ(yield(R"(from_json('{"a":1,"b":2}') == from_json('{"b":2,"a":1}'))"), "true");
    EXPECT_EQ(yield("from_json('1.0') == 1"), "true");
}

TEST(ExpressionEvaluate, AnOrderingNeedsTwoOfAKind) {
    EXPECT_EQ(yield("2 < 10"), "true");
    EXPECT_EQ(yield("2 >= 10"), "false");
    EXPECT_EQ(yield("3 <= 3 && 3 >= 3"), "true");
    EXPECT_EQ(yield("3 > 3 || 3 < 3"), "false");
    EXPECT_EQ(yield("'10' < '2'"), "true");
    EXPECT_EQ(yield("params.ratio > 1"), "true");
    EXPECT_EQ(yield("1 < 'a'"),
              "error: an ordering needs two numbers or two strings, not an integer and a string");
    EXPECT_EQ(yield("null < 1"),
              "error: an ordering needs two numbers or two strings, not null and an integer");
}

TEST(ExpressionEvaluate, AndBindsTighterThanOrAndBothYieldBooleans) {
    EXPECT_EQ(yield("true || false && false"), "true");
    EXPECT_EQ(yield("(true || false) && false"), "false");
    EXPECT_EQ(yield("'x' && 3"), "true");
    EXPECT_EQ(yield("'' || 0"), "false");
    EXPECT_EQ(yield("!'x' == false"), "true");
    EXPECT_EQ(yield("!!5"), "true");
    EXPECT_EQ(yield("false || false || 'x'"), "true");
}

TEST(ExpressionEvaluate, WhatIsSkippedIsNotEvaluated) {
    EXPECT_EQ(yield("false && 1 < 'a'"), "false");
    EXPECT_EQ(yield("true || 1 < 'a'"), "true");
    EXPECT_EQ(yield("true && 1 < 'a' || true").substr(0, 6), "error:");
}

TEST(ExpressionEvaluate, ConditionsAreFalseForEmptyThings) {
    for (const char* text : {"false", "null", "0", "''", "[]", "from_json('{}')",
                             "from_json('0.0')", "from_json('-0e5')"}) {
        EXPECT_FALSE(Expression::parse(text)->holds(names).value()) << text;
    }
    for (const char* text : {"true", "-1", "'0'", "[null]", "from_json('0.1')", "host"}) {
        EXPECT_TRUE(Expression::parse(text)->holds(names).value()) << text;
    }
}

TEST(ExpressionEvaluate, SucceededAndFailedAskTheNeeds) {
    SampleNames failed("{}");
    failed.has_succeeded = false;
    EXPECT_EQ(yield_of("succeeded() || failed()", names), "true");
    EXPECT_EQ(yield_of("succeeded()", failed), "false");
    EXPECT_EQ(yield_of("failed()", failed), "true");
    EXPECT_EQ(yield_of("always()", failed), "true");
}

TEST(ExpressionEvaluate, LargeValuesUseTheStepsUp) {
    Json big = Json::object();
    big.set("text", std::string(1000000, 'x'));
    const SampleNames large(Json(Json::Object{{"params", big}}));
    EXPECT_EQ(yield_of("length(params.text)", large), "1000000");
    std::string text = "[params.text";
    for (int i = 0; i < 20; ++i) {
        text += ", params.text";
    }
    EXPECT_EQ(yield_of(text + "]", large),
              "error: the expression needs more than 10000 steps, or its values are too large");
}

TEST(ExpressionEvaluate, RandomExpressionsNeverCrash) {
    const std::string_view values[] = {"params.ports", "params.name", "host", "null", "-7", "'a'",
                                       "[1, 'x']", "nodes.a.outputs", "params.ratio", "true"};
    const std::string_view joints[] = {" == ", " != ", " < ", " >= ", " && ", " || "};
    const std::string_view calls[] = {"length(", "to_json(", "from_json(", "!(", "(", "[("};
    std::uint64_t seed = 7;
    const auto draw = [&seed](std::uint64_t below) {
        seed = seed * 6364136223846793005U + 1442695040888963407U;
        return (seed >> 33U) % below;
    };
    std::size_t good = 0;
    for (int i = 0; i < 100000; ++i) {
        std::string text(values[draw(std::size(values))]);
        for (std::uint64_t left = draw(5); left > 0; --left) {
            if (draw(2) == 0) {
                text = "(" + text + ")" + std::string(joints[draw(std::size(joints))]) +
                       std::string(values[draw(std::size(values))]);
            } else {
                const std::string_view call = calls[draw(std::size(calls))];
                text = std::string(call) + text + (call == "[(" ? ")]" : ")");
            }
        }
        const auto parsed = Expression::parse(text);
        ASSERT_TRUE(parsed) << text;
        good += parsed->evaluate(names) ? 1U : 0U;
    }
    EXPECT_GT(good, 10000U);
    EXPECT_LT(good, 100000U);
}

}  // namespace
}  // namespace attacca::core
