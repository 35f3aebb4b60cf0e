// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/boxed.h"
#include "base/json.h"
#include "base/time.h"
#include "core/graph/definition.h"
#include "core/job/ids.h"
#include "core/job/record.h"
#include "core/retention/seal_key.h"

// What a runner is asked to do, with every expression already replaced by its value, and what it
// reports back. Values never become part of a shell text: they are argv elements or environment.

namespace attacca::core {

// Written into the attempt's working directory before it starts.
struct AttemptFile {
    std::string path;  // relative, below the working directory
    std::string content;
};

// The request of an `http` or `notify` node.
struct HttpCall {
    std::string method = "GET";
    std::string url;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    std::vector<std::int64_t> statuses;  // that mean success; none: 200 to 299
};

struct AttemptSpec {
    JobId job;
    InstanceIndex instance = 0;
    FenceToken fence;
    std::uint32_t attempt = 1;
    std::string tenant;
    std::string job_name;
    std::string node;
    std::string item_key;  // of a map item, for people; else empty
    NodeKind kind = NodeKind::noop;
    std::vector<std::pair<std::string, std::string>> env;
    std::optional<Duration> timeout;
    std::optional<Duration> heartbeat;

    bool is_shell = false;
    std::string script;             // run as `sh -eu` reading it from a file
    std::vector<std::string> argv;  // absolute path first, or a name looked up in a fixed PATH
    std::string dir;                // empty = the attempt's own directory
    std::vector<OutputDef> outputs;
    std::vector<std::string> artifacts;
    std::vector<AttemptFile> files;

    std::string junit;  // of a test: where its report will stand, below the working directory
    HttpCall http;

    std::string tool;                  // of a scan
    std::vector<std::string> targets;  // typed and in scope: core/scan checked them
    std::vector<std::pair<std::string, Json>> options;

    Boxed<SealKey> seal;  // what it leaves is sealed with it before it is kept
};

// A runner's report of how an attempt ended.
struct AttemptReport {
    JobId job;
    InstanceIndex instance = 0;
    FenceToken fence;
    Outcome outcome = Outcome::succeeded;
    bool is_transient = false;  // of `error` and `failed`: worth trying again by default
    bool is_permanent = false;  // of `failed`: never worth it, whatever the policy says
    std::optional<std::int64_t> exit_code;
    std::string detail;
    std::string output;  // JSON object text; at most body_bytes_max, else `output_file`
    std::optional<Artifact> output_file;
    std::vector<Artifact> artifacts;
    friend bool operator==(const AttemptReport&, const AttemptReport&) = default;
};

}  // namespace attacca::core
