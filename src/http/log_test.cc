// SPDX-License-Identifier: Apache-2.0
#include "http/log.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/json.h"

namespace attacca::http {
namespace {

TEST(Log, WritesOneLineOfJson) {
    std::vector<std::string> lines;
    const Log log(LogLevel::info, [&](std::string_view line) { lines.emplace_back(line); });
    log.write({.level = LogLevel::warning,
               .message = "a\nb\"\x1b",
               .correlation_id = "req-1",
               .duration = milliseconds(12),
               .user = "usr:x",
               .members = ",\"status\":500"});
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_EQ(lines[0].find('\n'), lines[0].size() - 1);
    const auto json = parse_json(lines[0]);
    ASSERT_TRUE(json) << lines[0];
    EXPECT_EQ(json->find("level")->as_string(), "WARNING");
    EXPECT_EQ(json->find("message")->as_string(), "a\nb\"\x1b");
    EXPECT_EQ(json->find("correlation_id")->as_string(), "req-1");
    EXPECT_EQ(json->find("duration_ms")->as_integer(), 12);
    EXPECT_EQ(json->find("status")->as_integer(), 500);
    EXPECT_EQ(json->find("logger")->as_string(), "http");
}

TEST(Log, LeavesOutWhatIsBelowItsLevel) {
    int lines = 0;
    const Log log(LogLevel::warning, [&](std::string_view) { ++lines; });
    log.write({.level = LogLevel::info, .message = "x"});
    EXPECT_EQ(lines, 0);
    log.write({.level = LogLevel::critical, .message = "\xff"});
    EXPECT_EQ(lines, 1);
}

TEST(Log, LevelsHaveNames) {
    for (const LogLevel level : {LogLevel::debug, LogLevel::info, LogLevel::warning,
                                 LogLevel::error, LogLevel::critical}) {
        EXPECT_EQ(log_level_of(name_of(level)), level);
    }
    EXPECT_EQ(log_level_of("loud"), std::nullopt);
}

}  // namespace
}  // namespace attacca::http
