// SPDX-License-Identifier: Apache-2.0
#include "core/graph/pipeline.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <utility>

namespace attacca::core {
namespace {

struct Sample {
    const char* json;
    const char* fault;  // "slug pointer"
};

std::string pipeline_fault_of(std::string_view json) {
    const auto file = parse_json(json);
    if (!file) {
        return "the sample is no JSON: " + file.error().detail;
    }
    const auto pipeline = parse_pipeline(*file);
    if (pipeline) {
        return "";
    }
    return std::string(slug_of(pipeline.error().problem)) + " " +
           pipeline.error().fields.at(0).pointer;
}

// The head of a file, and what follows it.
std::string file_with(std::string_view rest) {
    return R"({"attacca":"v1","name":"n",)" + std::string(rest) + "}";
}

constexpr const char* perimeter = R"json({
  "attacca": "v1", "name": "perimeter-scan", "description": "Find open ports, write one report.",
  "labels": {"team": "blue", "year": 2026},
  "params": {
    "targets": {"type": "list", "items": "target", "required": true},
    "top_ports": {"type": "integer", "default": 1000, "minimum": 1, "maximum": 65535}},
  "scope": {"include": ["127.0.0.0/8", "*.example.com"]},
  "limits": {"timeout": "2h", "parallel": 10, "priority": "high"},
  "defaults": {"timeout": "15m", "retry": {"max_attempts": 3, "delay": "1s", "max_delay": "30s"}},
  "nodes": {
    "ports": {"scan": {"tool": "nmap", "targets": "${{ params.targets }}",
                       "options": {"top_ports": "${{ params.top_ports }}"}}},
    "checks": {"needs": ["ports"], "if": "${{ length(nodes.ports.outputs.hosts) > 0 }}",
               "map": {"over": "${{ nodes.ports.outputs.hosts }}", "as": "host",
                       "key": "${{ host.address }}", "parallel": 20},
               "timeout": "10m",
               "scan": {"tool": "nmap", "targets": ["${{ host.address }}"],
                        "options": {"service_version": true}}},
    "report": {"needs": ["checks"], "needs_when": "all_done",
               "env": {"RESULTS": "${{ nodes.checks.results_file }}",
                       "FAILED": "${{ nodes.checks.counts.failed }}"},
               "run": "./make-report --results \"$RESULTS\" > report.md\n",
               "artifacts": ["report.md"]}},
  "finally": {
    "tell": {"run": ["echo", "${{ job.name }} ${{ job.status }}",
                     "${{ nodes.checks.counts.total }}"]}},
  "outputs": {"failed": "${{ nodes.checks.counts.failed }}"}
})json";

TEST(Pipeline, TheShortestFileIsThreeLines) {
    const auto pipeline = parse_pipeline(
        parse_json(R"({"attacca":"v1","name":"hello","nodes":{"hi":{"run":"echo hello"}}})")
            .value());
    ASSERT_TRUE(pipeline) << pipeline.error().detail;
    EXPECT_EQ(pipeline->name, "hello");
    EXPECT_EQ(pipeline->priority, Priority::medium);
    EXPECT_EQ(pipeline->definition.nodes[0].run.script, "echo hello");
}

TEST(Pipeline, ThePerimeterScanIsRead) {
    const auto pipeline = parse_pipeline(parse_json(perimeter).value());
    ASSERT_TRUE(pipeline) << pipeline.error().detail << pipeline.error().fields[0].pointer;
    EXPECT_EQ(pipeline->description, "Find open ports, write one report.");
    EXPECT_EQ(pipeline->labels.text(), R"({"team":"blue","year":"2026"})");
    EXPECT_EQ(pipeline->priority, Priority::high);
    const Definition& definition = pipeline->definition;
    ASSERT_EQ(definition.nodes.size(), 4U);
    EXPECT_EQ(definition.nodes[1].map->as, "host");
    EXPECT_EQ(definition.nodes[2].join, Join::all_done);
    EXPECT_TRUE(definition.nodes[3].is_finally);
    EXPECT_EQ(definition.nodes[0].retry.max_attempts, 3U);
    EXPECT_EQ(load_definition(definition.body)->digest, definition.digest);
}

