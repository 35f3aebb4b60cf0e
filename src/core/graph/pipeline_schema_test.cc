// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "core/graph/pipeline.h"

namespace attacca::core {
namespace {

// One node of the pipeline, with one more key.
std::string slug_with(const std::string& key, std::string_view value) {
    Json node = parse_json(R"({"noop":true})").value();
    if (key == "run" || key == "scan" || key == "wait") {
        node = Json::object();
    }
    node.set(key, parse_json(value).value());
    Json file = parse_json(R"({"attacca":"v1","name":"n","nodes":{}})").value();
    file.set("nodes", Json(Json::Object{{"a", node}}));
    const auto pipeline = parse_pipeline(file);
    return pipeline ? "" : std::string(slug_of(pipeline.error().problem));
}

TEST(PipelineSchema, IsJson) {
    const auto schema = parse_json(pipeline_schema());
    ASSERT_TRUE(schema) << schema.error().detail;
    EXPECT_EQ(schema->find("$schema")->as_string(), "http://json-schema.org/draft-07/schema#");
}

TEST(PipelineSchema, EveryReferenceLeadsToADefinition) {
    const std::string text = pipeline_schema();
    const Json schema = parse_json(text).value();
    constexpr std::string_view start = "\"#/definitions/";
    std::size_t count = 0;
    for (std::size_t at = text.find(start); at != text.npos; at = text.find(start, at + 1)) {
        const std::size_t from = at + start.size();
        const std::string name = text.substr(from, text.find('"', from) - from);
        EXPECT_NE(schema.find("definitions")->find(name), nullptr) << name;
        ++count;
    }
    EXPECT_GT(count, 30U);
}

TEST(PipelineSchema, EveryKeyOfANodeIsKnownToTheReader) {
    const Json schema = parse_json(pipeline_schema()).value();
    const Json* keys = schema.find("definitions")->find("node")->find("properties");
    for (const Json::Member& member : keys->as_object()) {
        EXPECT_NE(slug_with(member.key, "null"), "unknown-field") << member.key;
    }
    EXPECT_EQ(slug_with("depends_on", "null"), "unknown-field");
}

TEST(PipelineSchema, EveryKeyOfTheFileIsKnownToTheReader) {
    const Json schema = parse_json(pipeline_schema()).value();
    for (const Json::Member& member : schema.find("properties")->as_object()) {
        Json file =
            parse_json(R"({"attacca":"v1","name":"n","nodes":{"a":{"noop":true}}})").value();
        file.set(member.key, Json());
        const auto pipeline = parse_pipeline(file);
        ASSERT_FALSE(pipeline) << member.key;
        EXPECT_NE(pipeline.error().problem, Problem::unknown_field) << member.key;
    }
}

}  // namespace
}  // namespace attacca::core
