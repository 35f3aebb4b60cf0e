// SPDX-License-Identifier: Apache-2.0
#include "adapters/tools/junit_xml.h"

#include <gtest/gtest.h>

namespace attacca::tools {
namespace {

constexpr std::string_view report = R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="4">
  <properties><property name="x" value="y"/></properties>
  <testsuite name="outer">
    <testcase name="a" classname="C" time="0.125"/>
    <testsuite name="inner">
      <testcase name="b" time="1,034.5"><failure message="no &lt;way&gt;">line 1
line 2</failure><failure message="again"/><system-out>noise</system-out></testcase>
    </testsuite>
    <testcase name="c" time="odd"><error message="boom"/></testcase>
    <testcase name="d"><skipped/></testcase>
    <testcase name="e" status="notrun" time="2"/>
  </testsuite>
</testsuites>
)";

std::string fault_of(std::string_view xml) {
    const auto cases = read_junit_xml(xml);
    return cases ? "" : cases.error().detail;
}

TEST(JunitXml, CasesAreReadWithTheirVerdicts) {
    const auto cases = read_junit_xml(report);
    ASSERT_TRUE(cases) << cases.error().detail;
    ASSERT_EQ(cases->size(), 5U);
    const TestCase& a = (*cases)[0];
    EXPECT_EQ(a.suite, "outer");
    EXPECT_EQ(a.name, "a");
    EXPECT_EQ(a.class_name, "C");
    EXPECT_EQ(a.status, TestStatus::passed);
    EXPECT_EQ(a.duration_ms, 125);
    const TestCase& b = (*cases)[1];
    EXPECT_EQ(b.suite, "inner");
    EXPECT_EQ(b.status, TestStatus::failed);
    EXPECT_EQ(b.duration_ms, 1034500);
    EXPECT_EQ(b.message, "no <way>");
    EXPECT_EQ(b.text, "line 1\nline 2");
    EXPECT_EQ((*cases)[2].status, TestStatus::error);
    EXPECT_EQ((*cases)[2].suite, "outer");
    EXPECT_EQ((*cases)[2].duration_ms, 0);
    EXPECT_EQ((*cases)[3].status, TestStatus::skipped);
    EXPECT_EQ((*cases)[4].status, TestStatus::skipped);
}

TEST(JunitXml, OneSuiteMayBeTheRoot) {
    EXPECT_EQ(read_junit_xml("<testsuite><testcase name='x'/></testsuite>")->size(), 1U);
    EXPECT_EQ(read_junit_xml("<testsuites/>")->size(), 0U);
}

TEST(JunitXml, AReportThatBreaksOffIsNoReport) {
    for (std::size_t size = 0; size < report.rfind("</testsuites>"); ++size) {
        EXPECT_NE(fault_of(report.substr(0, size)), "") << size;
    }
    EXPECT_EQ(fault_of("<testsuite>\n<testcase>\n</testsuite>"), "mismatched tag in line 3");
    EXPECT_EQ(fault_of("PASS\n"), "syntax error in line 1");
    EXPECT_EQ(fault_of("<html></html>"), "it is no JUnit report: it begins with <html>");
}

TEST(JunitXml, HostileReportsAreRefused) {
    EXPECT_EQ(fault_of("<!DOCTYPE x [<!ENTITY a \"b\">]><testsuite>&a;</testsuite>"),
              "it has a document type");
    EXPECT_EQ(fault_of("<!DOCTYPE testsuite SYSTEM \"file:///etc/passwd\"><testsuite/>"),
              "it has a document type");
    EXPECT_EQ(fault_of("<testsuite>&undeclared;</testsuite>"), "undefined entity in line 1");
    std::string deep = "<testsuite>";
    for (std::size_t i = 0; i < 100000; ++i) {
        deep += "<x>";
    }
    EXPECT_EQ(fault_of(deep), "it is nested too deeply");
    std::string many = "<testsuite>";
    for (std::size_t i = 0; i <= junit_cases_max; ++i) {
        many += "<testcase/>";
    }
    EXPECT_EQ(fault_of(many + "</testsuite>"), "it holds more than 100000 tests");
}

TEST(JunitXml, LongTextsAreCut) {
    const std::string text(std::size_t{3} << 20U, 'x');
    const auto cases = read_junit_xml("<testsuite><testcase name='" + text +
                                      "'><failure message='" + text + "'>" + text +
                                      "</failure></testcase></testsuite>");
    ASSERT_TRUE(cases);
    EXPECT_EQ((*cases)[0].name.size(), junit_name_bytes_max);
    EXPECT_EQ((*cases)[0].message.size(), junit_text_bytes_max);
    EXPECT_EQ((*cases)[0].text.size(), junit_text_bytes_max);
}

}  // namespace
}  // namespace attacca::tools
