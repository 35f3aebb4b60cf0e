// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <gtest/gtest.h>

#include "base/bytes.h"
#include "base/json.h"

namespace attacca {
namespace {

using namespace std::string_view_literals;

Json parsed(std::string_view text) {
    auto document = parse_json(text);
    EXPECT_TRUE(document.has_value()) << text << ": " << document.error().text();
    return document.has_value() ? std::move(document).value() : Json();
}

Error refused(std::string_view text) {
    auto document = parse_json(text);
    EXPECT_FALSE(document.has_value()) << text;
    return document.has_value() ? Error{} : document.error();
}

// A copy without room behind it, so that the sanitizer sees a read beyond the end.
Result<Json> parse_copy(std::string_view text) {
    const std::vector<char> copy(text.begin(), text.end());
    return parse_json({copy.data(), copy.size()});
}

TEST(ParseJson, ReadsEveryKindOfValue) {
    EXPECT_EQ(parsed("null"), Json());
    EXPECT_EQ(parsed(" true\n"), Json(true));
    EXPECT_EQ(parsed("\tfalse\r\n"), Json(false));
    EXPECT_EQ(parsed("0"), Json(0));
    EXPECT_EQ(parsed("\"\""), Json(""));
    EXPECT_EQ(parsed("[]"), Json::array());
    EXPECT_EQ(parsed("{}"), Json::object());
    EXPECT_EQ(parsed(R"({"a" : [1, {"b": null}], "": "x"})"),
              Json(Json::Object{{"a", Json::Array{1, Json::Object{{"b", Json()}}}}, {"", "x"}}));
}

TEST(ParseJson, KeepsTheOrderOfMembers) {
    constexpr auto text = R"({"z":1,"a":2,"m":{"y":[],"b":{}}})";
    EXPECT_EQ(parsed(text).text(), text);
}

TEST(ParseJson, ReadsIntegersThatFitAsIntegers) {
    EXPECT_EQ(parsed("9223372036854775807"), Json(std::int64_t{INT64_MAX}));
    EXPECT_EQ(parsed("-9223372036854775808"), Json(std::int64_t{INT64_MIN}));
    EXPECT_EQ(parsed("-1"), Json(-1));
    EXPECT_EQ(parsed("1234567890123456"), Json(std::int64_t{1234567890123456}));
    // With enough text behind the number the parser takes another path.
    const std::string padding(40, ' ');
    EXPECT_EQ(parsed("-12345678901234567" + padding), Json(std::int64_t{-12345678901234567}));
    EXPECT_EQ(parsed("42" + padding), Json(42));
    EXPECT_EQ(parsed("0" + padding), Json(0));
}

TEST(ParseJson, KeepsEveryOtherNumberAsItsExactText) {
    for (const auto text :
         {"1.0", "1e3", "1E+3", "-0", "-0.0", "0e5", "0.10", "9223372036854775808",
          "-9223372036854775809", "18446744073709551615", "18446744073709551616",
          "123456789012345678901234567890", "3.14159265358979323846264338327950288419716939937510",
          "1.7976931348623157e308", "-1.7976931348623157e308", "1e-999", "5e-324", "0e99999",
          "0.00000000000000000000000000000000000000000000000001e60"}) {
        for (const auto padding : {"", "                                        "}) {
            const Json value = parsed(std::string(text) + padding);
            ASSERT_TRUE(value.is_decimal()) << text;
            EXPECT_EQ(value.as_decimal().text, text);
            const Json inner = parsed("[" + std::string(text) + "]");
            EXPECT_EQ(inner.text(), "[" + std::string(text) + "]");
        }
    }
}

TEST(ParseJson, RefusesNumbersBeyondADouble) {
    const std::string long_integer = "1" + std::string(309, '0');
    for (const std::string_view text :
         {"1e999"sv, "-1e999"sv, "1.7976931348623159e308"sv, std::string_view(long_integer),
          "1e99999999999999"sv, "1e2147483647"sv}) {
        const Error error = refused("[1, " + std::string(text) + "]");
        EXPECT_EQ(error.problem, Problem::json_number) << text;
        EXPECT_NE(error.detail.find("at byte "), std::string::npos);
    }
    EXPECT_EQ(refused("[1, 1e999]").detail, "a number beyond the range at byte 4");
}

TEST(ParseJson, RefusesWhatIsNotAFiniteNumber) {
    for (const auto text : {"NaN", "[Infinity]", "{\"a\":-Infinity}"}) {
        EXPECT_EQ(refused(text).problem, Problem::json_number) << text;
    }
}

TEST(ParseJson, RefusesADuplicateKeyAndNamesIt) {
    const Error error = refused(R"({"a":1,"b":2,"a":3})");
    EXPECT_EQ(error.problem, Problem::json_duplicate_key);
    EXPECT_EQ(error.detail, "`a` occurs again at byte 13");
}

TEST(ParseJson, ComparesKeysAfterTheirEscapes) {
    EXPECT_EQ(refused(R"({"a":1,"\u0061":2})").detail, "`a` occurs again at byte 7");
    EXPECT_EQ(refused(R"({"\"":1, "\"":2})").detail, "`\"` occurs again at byte 9");
    EXPECT_EQ(refused(R"({"\\":1, "\u005c":2})").detail, "`\\` occurs again at byte 9");
    EXPECT_EQ(refused(R"({"\n":1,"\u000A":2})").detail, "`\\x0a` occurs again at byte 8");
    EXPECT_EQ(refused(R"({"":1,"":2})").detail, "`` occurs again at byte 6");
}

TEST(ParseJson, CutsALongDuplicateKey) {
    const std::string key(5000, 'k');
    const Error error = refused("{\"" + key + "\":1,\"" + key + "\":2}");
    EXPECT_EQ(error.problem, Problem::json_duplicate_key);
    EXPECT_LT(error.detail.size(), 400U);
}

TEST(ParseJson, AllowsTheSameKeyInOtherObjects) {
    EXPECT_TRUE(parse_json(R"({"a":{"a":{"a":1}},"b":[{"a":1},{"a":1}]})").has_value());
}

std::string object_with_keys(std::size_t count) {
    std::string text = "{";
    for (std::size_t i = 0; i < count; ++i) {
        text += (i == 0 ? "\"key" : ",\"key") + std::to_string(i) + "\":" + std::to_string(i);
    }
    return text;
}

TEST(ParseJson, FindsADuplicateAmongAnyNumberOfKeys) {
    for (std::size_t count = 1; count < 40; ++count) {
        const std::string text = object_with_keys(count);
        EXPECT_EQ(parsed(text + "}").as_object().size(), count);
        for (std::size_t again = 0; again < count; ++again) {
            const std::string key = "key" + std::to_string(again);
            EXPECT_EQ(refused(text + ",\"" + key + "\":0}").detail,
                      "`" + key + "` occurs again at byte " + std::to_string(text.size() + 1));
        }
    }
}

TEST(ParseJson, ReadsAnObjectOfAHundredThousandKeys) {
    EXPECT_EQ(parsed(object_with_keys(100'000) + "}").as_object().size(), 100'000U);
}

std::string nested(std::size_t depth, std::string_view open, std::string_view close) {
    std::string text;
    for (std::size_t i = 0; i < depth; ++i) {
        text += open;
    }
    text += "1";
    for (std::size_t i = 0; i < depth; ++i) {
        text += close;
    }
    return text;
}

TEST(ParseJson, AllowsSixtyFourLevelsAndNoMore) {
    EXPECT_TRUE(parse_json(nested(64, "[", "]")).has_value());
    EXPECT_TRUE(parse_json(nested(64, "{\"a\":", "}")).has_value());
    EXPECT_EQ(refused(nested(65, "[", "]")).problem, Problem::json_depth);
    EXPECT_EQ(refused(nested(65, "{\"a\":", "}")).problem, Problem::json_depth);
    EXPECT_EQ(refused(nested(65, "[", "]")).detail, "more than 64 levels at byte 64");
}

TEST(ParseJson, ObeysTheLimitOfTheCaller) {
    EXPECT_TRUE(parse_json("1", 0).has_value());
    EXPECT_EQ(parse_json("[]", 0).error().problem, Problem::json_depth);
    EXPECT_TRUE(parse_json("[[]]", 2).has_value());
    EXPECT_EQ(parse_json("[[[]]]", 2).error().problem, Problem::json_depth);
    EXPECT_TRUE(parse_json(nested(json_depth_limit, "[", "]"), json_depth_limit).has_value());
}

TEST(ParseJson, RefusesTenThousandLevelsAtOnce) {
    EXPECT_EQ(refused(std::string(10'000, '[')).problem, Problem::json_depth);
    EXPECT_EQ(refused(nested(10'000, "[", "]")).problem, Problem::json_depth);
    EXPECT_EQ(refused(nested(10'000, "{\"a\":", "}")).problem, Problem::json_depth);
    EXPECT_EQ(refused(nested(10'000, "[{\"a\":", "}]")).problem, Problem::json_depth);
}

TEST(ParseJson, ReadsEscapes) {
    EXPECT_EQ(parsed(R"("\"\\\/\b\f\n\r\t")").as_string(), "\"\\/\b\f\n\r\t");
    EXPECT_EQ(parsed(R"("\u0041\u00e9\u20AC\ud83d\uDE00")").as_string(), "Aé€😀");
    EXPECT_EQ(parsed(R"("a\u0000b")").as_string(), "a\0b"sv);
    EXPECT_EQ(parsed(R"("\uffff\ue000\ud7ff")").as_string(), "\uffff\ue000\ud7ff");
}

TEST(ParseJson, ReadsLongStringsWithEscapesAtEveryPlace) {
    // Longer than the parser's buffer, so that a string arrives in parts.
    for (std::size_t at = 4080; at < 4110; ++at) {
        const std::string plain(at, 'x');
        const Json value = parsed("{\"" + plain + "\\u00e9\":\"\\n" + plain + "\\ud83d\\ude00\"}");
        ASSERT_EQ(value.as_object().size(), 1U);
        EXPECT_EQ(value.as_object()[0].key, plain + "é");
        EXPECT_EQ(value.as_object()[0].value.as_string(), "\n" + plain + "😀");
    }
}

TEST(ParseJson, RefusesInvalidUtf8WithoutAnEcho) {
    for (const auto text : {"\"\xff\""sv, "\"\xc0\xaf\""sv, "\"\xed\xa0\x80\""sv,
                            "\"\xf4\x90\x80\x80\""sv, "\"\xe2\x82\""sv}) {
        const Error error = refused(text);
        EXPECT_EQ(error.problem, Problem::json_encoding);
        EXPECT_EQ(error.detail, "invalid UTF-8 at byte 1");
    }
    EXPECT_EQ(refused("{\"key\":\"0123456\xff\"}").detail, "invalid UTF-8 at byte 15");
    EXPECT_EQ(refused("\xff\xfe{").problem, Problem::json_encoding);
}

TEST(ParseJson, RefusesLoneSurrogates) {
    for (const auto padding : {"", "                "}) {
        for (const auto text :
             {R"("\ud800")", R"("\udbff")", R"("\udc00")", R"("\udfff")", R"("\ud800x")",
              R"("\ud800\n")", R"("\ud800\u0041")", R"("\ud800\ud800")", R"("\udc00\ud800")",
              R"("\uD83D ")", R"({"\ud800":1})", R"("\\\ud800")"}) {
            const Error error = refused(std::string(text) + padding);
            EXPECT_EQ(error.problem, Problem::json_encoding) << text;
        }
    }
}

TEST(ParseJson, DoesNotTakeABackslashAndLettersForASurrogate) {
    EXPECT_EQ(parsed(R"("\\ud800")").as_string(), "\\ud800");
    EXPECT_EQ(refused("\"\\\\ud800\n\"").problem, Problem::json_syntax);
}

TEST(ParseJson, RefusesWhatTheGrammarDoesNotKnow) {
    for (const auto text : {""sv,
                            " "sv,
                            "nul"sv,
                            "nulll"sv,
                            "True"sv,
                            "1 2"sv,
                            "[1,]"sv,
                            "[,1]"sv,
                            "[1 2]"sv,
                            "[1"sv,
                            "]"sv,
                            "{"sv,
                            "{\"a\"}"sv,
                            "{\"a\":}"sv,
                            "{\"a\":1,}"sv,
                            "{a:1}"sv,
                            "{1:2}"sv,
                            "{\"a\" 1}"sv,
                            "01"sv,
                            "-"sv,
                            "+1"sv,
                            ".5"sv,
                            "5."sv,
                            "1e"sv,
                            "1e+"sv,
                            "0x10"sv,
                            "1_000"sv,
                            "--1"sv,
                            "-a"sv,
                            "1.e5"sv,
                            "'a'"sv,
                            "\"a"sv,
                            "\"\\x\""sv,
                            "\"\\u12\""sv,
                            "\"\\u12g4\""sv,
                            "\"\n\""sv,
                            "\"\0\""sv,
                            "\"\x1f\""sv,
                            "// c\n1"sv,
                            "/**/1"sv,
                            "1//"sv,
                            "\xef\xbb\xbf"
                            "1"sv,
                            "[1]x"sv,
                            "{}{}"sv,
                            "\"a\"\"b\""sv,
                            "\0"sv,
                            "[\0]"sv,
                            "1\0"sv,
                            "\v1"sv,
                            "\xc2\xa0"
                            "1"sv}) {
        for (const std::string padding : {"", "                                        "}) {
            const Error error = refused(std::string(text) + padding);
            EXPECT_EQ(error.problem, Problem::json_syntax) << text << ": " << error.detail;
            EXPECT_NE(error.detail.find(" at byte "), std::string::npos) << error.detail;
        }
    }
}

TEST(ParseJson, NamesThePlaceOfASyntaxError) {
    EXPECT_EQ(refused("[1, x]").detail, "unexpected character at byte 4");
    EXPECT_EQ(refused("[1, 2").detail, "the text ends too early at byte 5");
    EXPECT_EQ(refused("[1] ]").detail, "more text after the value at byte 4");
    EXPECT_EQ(refused("").detail, "the text ends too early at byte 0");
}

constexpr auto document =
    "{\"id\":\"0190-\\u00e9\\ud83d\\ude00\",\"n\":[-12,0.5e-3,18446744073709551616,true,false,"
    "null],\"é\":{\"\":[[],{}]},\"long\":\"twenty-four plain bytes\"}"sv;

TEST(ParseJson, RefusesEveryPrefixOfADocument) {
    ASSERT_TRUE(parse_copy(document).has_value());
    for (std::size_t size = 0; size < document.size(); ++size) {
        EXPECT_FALSE(parse_copy(document.substr(0, size)).has_value()) << size;
    }
}

// Whatever a changed byte makes of the document: an error that is valid text, or a value that
// writes and reads back as itself.
TEST(ParseJson, IsTotalWhateverByteChanges) {
    for (std::size_t at = 0; at < document.size(); ++at) {
        for (unsigned value = 0; value < 256; ++value) {
            std::string text(document);
            text[at] = static_cast<char>(value);
            const auto result = parse_copy(text);
            if (result.has_value()) {
                const auto again = parse_copy(result->text());
                ASSERT_TRUE(again.has_value()) << text;
                ASSERT_EQ(*again, *result) << text;
                ASSERT_EQ(parsed(result->pretty_text()), *result) << text;
            } else {
                ASSERT_TRUE(is_utf8(result.error().detail)) << at << ' ' << value;
            }
        }
    }
}

}  // namespace
}  // namespace attacca