TEST(Pipeline, TheSameDefinitionByTheApiHasTheSameBody) {
    const auto file = parse_pipeline(
        parse_json(file_with(R"("nodes":{"a":{"noop":true},"b":{"needs":["a"],"run":["x"]}})"))
            .value());
    const auto request = parse_definition(
        parse_json(R"({"nodes":[{"type":"noop","id":"a"},{"id":"b","type":"process","run":["x"]}],
                       "edges":[{"from":"a","to":"b"}]})").value(), "/dag_definition");
    EXPECT_EQ(file->definition.body, request->body);
}

const Sample broken_files[] = {
    {"[]", "wrong-type "},
    {R"({"name":"n","nodes":{"a":{"noop":true}}})", "missing-field "},
    {R"({"attacca":"v2","name":"n","nodes":{}})", "invalid-value /attacca"},
    {R"({"attacca":"v1","nodes":{"a":{"noop":true}}})", "missing-field "},
    {R"({"attacca":"v1","name":"Not-Lower","nodes":{}})", "invalid-value /name"},
    {R"({"attacca":"v1","name":3,"nodes":{}})", "wrong-type /name"},
    {R"({"attacca":"v1","name":"n","nodes":{"a":{"noop":true}},"labels":{"x":[]}})",
     "wrong-type /labels/x"},
};

