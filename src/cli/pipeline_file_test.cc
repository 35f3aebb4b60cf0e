// SPDX-License-Identifier: Apache-2.0
#include "cli/pipeline_file.h"

#include <gtest/gtest.h>

#include "cli/fake_environment.h"

namespace attacca::cli {
namespace {

Result<Json> given(const std::vector<std::string>& flags, const std::string& declarations) {
    FakeEnvironment env;
    std::vector<std::string> words = {"run", "f"};
    words.insert(words.end(), flags.begin(), flags.end());
    const Result<Invocation> in = parse_words(words);
    const Context context(env, *in, std::get<Settings>(resolve_settings(*in, env)));
    return given_params(context, *parse_json(declarations));
}

TEST(GivenParams, TakeTheirDeclaredType) {
    const Result<Json> params =
        given({"-p", "n=7", "-p", "s=7", "-p", "b=false", "-p", "l=[\"1\",\"x\"]", "-p", "m=8,9"},
              R"({"n":{"type":"integer"},"s":{"type":"string"},"b":{"type":"boolean"},)"
              R"("l":{"type":"list"},"m":{"type":"list","items":"integer"}})");
    ASSERT_TRUE(params) << params.error().text();
    EXPECT_EQ(params->find("n")->as_integer(), 7);
    EXPECT_EQ(params->find("s")->as_string(), "7");
    EXPECT_FALSE(params->find("b")->as_bool());
    EXPECT_EQ(params->find("l")->text(), R"(["1","x"])");
    EXPECT_EQ(params->find("m")->text(), R"([8,9])");
}

TEST(GivenParams, AValueMayHoldAnEqualsSign) {
    const Result<Json> params = given({"-p", "s=a=b"}, R"({"s":{"type":"string"}})");
    ASSERT_TRUE(params);
    EXPECT_EQ(params->find("s")->as_string(), "a=b");
}

TEST(GivenParams, ARequiredOneThatIsMissingIsRefused) {
    EXPECT_EQ(given({}, R"({"s":{"type":"string","required":true}})").error().problem,
              Problem::missing_field);
}

TEST(Schema, OfPipelineFilesCanBeRead) {
    EXPECT_NE(schema_document().find("properties"), nullptr);
}

}  // namespace
}  // namespace attacca::cli
