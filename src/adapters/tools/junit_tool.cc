// SPDX-License-Identifier: Apache-2.0
#include "adapters/tools/junit_tool.h"

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "adapters/tools/junit_xml.h"
#include "base/error.h"

namespace attacca::tools {
namespace {

// With these, outputs stay below what expressions can read.
constexpr std::size_t failures_told_max = 50;
// Of all cases together; what comes later is kept without its texts.
constexpr std::size_t texts_bytes_max = std::size_t{8} << 20U;

struct Counts {
    std::array<std::int64_t, 4> of{};  // by TestStatus
    std::int64_t duration_ms = 0;

    [[nodiscard]] std::int64_t operator[](TestStatus status) const {
        return of[static_cast<std::size_t>(status)];
    }
    [[nodiscard]] std::int64_t all() const { return of[0] + of[1] + of[2] + of[3]; }
    [[nodiscard]] std::int64_t bad() const {
        return (*this)[TestStatus::failed] + (*this)[TestStatus::error];
    }
};

Counts count(const std::vector<TestCase>& cases) {
    Counts counts;
    for (const TestCase& one : cases) {
        ++counts.of[static_cast<std::size_t>(one.status)];
        counts.duration_ms += one.duration_ms;
    }
    return counts;
}

bool is_bad(const TestCase& one) {
    return one.status == TestStatus::failed || one.status == TestStatus::error;
}

void set_if_any(Json& object, std::string_view key, const std::string& text) {
    if (!text.empty()) {
        object.set(key, text);
    }
}

Json case_json(const TestCase& one, std::size_t& text_bytes) {
    Json json = Json::object();
    json.set("suite", one.suite);
    json.set("name", one.name);
    set_if_any(json, "class", one.class_name);
    json.set("status", name_of(one.status));
    json.set("duration_ms", one.duration_ms);
    text_bytes += one.message.size() + one.text.size();
    if (text_bytes <= texts_bytes_max) {
        set_if_any(json, "message", one.message);
        set_if_any(json, "text", one.text);
    }
    return json;
}

Json failures_json(const std::vector<TestCase>& cases) {
    Json failures = Json::array();
    for (const TestCase& one : cases) {
        if (!is_bad(one) || failures.as_array().size() >= failures_told_max) {
            continue;
        }
        Json json = Json::object();
        json.set("suite", one.suite);
        json.set("name", one.name);
        json.set("message", quoted(one.message.empty() ? one.text : one.message));
        failures.push(std::move(json));
    }
    return failures;
}

Json outputs_of(const std::vector<TestCase>& cases, const Counts& counts,
                std::string_view report) {
    Json outputs = Json::object();
    outputs.set("tests", counts.all());
    outputs.set("passed", counts[TestStatus::passed]);
    outputs.set("failed", counts[TestStatus::failed]);
    outputs.set("errors", counts[TestStatus::error]);
    outputs.set("skipped", counts[TestStatus::skipped]);
    outputs.set("duration_ms", counts.duration_ms);
    outputs.set("report", report);
    outputs.set("failures", failures_json(cases));
    return outputs;
}

std::string words(std::int64_t count, const char* word) {
    return std::to_string(count) + " " + word + (count == 1 ? "" : "s");
}

// What keeps the attempt from having succeeded; empty when nothing does.
std::string gap_in(const Counts& counts) {
    if (counts.all() == 0) {
        return "the report holds no test";
    }
    return counts.bad() == 0 ? "" : std::to_string(counts.bad()) + " of " +
                                        words(counts.all(), "test") + " failed";
}

}  // namespace

Result<ports::ToolCommand> JunitTool::command(const core::AttemptSpec& spec) const {
    return ports::ToolCommand{spec.argv, spec.junit, "application/xml"};
}

ports::ToolVerdict JunitTool::judge(const core::AttemptSpec& spec,
                                    const ports::ToolRun& run) const {
    std::vector<TestCase> cases;
    std::string_view report = "missing";
    std::string gap = "there is no report " + quoted(spec.junit);
    if (run.result) {
        Result<std::vector<TestCase>> read = read_junit_xml(*run.result);
        report = read ? "complete" : "unreadable";
        gap = read ? "" : "the report " + quoted(spec.junit) + " cannot be read: " +
                              read.error().detail;
        cases = read ? std::move(*read) : std::vector<TestCase>{};
    }
    const Counts counts = count(cases);
    if (gap.empty()) {
        gap = gap_in(counts);
    }
    ports::ToolVerdict verdict;
    verdict.outcome = gap.empty() ? core::Outcome::succeeded : core::Outcome::failed;
    verdict.detail = std::move(gap);
    verdict.outputs = outputs_of(cases, counts, report);
    if (!cases.empty()) {
        Json items = Json::array();
        std::size_t text_bytes = 0;
        for (const TestCase& one : cases) {
            items.push(case_json(one, text_bytes));
        }
        Json file = Json::object();
        file.set("items", std::move(items));
        verdict.files.push_back({"tests.json", std::string(test_cases_type), file.text()});
    }
    return verdict;
}

}  // namespace attacca::tools