const Sample broken_bodies[] = {
    {R"("description":"no nodes")", "missing-field "},
    {R"("nodes":{})", "dag-empty /nodes"},
    {R"("node":{"a":{"noop":true}})", "unknown-field /node"},
    {R"("nodes":{"a":{"noop":true}},"edges":[])", "unknown-field /edges"},
    {R"("nodes":{"a":{"noop":true}},"triggers":{"webhook":{}})", "not-supported /triggers/webhook"},
    {R"("nodes":{"a":{"noop":true}},"triggers":{"schedule":{}})", "wrong-type /triggers/schedule"},
    {R"("nodes":{"a":{"noop":true}},"triggers":{"schedule":[{}]})",
     "missing-field /triggers/schedule/0"},
    {R"("nodes":{"a":{"noop":true}},"triggers":{"schedule":[{"cron":"61 * * * *"}]})",
     "cron-invalid /triggers/schedule/0/cron"},
    {R"("nodes":{"a":{"noop":true}},"triggers":{"schedule":[{"cron":"@daily","job":{}}]})",
     "unknown-field /triggers/schedule/0/job"},
    {R"("nodes":{"a":{"noop":true}},"secrets":["X"])", "not-supported /secrets"},
    {R"("nodes":{"a b":{"noop":true}})", "invalid-value /nodes/a b"},
    {R"("nodes":{"a":{"noop":true},"A":{"noop":true}})", "dag-duplicate-node /nodes/A"},
    {R"("nodes":{"a":{"needs_wen":"all_done","noop":true}})", "unknown-field /nodes/a/needs_wen"},
    {R"("nodes":{"a":{}})", "missing-field /nodes/a"},
    {R"("nodes":{"a":{"run":"x","noop":true}})", "invalid-value /nodes/a/run"},
    {R"("nodes":{"a":{"run":[]}})", "invalid-value /nodes/a/run"},
    {R"("nodes":{"a":{"run":" \n"}})", "invalid-value /nodes/a/run"},
    {R"("nodes":{"a":{"run":{"cmd":"x"}}})", "wrong-type /nodes/a/run"},
    {R"("nodes":{"a":{"run":"echo ${{ params.x }}"}})", "expression-invalid /nodes/a/run"},
    {R"("nodes":{"a":{"run":["echo","${{ params.x }}"]}})", "expression-invalid /nodes/a/run/1"},
    {R"("nodes":{"a":{"run":["x"],"timeout":"10 minutes"}})", "out-of-range /nodes/a/timeout"},
    {R"("nodes":{"a":{"run":["x"],"retry":{"max_attempts":0}}})",
     "retry-policy /nodes/a/retry/max_attempts"},
    {R"("nodes":{"a":{"run":["x"],"retry":{"atempts":2}}})",
     "unknown-field /nodes/a/retry/atempts"},
    {R"("nodes":{"a":{"noop":true,"needs":["b"]}})", "dag-unknown-node /nodes/a/needs/0"},
    {R"("nodes":{"a":{"noop":true,"needs":["b"]},"b":{"noop":true,"needs":["a"]}})",
     "dag-cycle /nodes/a/needs/0"},
    {R"("nodes":{"a":{"noop":true,"if":"nodes.b.status == 'x'"},"b":{"noop":true}})",
     "expression-invalid /nodes/a/if"},
    {R"("nodes":{"a":{"noop":true,"if":"1 +"}})", "expression-invalid /nodes/a/if"},
    {R"("nodes":{"a":{"noop":true,"map":{"as":"x"}}})", "missing-field /nodes/a/map"},
    {R"("nodes":{"a":{"http":{"url":"x"}}})", "invalid-value /nodes/a/http/url"},
    {R"("nodes":{"a":{"noop":true,"fallback":"b"},"b":{"noop":true}})",
     "invalid-value /nodes/a/fallback"},
    {R"("nodes":{"a":{"noop":true,"on_failure":"fallback_strategy","fallback":"c"}})",
     "dag-unknown-node /nodes/a/fallback"},
    {R"("nodes":{"a":{"noop":true}},"finally":{"f":{"noop":true,"on_failure":"abort_execution"}})",
     "invalid-value /finally/f/on_failure"},
    {R"("nodes":{"a":{"noop":true,"lock":""}})", "invalid-value /nodes/a/lock"},
    {R"("nodes":{"a":{"noop":true,"lock":[]}})", "wrong-type /nodes/a/lock"},
    {R"("nodes":{"a":{"approve":{},"lock":"x"}})", "invalid-value /nodes/a/lock"},
    {R"("nodes":{"a":{"noop":true,"lock":"${{ nodes.b.status }}"}})",
     "expression-invalid /nodes/a/lock"},
    {R"("limits":{"concurrency_key":""},"nodes":{"a":{"noop":true}})",
     "invalid-value /limits/concurrency_key"},
    {R"("limits":{"concurrency_key":{"key":"x"}},"nodes":{"a":{"noop":true}})",
     "wrong-type /limits/concurrency_key"},
    {R"("limits":{"concurrency_key":"${{ nodes.a.status }}"},"nodes":{"a":{"noop":true}})",
     "expression-invalid /limits/concurrency_key"},
    {R"("limits":{"concurrency_key":"${{ params.x }}"},"nodes":{"a":{"noop":true}})",
     "expression-invalid /limits/concurrency_key"},
    {R"("nodes":{"a":{"approve":true}})", "wrong-type /nodes/a/approve"},
    {R"("nodes":{"a":{"approve":{"who":"x"}}})", "unknown-field /nodes/a/approve/who"},
    {R"("nodes":{"a":{"approve":{"message":[]}}})", "wrong-type /nodes/a/approve/message"},
    {R"("nodes":{"a":{"approve":{"message":"${{ 1 + }}"}}})",
     "expression-invalid /nodes/a/approve/message"},
    {R"("nodes":{"a":{"approve":{},"retry":{}}})", "invalid-value /nodes/a/retry"},
    {R"("nodes":{"a":{"approve":{},"dir":"x"}})", "invalid-value /nodes/a/dir"},
    {R"("nodes":{"a":{"approve":{},"on_failure":"escalate_manual"}})",
     "invalid-value /nodes/a/on_failure"},
    {R"("nodes":{"a":{"scan":{"tool":"nmap","targets":"127.0.0.1"}}})",
     "target-out-of-scope /nodes/a/scan"},
    {R"("scope":{"include":["::1"]},"nodes":{"a":{"scan":{"tool":"zap","targets":"::1"}}})",
     "not-supported /nodes/a/scan/tool"},
    {R"("nodes":{"a":{"wait":{"for":"1s","until":"x"}}})", "invalid-value /nodes/a/wait"},
    {R"("nodes":{"a":{"run":["x"],"artifacts":["../x"]}})", "artifact-name /nodes/a/artifacts/0"},
    {R"("nodes":{"a":{"run":["x"],"env":{"A-B":"x"}}})", "invalid-value /nodes/a/env/A-B"},
    {R"("nodes":{"a":{"noop":true}},"finally":{"z":{"noop":true,"needs":["a"]}})",
     "invalid-value /finally/z/needs/0"},
    {R"("nodes":{"a":{"noop":true}},"params":{"p":{"type":"int"}})",
     "invalid-value /params/p/type"},
    {R"("nodes":{"a":{"noop":true}},"outputs":{"o":"${{ nodes.b.status }}"})",
     "expression-invalid /outputs/o"},
    {R"("nodes":{"a":{"noop":true}},"limits":{"priority":"urgent"})",
     "out-of-range /limits/priority"},
};

