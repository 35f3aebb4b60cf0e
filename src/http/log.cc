// SPDX-License-Identifier: Apache-2.0
#include "http/log.h"

#include <array>
#include <chrono>
#include <utility>

#include <unistd.h>

#include "base/bytes.h"
#include "base/error.h"
#include "http/json_out.h"

namespace attacca::http {
namespace {

constexpr std::array<std::pair<LogLevel, std::string_view>, 5> names = {
    {{LogLevel::debug, "DEBUG"},
     {LogLevel::info, "INFO"},
     {LogLevel::warning, "WARNING"},
     {LogLevel::error, "ERROR"},
     {LogLevel::critical, "CRITICAL"}}};

// One write per line: lines of several threads do not mix.
void write_to_standard_error(std::string_view line) {
    const ssize_t ignored = ::write(STDERR_FILENO, line.data(), line.size());
    static_cast<void>(ignored);
}

}  // namespace

std::string_view name_of(LogLevel level) {
    return names[static_cast<std::size_t>(level)].second;
}

std::optional<LogLevel> log_level_of(std::string_view name) {
    for (const auto& [level, text] : names) {
        if (text == name) {
            return level;
        }
    }
    return std::nullopt;
}

Log::Log(LogLevel least, Sink sink)
    : least_(least), sink_(sink ? std::move(sink) : Sink(write_to_standard_error)) {}

void Log::write(const LogLine& line) const {
    if (!wants(line.level)) {
        return;
    }
    const auto since_epoch = std::chrono::system_clock::now().time_since_epoch();
    const WallTime now{std::chrono::duration_cast<std::chrono::microseconds>(since_epoch).count()};
    std::string out;
    ObjectOut object(out);
    object.time("timestamp", now);
    object.text("level", name_of(line.level));
    object.text("logger", line.logger);
    if (!line.correlation_id.empty()) {
        object.text("correlation_id", line.correlation_id);
    }
    object.text("message",
                is_utf8(line.message) ? std::string(line.message) : quoted(line.message));
    if (!line.job.empty()) {
        object.text("task_id", line.job);
        object.text("core_id", default_lane);
    }
    if (line.duration) {
        object.integer("duration_ms", line.duration->ms());
    }
    if (!line.user.empty()) {
        object.text("user_id", line.user);
    }
    out += line.members;
    object.end();
    out += '\n';
    sink_(out);
}

}  // namespace attacca::http
