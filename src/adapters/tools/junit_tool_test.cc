// SPDX-License-Identifier: Apache-2.0
#include "adapters/tools/junit_tool.h"

#include <gtest/gtest.h>

namespace attacca::tools {
namespace {

ports::ToolVerdict verdict_on(std::optional<std::string> report) {
    core::AttemptSpec spec;
    spec.junit = "out.xml";
    ports::ToolRun run;
    run.exit_code = 0;
    run.result = std::move(report);
    return JunitTool().judge(spec, run);
}

std::string suite_of(const std::string& cases) {
    return "<testsuite name='s'>" + cases + "</testsuite>";
}

TEST(JunitTool, AllTestsMustPass) {
    const auto good = verdict_on(suite_of("<testcase name='a' time='0.5'/><testcase name='b'/>"));
    EXPECT_EQ(good.outcome, core::Outcome::succeeded);
    EXPECT_EQ(good.detail, "");
    EXPECT_EQ(good.outputs.text(),
              R"({"tests":2,"passed":2,"failed":0,"errors":0,"skipped":0,"duration_ms":500,)"
              R"("report":"complete","failures":[]})");
    const auto bad = verdict_on(suite_of(
        "<testcase name='a'/><testcase name='b'><failure message='no'/></testcase>"
        "<testcase name='c'><error>boom</error></testcase><testcase name='d'><skipped/>"
        "</testcase>"));
    EXPECT_EQ(bad.outcome, core::Outcome::failed);
    EXPECT_EQ(bad.detail, "2 of 4 tests failed");
    EXPECT_EQ(bad.outputs.find("failures")->text(),
              R"([{"suite":"s","name":"b","message":"no"},)"
              R"({"suite":"s","name":"c","message":"boom"}])");
}

TEST(JunitTool, EveryCaseGoesIntoAFile) {
    const auto verdict = verdict_on(suite_of("<testcase name='a' classname='k'/>"));
    ASSERT_EQ(verdict.files.size(), 1U);
    EXPECT_EQ(verdict.files[0].name, "tests.json");
    EXPECT_EQ(verdict.files[0].bytes,
              R"({"items":[{"suite":"s","name":"a","class":"k","status":"passed",)"
              R"("duration_ms":0}]})");
}

TEST(JunitTool, AReportThatIsMissingGarbledOrEmptyIsAFailureThatSaysSo) {
    EXPECT_EQ(verdict_on(std::nullopt).detail, "there is no report out.xml");
    EXPECT_EQ(verdict_on(std::nullopt).outputs.find("report")->as_string(), "missing");
    const auto garbled = verdict_on("<testsuite><testcase>");
    EXPECT_EQ(garbled.outcome, core::Outcome::failed);
    EXPECT_EQ(garbled.detail, "the report out.xml cannot be read: no element found in line 1");
    EXPECT_EQ(garbled.outputs.find("report")->as_string(), "unreadable");
    EXPECT_EQ(verdict_on("<testsuite/>").detail, "the report holds no test");
    EXPECT_TRUE(verdict_on("<testsuite/>").files.empty());
}

TEST(JunitTool, OutputsStaySmallHoweverManyFail) {
    std::string cases;
    for (int i = 0; i < 5000; ++i) {
        cases += "<testcase name='n'><failure message='" + std::string(900, 'x') +
                 "'/></testcase>";
    }
    const auto verdict = verdict_on(suite_of(cases));
    EXPECT_EQ(verdict.outputs.find("failed")->as_integer(), 5000);
    EXPECT_LT(verdict.outputs.text().size(), core::body_bytes_max);
}

}  // namespace
}  // namespace attacca::tools
