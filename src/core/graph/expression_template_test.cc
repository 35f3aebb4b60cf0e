// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "core/graph/sample_names.h"

namespace attacca::core {
namespace {

const SampleNames values(R"({"params": {"n": 3, "s": "x y", "list": [1], "none": null}})");

TEST(Template, PlainTextIsALiteral) {
    const auto text = Template::parse("echo $HOME {{ }} }}").value();
    EXPECT_TRUE(text.is_literal());
    EXPECT_EQ(text.text(), "echo $HOME {{ }} }}");
    EXPECT_EQ(text.render(values).value(), "echo $HOME {{ }} }}");
    EXPECT_TRUE(text.references().empty());
    EXPECT_FALSE(text.starts_with_expression());
}

TEST(Template, OneExpressionAloneKeepsItsType) {
    EXPECT_EQ(Template::parse("${{ params.n }}")->value(values)->text(), "3");
    EXPECT_EQ(Template::parse("${{ params.list }}")->value(values)->text(), "[1]");
    EXPECT_EQ(Template::parse(" ${{ params.n }}")->value(values)->text(), "\" 3\"");
}

TEST(Template, PartsAreJoinedAsText) {
    const auto text = Template::parse("a ${{params.s}}-${{ params.n == 3 }}!").value();
    EXPECT_EQ(text.render(values).value(), "a x y-true!");
    EXPECT_FALSE(text.is_literal());
}

TEST(Template, NullAndContainersAreNoText) {
    for (const char* text : {"a ${{ params.none }}", "a ${{ params.list }}"}) {
        const auto rendered = Template::parse(text)->render(values);
        ASSERT_FALSE(rendered) << text;
        EXPECT_EQ(rendered.error().problem, Problem::expression_invalid);
    }
}

TEST(Template, BracesInsideAStringDoNotCloseTheExpression) {
    EXPECT_EQ(Template::parse("${{ '}}' }}${{ \"\\\"}}\" }}")->render(values).value(), "}}\"}}");
    EXPECT_EQ(Template::parse("${{ '${{' }}")->render(values).value(), "${{");
}

TEST(Template, WhatIsNotClosedIsAnError) {
    EXPECT_EQ(Template::parse("abc ${{ x").error().detail,
              "at byte 4: `${{` is never closed by `}}`");
    EXPECT_EQ(Template::parse("abc ${{ 'x }}").error().detail,
              "at byte 4: `${{` is never closed by `}}`");
    EXPECT_EQ(Template::parse("abc ${{ x = 1 }}").error().detail,
              "in `${{` at byte 4: at byte 3: `=` is no operator: write `==` to compare");
}

TEST(Template, ReferencesComeFromAllParts) {
    const auto text = Template::parse("${{ params.n }} ${{ nodes.a.results_file }}").value();
    const std::vector<Reference> expected = {{"params", "n", ""}, {"nodes", "a", "results_file"}};
    EXPECT_EQ(text.references(), expected);
    EXPECT_TRUE(text.starts_with_expression());
    EXPECT_FALSE(Template::parse("x${{ params.n }}")->starts_with_expression());
}

TEST(Template, TheTextIsBounded) {
    Json params = Json::object();
    params.set("text", std::string(40000, 'a'));
    const SampleNames large(Json(Json::Object{{"params", params}}));
    const auto text = Template::parse("${{ params.text }}${{ params.text }}").value();
    EXPECT_FALSE(text.render(large));
}

}  // namespace
}  // namespace attacca::core
