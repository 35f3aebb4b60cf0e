// SPDX-License-Identifier: Apache-2.0
#include "cli/diagnostic.h"

#include <gtest/gtest.h>

namespace attacca::cli {
namespace {

Json schema() {
    return *parse_json(
        R"({"properties":{"nodes":{"additionalProperties":{"$ref":"#/definitions/node"}}},)"
        R"("definitions":{"node":{"properties":{"run":{},"needs":{"items":{"type":"string"}},)"
        R"("needs_when":{"enum":["all_done","any_failed"]}}}}})");
}

TEST(Schema, PathsLeadThroughReferencesAndNames) {
    const Json rules = schema();
    const Json* found = schema_at(rules, "/nodes/anything/needs_when");
    ASSERT_NE(found, nullptr);
    EXPECT_NE(found->find("enum"), nullptr);
    EXPECT_NE(schema_at(rules, "/nodes/x/needs/0"), nullptr);
    EXPECT_EQ(schema_at(rules, "/nothing"), nullptr);
}

TEST(Schema, AReferenceToItselfEnds) {
    const Json rules = *parse_json(R"({"properties":{"a":{"$ref":"#/properties/a"}}})");
    EXPECT_EQ(schema_at(rules, "/a/b"), nullptr);
}

TEST(Suggestion, ComesFromKeysChoicesAndNodes) {
    const Json rules = schema();
    const Json document = *parse_json(
        R"({"nodes":{"build":{},"test":{"need":[],"needs_when":"all_don","needs":["biuld"]}}})");
    EXPECT_EQ(suggestion_for(Problem::unknown_field, "/nodes/test/need", document, &rules),
              "needs");
    EXPECT_EQ(suggestion_for(Problem::invalid_value, "/nodes/test/needs_when", document, &rules),
              "all_done");
    EXPECT_EQ(suggestion_for(Problem::dag_unknown_node, "/nodes/test/needs/0", document, nullptr),
              "build");
    EXPECT_EQ(suggestion_for(Problem::unknown_field, "/nodes/test/need", document, nullptr),
              std::nullopt);
    EXPECT_EQ(suggestion_for(Problem::wrong_type, "/nodes/test/needs_when", document, &rules),
              std::nullopt);
}

}  // namespace
}  // namespace attacca::cli
