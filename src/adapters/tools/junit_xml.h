// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

// Reads the JUnit XML that test programs write: <testsuites>, <testsuite>, <testcase> with
// <failure>, <error> or <skipped>, whatever else stands around them.
//
// The text comes from what was tested, which may be hostile. So: a streaming parser, no document
// type at all (and with it no entities, nothing external), bounded depth, counts and lengths. A
// document that breaks off is an error: the tests that did not get into it may have failed. Pure;
// safe from any thread.

namespace attacca::tools {

inline constexpr std::size_t junit_depth_max = 64;
inline constexpr std::size_t junit_cases_max = 100000;
inline constexpr std::size_t junit_name_bytes_max = 512;
inline constexpr std::size_t junit_text_bytes_max = 2048;  // of a failure; the rest is cut off

enum class TestStatus : std::uint8_t { passed, failed, error, skipped };

struct TestCase {
    std::string suite;
    std::string name;
    std::string class_name;
    TestStatus status = TestStatus::passed;
    std::int64_t duration_ms = 0;
    std::string message;  // of a failure, an error or a skip
    std::string text;     // what stands inside it
};

[[nodiscard]] std::string_view name_of(TestStatus status);

// Errors: invalid_value, with the reason and, where there is one, the line.
[[nodiscard]] Result<std::vector<TestCase>> read_junit_xml(std::string_view xml);

}  // namespace attacca::tools
