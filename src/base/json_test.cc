// SPDX-License-Identifier: Apache-2.0
#include "base/json.h"

#include <limits>

#include <gtest/gtest.h>

namespace attacca {
namespace {

using namespace std::string_view_literals;

Json sample() {
    Json document = Json::object();
    document.set("b", 1);
    document.set("a", Json::Array{true, Json(), "x"});
    document.set("c", Json::object());
    return document;
}

TEST(Json, KnowsItsType) {
    EXPECT_TRUE(Json().is_null());
    EXPECT_TRUE(Json(true).is_bool());
    EXPECT_TRUE(Json(1).is_integer());
    EXPECT_TRUE(Json(std::int64_t{1}).is_integer());
    EXPECT_TRUE(Json(Json::Decimal{"1.5"}).is_decimal());
    EXPECT_TRUE(Json("text").is_string());
    EXPECT_TRUE(Json("text"sv).is_string());
    EXPECT_TRUE(Json(std::string("text")).is_string());
    EXPECT_TRUE(Json::array().is_array());
    EXPECT_TRUE(Json::object().is_object());
    EXPECT_TRUE(Json(Json::Array{1, 2}).is_array());
    EXPECT_TRUE(Json(Json::Object{{"a", 1}}).is_object());
}

TEST(Json, HandsOutWhatItHolds) {
    EXPECT_TRUE(Json(true).as_bool());
    EXPECT_EQ(Json(-7).as_integer(), -7);
    EXPECT_EQ(Json(Json::Decimal{"1.50"}).as_decimal().text, "1.50");
    EXPECT_EQ(Json("text").as_string(), "text");
    EXPECT_EQ(sample().as_object().size(), 3U);
    EXPECT_EQ(sample().find("a")->as_array().size(), 3U);
}

TEST(Json, FindsAMemberOrNothing) {
    const Json document = sample();
    ASSERT_NE(document.find("b"), nullptr);
    EXPECT_EQ(*document.find("b"), 1);
    EXPECT_EQ(document.find("z"), nullptr);
    EXPECT_EQ(Json(1).find("a"), nullptr);
    EXPECT_EQ(Json::array().find("a"), nullptr);
}

TEST(Json, ReplacesAMemberInItsPlace) {
    Json document = sample();
    document.set("b", "new");
    EXPECT_EQ(document.text(), R"({"b":"new","a":[true,null,"x"],"c":{}})");
}

TEST(Json, ComparesByValueAndOrder) {
    EXPECT_EQ(sample(), sample());
    EXPECT_NE(Json(1), Json(true));
    EXPECT_NE(Json(1), Json(Json::Decimal{"1"}));
    EXPECT_NE(Json(Json::Object{{"a", 1}, {"b", 2}}), Json(Json::Object{{"b", 2}, {"a", 1}}));
}

TEST(Json, WritesCompactTextInTheOrderOfTheMembers) {
    EXPECT_EQ(sample().text(), R"({"b":1,"a":[true,null,"x"],"c":{}})");
    EXPECT_EQ(Json().text(), "null");
    EXPECT_EQ(Json(false).text(), "false");
    EXPECT_EQ(Json::array().text(), "[]");
    EXPECT_EQ(Json(Json::Decimal{"-0.10e+3"}).text(), "-0.10e+3");
}

TEST(Json, AppendsToWhatIsThere) {
    std::string out = "data: ";
    Json(Json::Array{1, 2}).append_text(out);
    EXPECT_EQ(out, "data: [1,2]");
}

TEST(Json, WritesCanonicalTextSortedByBytesAtEveryDepth) {
    const Json inner = Json::Object{{"z", 1}, {"é", 2}, {"Z", 3}, {"", 4}, {"aa", 5}, {"a", 6}};
    const Json outer = Json::Object{{"y", Json::Array{inner}}, {"x", Json::object()}};
    EXPECT_EQ(outer.canonical_text(), R"({"x":{},"y":[{"":4,"Z":3,"a":6,"aa":5,"z":1,"é":2}]})");
}

TEST(Json, WritesIndentedTextForPeople) {
    EXPECT_EQ(sample().pretty_text(),
              "{\n  \"b\": 1,\n  \"a\": [\n    true,\n    null,\n    \"x\"\n  ],\n  \"c\": {}\n}");
    EXPECT_EQ(Json(1).pretty_text(), "1");
    EXPECT_EQ(Json::array().pretty_text(), "[]");
}

TEST(Json, WritesADeepDocumentWithoutRecursion) {
    constexpr std::size_t depth = 10'000;
    Json document = Json::array();
    for (std::size_t i = 1; i < depth; ++i) {
        Json outer = Json::array();
        outer.push(std::move(document));
        document = std::move(outer);
    }
    EXPECT_EQ(document.text(), std::string(depth, '[') + std::string(depth, ']'));
}

TEST(JsonDeathTest, StopsOnAccessToAnotherType) {
    const Json number = 1;
    EXPECT_DEATH((void)number.as_string(), "check failed");
    EXPECT_DEATH((void)number.as_bool(), "check failed");
    EXPECT_DEATH((void)number.as_array(), "check failed");
    EXPECT_DEATH((void)number.as_object(), "check failed");
    EXPECT_DEATH((void)Json("1").as_integer(), "check failed");
    EXPECT_DEATH((void)number.as_decimal(), "check failed");
    EXPECT_DEATH(Json::array().set("a", 1), "check failed");
    EXPECT_DEATH(Json::object().push(1), "check failed");
}

std::string literal(std::string_view text) {
    std::string out;
    append_json_string(out, text);
    return out;
}

TEST(JsonString, UsesTheShortestEscapes) {
    EXPECT_EQ(literal(""), R"("")");
    EXPECT_EQ(literal("plain/text"), R"("plain/text")");
    EXPECT_EQ(literal("\"\\\b\f\n\r\t"), R"("\"\\\b\f\n\r\t")");
    EXPECT_EQ(literal("\0\x01\x0b\x1f\x7f"sv), "\"\\u0000\\u0001\\u000b\\u001f\x7f\"");
    EXPECT_EQ(literal("é€😀\u2028"), "\"é€😀\u2028\"");
}

// The writer looks at eight bytes at a time: every byte value at every place of a word and a rest.
TEST(JsonString, EscapesTheSameAtEveryPlace) {
    for (unsigned value = 0; value < 0x80; ++value) {
        const std::string alone = literal(std::string(1, static_cast<char>(value)));
        const std::string inner = alone.substr(1, alone.size() - 2);
        EXPECT_EQ(inner.size() == 1, value >= 0x20 && value != '"' && value != '\\') << value;
        for (std::size_t at = 0; at < 19; ++at) {
            std::string text(19, 'a');
            text[at] = static_cast<char>(value);
            const std::string expected =
                "\"" + std::string(at, 'a') + inner + std::string(18 - at, 'a') + "\"";
            ASSERT_EQ(literal(text), expected) << value << " at " << at;
        }
    }
}

TEST(JsonString, LeavesOtherCharactersAloneAtEveryPlace) {
    for (std::size_t at = 0; at < 16; ++at) {
        const std::string odd = "é\u0080ÿ€\U0010ffff";
        const std::string text = std::string(at, '#') + odd + std::string(9, '[');
        EXPECT_EQ(literal(text), "\"" + text + "\"");
    }
}

TEST(JsonString, ReadsBackWhatItWrote) {
    std::string text;
    for (unsigned i = 0; i < 0x80; ++i) {
        text += static_cast<char>(i);
    }
    text += "é€😀";
    const auto parsed = parse_json(literal(text));
    ASSERT_TRUE(parsed.has_value());
    EXPECT_EQ(parsed->as_string(), text);
}

TEST(JsonInteger, WritesTheWholeRange) {
    using Limits = std::numeric_limits<std::int64_t>;
    for (const std::int64_t value :
         {std::int64_t{0}, std::int64_t{-1}, std::int64_t{10}, Limits::min(), Limits::max()}) {
        std::string out = "n";
        append_integer(out, value);
        EXPECT_EQ(out, "n" + std::to_string(value));
    }
}

}  // namespace
}  // namespace attacca
