// SPDX-License-Identifier: Apache-2.0
#include "cli/diagnostic.h"

#include <gtest/gtest.h>

#include "cli/golden.h"

namespace attacca::cli {
namespace {

constexpr std::string_view file_text =
    "attacca: v1\n"
    "name: demo\n"
    "nodes:\n"
    "  build:\n"
    "    run: [make]\n"
    "  test:\n"
    "    need: [biuld]\n"
    "    needs_when: all_dne\n"
    "    run: [make, check, "
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, wrong]\n";

Located located() {
    Located out;
    out.document = *parse_json(
        R"({"attacca":"v1","name":"demo","nodes":{"build":{"run":["make"]},)"
        R"("test":{"need":["biuld"],"needs_when":"all_dne","run":["make"]}}})");
    out.positions = {{"", {1, 1}},
                     {"/nodes", {3, 1}},
                     {"/nodes/test", {6, 3}},
                     {"/nodes/test/need", {7, 5}},
                     {"/nodes/test/need/0", {7, 12}},
                     {"/nodes/test/needs_when", {8, 5}},
                     {"/nodes/test/run/3", {9, 90}}};
    return out;
}

Json schema() {
    return *parse_json(
        R"({"properties":{"nodes":{"additionalProperties":{"$ref":"#/definitions/node"}}},)"
        R"("definitions":{"node":{"properties":{"run":{},"needs":{"items":{"type":"string"}},)"
        R"("needs_when":{"enum":["all_done","any_failed"]}}}}})");
}

std::string shown(Error error) {
    const Located file = located();
    const Json rules = schema();
    return source_error(error, {"demo.yaml", file_text, &file, &rules}, Style{false});
}

TEST(Diagnostic, AnUnknownFieldShowsItsLineAndWhatWasMeant) {
    expect_golden("error_unknown_field.txt",
                  shown({Problem::unknown_field, "",
                         {{"/nodes/test/need", "unknown-field", "\"need\" is not known here"}}}));
}

TEST(Diagnostic, EveryFieldErrorHasItsOwnBlock) {
    expect_golden(
        "error_several.txt",
        shown({Problem::invalid_value, "",
               {{"/nodes/test/needs_when", "invalid-value", "\"all_dne\" is not allowed here"},
                {"/nodes/test/need/0", "dag-unknown-node", "there is no node \"biuld\""}}}));
}

TEST(Diagnostic, ASuggestionInTheDetailIsShownOnce) {
    const std::string text =
        shown({Problem::unknown_field, "",
               {{"/nodes/test/need", "unknown-field", "no such key; did you mean `noop`?"}}});
    EXPECT_NE(text.find("^^^^ no such key\n"), std::string::npos);
    EXPECT_NE(text.find("= did you mean `noop`?\n"), std::string::npos);
    EXPECT_EQ(text.find("`needs`"), std::string::npos);
}

TEST(Diagnostic, ALongLineIsCutAroundTheCaret) {
    expect_golden("error_long_line.txt",
                  shown({Problem::wrong_type, "",
                         {{"/nodes/test/run/3", "wrong-type", "a string is needed"}}}));
}

TEST(Diagnostic, ALongDetailStandsBelowTheCaret) {
    expect_golden("error_long_detail.txt",
                  shown({Problem::expression_invalid, "",
                         {{"/nodes/test/needs_when", "expression-invalid",
                           "a value would become part of a shell script, where it could run as a "
                           "command; hand it over as a variable instead, or as an argument"}}}));
}

TEST(Diagnostic, WithoutAFieldThePlaceIsTheFile) {
    expect_golden("error_whole_file.txt",
                  shown({Problem::dag_cycle, "a -> b -> a", {}}));
}

TEST(Diagnostic, AMissingPlaceIsThatOfItsParent) {
    const Located file = located();
    EXPECT_EQ(position_of(file.positions, "/nodes/test/retry/delay"), (Position{6, 3}));
    EXPECT_EQ(position_of(file.positions, "/outputs"), (Position{1, 1}));
    EXPECT_EQ(position_of({}, "/outputs"), std::nullopt);
}

TEST(Diagnostic, ASyntaxErrorKnowsItsPlace) {
    const LoadError error{fail(Problem::yaml_syntax, "a closing bracket is missing"),
                          Position{5, 10}};
    expect_golden("error_syntax.txt",
                  syntax_error(error, {"-", file_text, nullptr, nullptr}, Style{false}));
}

TEST(Diagnostic, HostileTextReachesNoTerminal) {
    const std::string text =
        shown({Problem::unknown_field, "", {{"/nodes/test", "", "\x1b[2J\"x\""}}});
    EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

TEST(Diagnostic, APlaceBeyondTheTextIsTold) {
    const LoadError error{fail(Problem::yaml_syntax, "ends too early"), Position{99, 1}};
    const std::string text =
        syntax_error(error, {"x.yaml", file_text, nullptr, nullptr}, Style{false});
    EXPECT_TRUE(text.starts_with("error[E_YAML_SYNTAX] x.yaml:99:1\n   | ends too early\n"));
}

TEST(Diagnostic, CodesNameProblemsBothWays) {
    EXPECT_EQ(error_code_of(Problem::unknown_field), "E_UNKNOWN_FIELD");
    EXPECT_EQ(problem_of_code("E_UNKNOWN_FIELD"), Problem::unknown_field);
    EXPECT_EQ(problem_of_code("unknown-field"), Problem::unknown_field);
    EXPECT_EQ(problem_of_code("e_dag_cycle"), Problem::dag_cycle);
    EXPECT_EQ(problem_of_code("E_NOTHING"), std::nullopt);
}

TEST(Diagnostic, APlainErrorNamesItsFix) {
    expect_golden("error_plain.txt",
                  plain_error(fail(Problem::unreachable, "http://127.0.0.1:7480 does not answer"),
                              Style{false}));
}

}  // namespace
}  // namespace attacca::cli
