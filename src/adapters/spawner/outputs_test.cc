// SPDX-License-Identifier: Apache-2.0
#include "adapters/spawner/outputs.h"

#include <gtest/gtest.h>

namespace attacca::spawner {
namespace {

core::OutputDef definition(core::OutputFormat format, std::int64_t max_bytes = 1000) {
    core::OutputDef output;
    output.name = "x";
    output.format = format;
    output.max_bytes = max_bytes;
    return output;
}

std::string value(core::OutputFormat format, std::string_view bytes) {
    const Result<Json> read = read_output(definition(format), bytes);
    return read ? read->text() : "error: " + read.error().detail;
}

TEST(Outputs, TextLosesOneNewlineAtTheEnd) {
    EXPECT_EQ(value(core::OutputFormat::text, "a\nb\n"), R"("a\nb")");
    EXPECT_EQ(value(core::OutputFormat::text, "a\n\n"), R"("a\n")");
    EXPECT_EQ(value(core::OutputFormat::text, ""), R"("")");
    EXPECT_EQ(value(core::OutputFormat::text, "\n"), R"("")");
}

TEST(Outputs, LinesAreAnArrayAndTheLastNewlineBeginsNone) {
    EXPECT_EQ(value(core::OutputFormat::lines, "a\n\nb"), R"(["a","","b"])");
    EXPECT_EQ(value(core::OutputFormat::lines, "a\n"), R"(["a"])");
    EXPECT_EQ(value(core::OutputFormat::lines, ""), "[]");
}

TEST(Outputs, JsonIsParsedStrictly) {
    EXPECT_EQ(value(core::OutputFormat::json, " {\"a\": [1, 2.50]}\n"), R"({"a":[1,2.50]})");
    EXPECT_TRUE(value(core::OutputFormat::json, "{\"a\":1,\"a\":2}").starts_with("error"));
    EXPECT_TRUE(value(core::OutputFormat::json, "").starts_with("error"));
    EXPECT_TRUE(value(core::OutputFormat::json, std::string(64, '[') + std::string(64, ']'))
                    .starts_with("error"));
}

TEST(Outputs, JsonLinesAreAnArrayOfDocuments) {
    EXPECT_EQ(value(core::OutputFormat::jsonl, "{\"a\":1}\n\n \r\n[2]\n"), R"([{"a":1},[2]])");
    EXPECT_EQ(value(core::OutputFormat::jsonl, ""), "[]");
    EXPECT_TRUE(value(core::OutputFormat::jsonl, "{}\n{").starts_with("error"));
}

TEST(Outputs, WhatIsTooLargeOrNoTextIsRefusedByName) {
    const Result<Json> large = read_output(definition(core::OutputFormat::text, 3), "abcd");
    ASSERT_FALSE(large);
    EXPECT_NE(large.error().detail.find("output x"), std::string::npos) << large.error().detail;
    EXPECT_TRUE(read_output(definition(core::OutputFormat::text, 4), "abcd"));
    EXPECT_FALSE(read_output(definition(core::OutputFormat::text), "\xff"));
    EXPECT_FALSE(read_output(definition(core::OutputFormat::lines), "a\n\xff"));
}

std::string file(std::string_view bytes) {
    Json outputs = Json::object();
    const Result<void> read = read_output_file(bytes, outputs);
    return read ? outputs.text() : "error: " + read.error().detail;
}

TEST(OutputFile, LinesAreKeysAndValues) {
    EXPECT_EQ(file("a=1\n\nb-2=x=y \r\nc=\n"), R"({"a":"1","b-2":"x=y ","c":""})");
    EXPECT_EQ(file("a=1\na=2"), R"({"a":"2"})");
    EXPECT_EQ(file(""), "{}");
}

TEST(OutputFile, AnObjectMaySpanLinesOrStandOnALineOfItsOwn) {
    EXPECT_EQ(file("{\n \"a\": [1],\n \"b\": null\n}\n"), R"({"a":[1],"b":null})");
    EXPECT_EQ(file("{\"a\":1}\nb=2\n{\"c\":3}\n"), R"({"a":1,"b":"2","c":3})");
}

TEST(OutputFile, TheFirstBadLineIsNamed) {
    EXPECT_TRUE(file("a=1\nnonsense\n").starts_with("error: $ATTACCA_OUTPUT, line 2:"));
    EXPECT_TRUE(file("=1").starts_with("error"));
    EXPECT_TRUE(file("1a=1").starts_with("error"));
    EXPECT_TRUE(file("a b=1").starts_with("error"));
    EXPECT_TRUE(file("a=\xff").starts_with("error"));
    EXPECT_TRUE(file("{\"a\":1").starts_with("error"));
    EXPECT_TRUE(file("{\"a b\":1}").starts_with("error"));
    EXPECT_TRUE(file(std::string(64, 'k') + "=1").starts_with("error"));
}

}  // namespace
}  // namespace attacca::spawner
