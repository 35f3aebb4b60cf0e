// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

// Structured logs: one JSON object a line (requirements I17, N13). What came from a user is escaped
// by JSON itself, so that no text can make a line of its own. Safe from any thread.

namespace attacca::http {

// What stands for the lane (`core_id` of the source system) until there are several.
inline constexpr std::string_view default_lane = "default";

enum class LogLevel { debug, info, warning, error, critical };

[[nodiscard]] std::string_view name_of(LogLevel level);
[[nodiscard]] std::optional<LogLevel> log_level_of(std::string_view name);

struct LogLine {
    LogLevel level = LogLevel::info;
    std::string_view logger = "http";
    std::string_view message;
    std::string_view correlation_id = {};
    std::optional<Duration> duration = {};
    std::string_view user = {};
    std::string_view job = {};  // the job that the line is about
    std::string_view members = {};  // further JSON members, beginning with a comma
};

class Log {
  public:
    using Sink = std::function<void(std::string_view line)>;

    // Without a sink, lines go to standard error.
    explicit Log(LogLevel least, Sink sink = {});

    [[nodiscard]] bool wants(LogLevel level) const { return level >= least_; }
    void write(const LogLine& line) const;

  private:
    LogLevel least_;
    Sink sink_;
};

}  // namespace attacca::http
