// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/graph/definition.h"

// What nodes of the rarer kinds do, apart from NodeDef: most nodes have none of it, and a
// definition may hold 100,000 of them.

namespace attacca::core {

struct ApproveDef {
    std::optional<Template> message;  // what the person is asked
};

// The command stands in NodeDef::run.
struct TestDef {
    std::string junit;  // where the report stands, below the working directory
};

struct CheckpointDef {
    std::vector<std::pair<std::string, Template>> values;  // sorted by name
};

struct ChildDef {
    std::string name;  // of the job; empty: the parent's and the node's
    std::shared_ptr<const Definition> definition;  // null only where Definition::is_open
    // Where the definition came from, as whoever wrote this one says; empty and 0: from nowhere.
    std::string workflow;
    std::uint32_t version = 0;
    std::vector<std::pair<std::string, Json>> params;  // literals, or strings as templates
};

// Texts in the body may be templates, wherever they stand in it.
struct HttpDef {
    std::string method = "GET";
    Template url;
    std::vector<std::pair<std::string, Template>> headers;  // sorted by name
    std::optional<Json> body;                               // a text is sent as it is, else as JSON
    std::vector<std::int64_t> statuses;                     // that mean success; none: 200 to 299
};

enum class NotifyChannel : std::uint8_t { webhook, slack };
struct NotifyDef {
    NotifyChannel channel = NotifyChannel::webhook;
    Template url;
    Template text;
};

struct NodeExtras {
    ApproveDef approve;
    TestDef test;
    std::optional<Expression> condition;
    CheckpointDef checkpoint;
    ChildDef child;
    HttpDef http;
    NotifyDef notify;
};

}  // namespace attacca::core