TEST(Pipeline, ABrokenFileIsAnsweredWithTheProblemAndItsPlace) {
    for (const Sample& sample : broken_files) {
        EXPECT_EQ(pipeline_fault_of(sample.json), sample.fault) << sample.json;
    }
    for (const Sample& sample : broken_bodies) {
        EXPECT_EQ(pipeline_fault_of(file_with(sample.json)), sample.fault) << sample.json;
    }
}

// Replaces one value or name of the text by another one that stands in it.
std::string with_swapped_part(const std::string& text, std::uint64_t from, std::uint64_t to) {
    const auto part_at = [&](std::uint64_t nth) {
        std::size_t at = 0;
        for (std::uint64_t i = 0; i <= nth; ++i) {
            at = text.find('"', at) + 1;
            at = i < nth ? text.find('"', at) + 1 : at;
        }
        return std::pair{at, text.find('"', at) - at};
    };
    const auto [from_at, from_size] = part_at(from);
    const auto [to_at, to_size] = part_at(to);
    std::string out = text;
    return out.replace(to_at, to_size, text.substr(from_at, from_size));
}

TEST(Pipeline, RandomChangesNeverCrashTheReader) {
    std::string sample = perimeter;
    for (std::size_t at = sample.find("\\\""); at != sample.npos; at = sample.find("\\\"")) {
        sample.erase(at, 2);
    }
    const auto quotes = std::count(sample.begin(), sample.end(), '"');
    const auto parts = static_cast<std::uint64_t>(quotes) / 2;
    std::uint64_t seed = 11;
    const auto draw = [&seed](std::uint64_t below) {
        seed = seed * 6364136223846793005U + 1442695040888963407U;
        return (seed >> 33U) % below;
    };
    std::size_t read = 0;
    std::size_t refused = 0;
    for (int i = 0; i < 20000; ++i) {
        std::string text = sample;
        for (std::uint64_t left = draw(4); left > 0; --left) {
            text = with_swapped_part(text, draw(parts), draw(parts));
        }
        const auto json = parse_json(text);
        if (!json) {
            continue;
        }
        const auto pipeline = parse_pipeline(*json);
        ++(pipeline ? read : refused);
        if (pipeline) {
            EXPECT_EQ(load_definition(pipeline->definition.body)->body, pipeline->definition.body);
        } else {
            EXPECT_FALSE(pipeline.error().fields.empty());
        }
    }
    EXPECT_GT(read, 1000U);
    EXPECT_GT(refused, 1000U);
}

}  // namespace
}  // namespace attacca::core
