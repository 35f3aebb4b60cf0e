// SPDX-License-Identifier: Apache-2.0
#include "adapters/yaml/yaml_reader.h"

#include <gtest/gtest.h>

#include <string>

#include "base/bytes.h"

namespace attacca::yaml {
namespace {

std::string json_of(std::string_view text) {
    Position fault;
    const auto file = parse_yaml(text, fault);
    return file ? file->json.text() : "error: " + file.error().detail;
}

// "slug line:column"
std::string fault_of(std::string_view text) {
    Position fault;
    const auto file = parse_yaml(text, fault);
    if (file) {
        return "";
    }
    return std::string(slug_of(file.error().problem)) + " " + std::to_string(fault.line) + ":" +
           std::to_string(fault.column);
}

TEST(Yaml, BlockAndFlowFormsAreRead) {
    EXPECT_EQ(json_of("a: 1\nb:\n  - x\n  - {c: [true, null, ~], d: 'no'}\n"),
              R"({"a":1,"b":["x",{"c":[true,null,null],"d":"no"}]})");
    EXPECT_EQ(json_of("run: |\n  echo a\n  echo b\ntext: >-\n  one\n  two\n"),
              R"({"run":"echo a\necho b\n","text":"one two"})");
    EXPECT_EQ(json_of("if: ${{ length(nodes.a.outputs.x) > 0 }}  # why\n"),
              R"({"if":"${{ length(nodes.a.outputs.x) > 0 }}"})");
}

TEST(Yaml, OnlyUnquotedWordsHaveATypeOfTheirOwn) {
    EXPECT_EQ(json_of("[on, yes, 'true', \"12\", 12, 0x1F, 1.5, !!str 12, 'null', ~]"),
              R"(["on","yes","true","12",12,31,1.5,"12","null",null])");
    EXPECT_EQ(json_of("{on: 1, 2: x, true: y}"), R"({"on":1,"2":"x","true":"y"})");
}

TEST(Yaml, JsonIsYaml) {
    const std::string json =
        R"({"a":[1,-2,1.5,"x\n\u00e9\/",true,false,null],"b":{"c":{}},"d":[]})";
    EXPECT_EQ(json_of(json), parse_json(json)->text());
}

TEST(Yaml, TheEndOfTheFileChangesNoText) {
    EXPECT_EQ(json_of("a: |\n  x\n"), R"({"a":"x\n"})");
    EXPECT_EQ(json_of("a: |-\n  x"), R"({"a":"x"})");
    EXPECT_EQ(json_of("a: |+\n  x\n\n"), R"({"a":"x\n\n"})");
    EXPECT_EQ(json_of("a: x y"), R"({"a":"x y"})");
    EXPECT_EQ(json_of("a: 1 # end"), R"({"a":1})");
}

TEST(Yaml, AnEmptyFileIsNull) {
    EXPECT_EQ(json_of(""), "null");
    EXPECT_EQ(json_of("# nothing\n"), "null");
    EXPECT_EQ(json_of("---\n"), "null");
}

TEST(Yaml, SyntaxFaultsHaveAPlace) {
    EXPECT_EQ(fault_of("a: [1, 2\nb: 3\n").substr(0, 11), "yaml-syntax");
    EXPECT_EQ(fault_of("a: 1\n b: 2\n"), "yaml-syntax 2:3");
    EXPECT_EQ(fault_of("a: \"x\n").substr(0, 11), "yaml-syntax");
    EXPECT_EQ(fault_of("a: 'x\nb: 2\n\n").substr(0, 11), "yaml-syntax");
    EXPECT_EQ(fault_of("a: @x\n").substr(0, 11), "yaml-syntax");
    EXPECT_EQ(fault_of("a: 1\n---\nb: 2\n"), "yaml-syntax 3:1");
    EXPECT_EQ(fault_of("a: *nowhere\n").substr(0, 11), "yaml-syntax");
}

TEST(Yaml, ADuplicateKeyIsRefusedWhereItIsRepeated) {
    EXPECT_EQ(fault_of("a: 1\nb: 2\na: 3\n"), "json-duplicate-key 3:1");
    EXPECT_EQ(fault_of("x: {a: 1, \"a\": 2}\n"), "json-duplicate-key 1:11");
    EXPECT_EQ(fault_of("x: {a: 1}\ny: {a: 1}\n"), "");
}

TEST(Yaml, KeysAreScalarsAndTagsAreRefused) {
    EXPECT_EQ(fault_of("? [a]\n: 1\n").substr(0, 11), "yaml-syntax");
    EXPECT_EQ(fault_of("? {a: 1}\n: 1\n").substr(0, 11), "yaml-syntax");
    EXPECT_EQ(fault_of("~: 1\n"), "yaml-syntax 1:1");
    EXPECT_EQ(fault_of("a: !Ref x\n").substr(0, 11), "yaml-syntax");
    EXPECT_EQ(fault_of("a: !!binary x\n").substr(0, 11), "yaml-syntax");
    EXPECT_EQ(fault_of("a: !!set {x}\n").substr(0, 11), "yaml-syntax");
}

TEST(Yaml, NumbersThatJsonCannotHoldAreRefused) {
    EXPECT_EQ(fault_of("a: 1\nb: .nan\n"), "json-number 2:4");
    EXPECT_EQ(fault_of("b: 1e999\n"), "json-number 1:4");
}

TEST(Yaml, OtherEncodingsAndControlCharactersAreRefused) {
    EXPECT_EQ(fault_of("a: 1\nb: \xFF\n"), "json-encoding 2:4");
    EXPECT_EQ(fault_of(std::string_view("a: \0", 4)), "yaml-syntax 1:4");
    EXPECT_EQ(fault_of("a: \x1B[31m\n"), "yaml-syntax 1:4");
    EXPECT_EQ(json_of("\xEF\xBB\xBF" "a: 1\n"), R"({"a":1})");
}

TEST(Yaml, ACarriageReturnAloneIsRefusedBecauseACommentWouldSwallowTheNextLine) {
    EXPECT_EQ(fault_of("a: x # why\rb: y\n"), "yaml-syntax 1:11");
    EXPECT_EQ(fault_of("a: x\r"), "yaml-syntax 1:5");
    EXPECT_EQ(json_of("a: x # why\r\nb: y\r\n"), R"({"a":"x","b":"y"})");
}

TEST(Yaml, AMessageAboutHalfACharacterIsStillText) {
    Position at;
    const auto read = parse_yaml("a: \"\\\xDA\xA3\"\n", at);
    ASSERT_FALSE(read);
    EXPECT_TRUE(is_utf8(read.error().detail)) << read.error().detail;
}

TEST(Yaml, EscapesThatTheLibraryWritesAsHalfACharacterAreRefused) {
    EXPECT_EQ(fault_of("a: \"x\\N\"\n"), "json-encoding 1:4");
    EXPECT_EQ(fault_of("\"\\_\": x\n"), "json-encoding 1:1");
    EXPECT_EQ(json_of("\"\\u0085\\L\\P\"\n"), "\"\xC2\x85\xE2\x80\xA8\xE2\x80\xA9\"");
}

TEST(Yaml, DepthIsBounded) {
    const auto nested = [](std::size_t depth) {
        return std::string(depth, '[') + std::string(depth, ']');
    };
    EXPECT_EQ(fault_of(nested(64)), "");
    EXPECT_EQ(fault_of(nested(65)), "json-depth 1:65");
    EXPECT_NE(fault_of(nested(10000)), "");
    EXPECT_NE(fault_of(std::string(100000, '[')), "");
    std::string block;
    for (std::size_t i = 0; i < 300; ++i) {
        block += std::string(i, ' ') + "a:\n";
    }
    EXPECT_NE(fault_of(block), "");
}

TEST(Yaml, AliasesAreExpandedWithinBounds) {
    EXPECT_EQ(json_of("x: &e {A: 1}\ny: *e\nz: [&s text, *s]\n"),
              R"({"x":{"A":1},"y":{"A":1},"z":["text","text"]})");
    EXPECT_NE(fault_of("x: &e [*e]\n"), "");
    std::string bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n";
    for (int i = 1; i < 12; ++i) {
        const std::string last = "*a" + std::to_string(i - 1);
        bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
        for (int j = 0; j < 10; ++j) {
            bomb += (j == 0 ? "" : ",") + last;
        }
        bomb += "]\n";
    }
    EXPECT_EQ(fault_of(bomb).substr(0, 11), "yaml-syntax");
}

TEST(Yaml, AliasesOfALongTextAreBoundedToo) {
    const auto repeated = [](std::size_t times) {
        std::string text = "a: &a " + std::string(100'000, 'x') + "\nb: [*a";
        for (std::size_t i = 1; i < times; ++i) {
            text += ", *a";
        }
        return text + "]\n";
    };
    EXPECT_EQ(fault_of(repeated(10)), "");
    EXPECT_EQ(fault_of(repeated(1000)).substr(0, 11), "yaml-syntax");
}

TEST(Yaml, SizeIsBounded) {
    EXPECT_EQ(fault_of(std::string(yaml_bytes_max + 1, ' ')), "yaml-syntax 1:1");
}

TEST(Yaml, RandomTextsNeverCrash) {
    const std::string_view pieces[] = {"a", ": ", "\n", "  ", "- ", "[", "]", "{", "}", ",", "'",
                                       "\"", "#", "&x ", "*x", "!!str ", "|\n", ">-\n", "? ",
                                       "---\n", "...\n", "1", "~", "%", "@", "\t", "\xC3\xA9"};
    std::uint64_t seed = 3;
    const auto draw = [&seed](std::uint64_t below) {
        seed = seed * 6364136223846793005U + 1442695040888963407U;
        return (seed >> 33U) % below;
    };
    std::size_t good = 0;
    for (int i = 0; i < 20000; ++i) {
        std::string text;
        for (std::uint64_t left = draw(16); left > 0; --left) {
            text += pieces[draw(std::size(pieces))];
        }
        Position fault;
        good += parse_yaml(text, fault) ? 1U : 0U;
    }
    EXPECT_GT(good, 500U);
}

}  // namespace
}  // namespace attacca::yaml
