// SPDX-License-Identifier: Apache-2.0
#include "core/graph/reading.h"

#include <gtest/gtest.h>

namespace attacca::core {
namespace {

std::string slug_of_template(std::string_view text, Sight sight, Reading& reading) {
    const Json json(text);
    Template out;
    const bool is_read = read_template(Input(json, "/x"), sight, out, reading);
    EXPECT_EQ(is_read, !reading.faults.has_any());
    return is_read ? "" : std::string(slug_of(reading.faults.take().problem));
}

std::string slug_of_template(std::string_view text, Sight sight = {}) {
    Reading reading;
    return slug_of_template(text, sight, reading);
}

std::string slug_of_env(std::string_view json) {
    Reading reading;
    Environment out;
    const Json parsed = parse_json(json).value();
    return read_environment(Input(parsed, ""), Sight{}, out, reading)
               ? ""
               : std::string(slug_of(reading.faults.take().problem));
}

TEST(Reading, RootsAreKnownWhereTheyCanBeSeen) {
    EXPECT_EQ(slug_of_template("${{ params.a }} ${{ job.name }} ${{ env.A }}"), "");
    EXPECT_EQ(slug_of_template("${{ host.address }}"), "expression-invalid");
    EXPECT_EQ(slug_of_template("${{ host.address }}", {.item = "host"}), "");
    EXPECT_EQ(slug_of_template("${{ nodes.a.status }}", {.sees_nodes = false}),
              "expression-invalid");
    EXPECT_EQ(slug_of_template("${{ env.A }}", {.sees_env = false}), "expression-invalid");
    EXPECT_EQ(slug_of_template("${{ secrets.KEY }}"), "not-supported");
}

TEST(Reading, UsesOfNodesAreNotedWithTheirPlace) {
    Reading reading;
    reading.user = 3;
    EXPECT_EQ(slug_of_template("${{ nodes.a.status }}", {}, reading), "");
    ASSERT_EQ(reading.uses.size(), 1U);
    EXPECT_EQ(reading.uses[0].user, 3U);
    EXPECT_EQ(reading.uses[0].id, "a");
    EXPECT_EQ(reading.uses[0].pointer, "/x");
}

TEST(Reading, FieldsOfNodesAreKnown) {
    for (const char* field : {"status", "outputs", "counts", "results_file", "duration",
                              "duration_ms"}) {
        EXPECT_EQ(slug_of_template("${{ nodes.a." + std::string(field) + " }}"), "") << field;
    }
    EXPECT_EQ(slug_of_template("${{ nodes.a.output }}"), "expression-invalid");
}

TEST(Reading, DeclaredParametersAreTheOnlyOnes) {
    Reading reading;
    reading.params = {"top_ports"};
    EXPECT_EQ(slug_of_template("${{ params.top_ports }}", {}, reading), "");
    Template out;
    const Json json("${{ params.top_port }}");
    EXPECT_FALSE(read_template(Input(json, ""), {}, out, reading));
    EXPECT_EQ(reading.faults.take().detail,
              "the parameter `top_port` is not declared; did you mean `top_ports`?");
}

TEST(Reading, AnEnvironmentIsSortedAndItsNamesAreChecked) {
    Reading reading;
    Environment out;
    const Json json = parse_json(R"({"B":true,"A":1,"_c":"${{ job.id }}"})").value();
    ASSERT_TRUE(read_environment(Input(json, ""), Sight{}, out, reading));
    ASSERT_EQ(out.size(), 3U);
    EXPECT_EQ(out[0].first + out[0].second.text(), "A1");
    EXPECT_EQ(out[1].first + out[1].second.text(), "Btrue");
    for (const char* name : {"", "1A", "A-B", "A=B", "A B", "ATTACCA_OUTPUT"}) {
        EXPECT_EQ(slug_of_env("{\"" + std::string(name) + "\":\"x\"}"), "invalid-value") << name;
    }
    EXPECT_EQ(slug_of_env(R"({"A":[]})"), "wrong-type");
    EXPECT_EQ(slug_of_env(R"({"A":"\u0000"})"), "invalid-value");
    EXPECT_EQ(slug_of_env("[]"), "wrong-type");
}

TEST(Reading, AnExpressionMayBeABoolean) {
    Reading reading;
    std::optional<Expression> out;
    const Json yes(true);
    EXPECT_TRUE(read_expression(Input(yes, ""), {}, out, reading));
    const Json number(3);
    EXPECT_FALSE(read_expression(Input(number, ""), {}, out, reading));
}

TEST(Reading, SpellingsOfAnExpressionAreOne) {
    EXPECT_EQ(bare_expression("  ${{ a == '}}' }}\n"), "a == '}}'");
    EXPECT_EQ(bare_expression(" a "), "a");
    EXPECT_EQ(bare_expression("${{ a }} && ${{ b }}"), "${{ a }} && ${{ b }}");
    EXPECT_EQ(bare_expression("   "), "");
}

}  // namespace
}  // namespace attacca::core
