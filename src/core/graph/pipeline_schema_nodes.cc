// SPDX-License-Identifier: Apache-2.0
#include "core/graph/pipeline_schema_nodes.h"

namespace attacca::core {

namespace {

constexpr std::string_view text = R"json(    "nodes": {
      "type": "object",
      "propertyNames": {"$ref": "#/definitions/id"},
      "additionalProperties": {"$ref": "#/definitions/node"}
    },
    "node": {
      "type": "object",
      "additionalProperties": false,
      "patternProperties": {"^x-": {}},
      "properties": {
        "id": {"$ref": "#/definitions/id"},
        "type": {"type": "string"},
        "description": {"type": "string"},
        "needs": {"type": "array", "items": {"$ref": "#/definitions/id"}},
        "needs_when": {
          "enum": ["all_succeeded", "any_succeeded", "all_done", "any_failed"],
          "default": "all_succeeded"
        },
        "if": {"$ref": "#/definitions/expression", "description": "False skips the node"},
        "run": {"$ref": "#/definitions/command"},
        "shell": {"type": "string", "default": "sh -eu"},
        "dir": {"type": "string"},
        "scan": {"$ref": "#/definitions/scan"},
        "wait": {
          "type": "object",
          "additionalProperties": false,
          "properties": {
            "for": {"$ref": "#/definitions/duration"},
            "until": {"type": "string", "description": "A time as in RFC 3339"}
          },
          "oneOf": [{"required": ["for"]}, {"required": ["until"]}]
        },
        "approve": {
          "type": "object",
          "description": "Waits for a person; timeout bounds how long",
          "additionalProperties": false,
          "patternProperties": {"^x-": {}},
          "properties": {
            "message": {"type": "string", "description": "What the person is asked"}
          }
        },
        "test": {
          "type": "object",
          "description": "Runs a command and reads the JUnit XML that it leaves",
          "required": ["run", "junit"],
          "additionalProperties": false,
          "patternProperties": {"^x-": {}},
          "properties": {
            "run": {"$ref": "#/definitions/command"},
            "junit": {"type": "string", "description": "Path of the report", "maxLength": 255}
          }
        },
        "group": {
          "type": "object",
          "description": "Nodes that belong together; NODE inside becomes GROUP_NODE",
          "additionalProperties": false,
          "patternProperties": {"^x-": {}},
          "properties": {
            "mode": {"enum": ["parallel", "sequential"], "default": "parallel"},
            "nodes": {"$ref": "#/definitions/nodes"}
          }
        },
        "job": {
          "type": "object",
          "description": "Makes a job of its own and waits for its end",
          "anyOf": [{"required": ["definition"]}, {"required": ["workflow"]}],
          "additionalProperties": false,
          "patternProperties": {"^x-": {}},
          "properties": {
            "name": {"type": "string", "minLength": 1, "maxLength": 200},
            "definition": {"type": "object", "description": "Nodes, params, outputs, limits, …"},
            "params": {"type": "object"},
            "workflow": {"type": "string", "description": "A workflow of the server, by name"},
            "version": {"type": "integer", "minimum": 1, "description": "Default: the newest"}
          }
        },
        "condition": {
          "$ref": "#/definitions/expression",
          "description": "Succeeds with the output result: true or false"
        },
        "checkpoint": {
          "description": "Values that are kept under the name of this node",
          "anyOf": [{"$ref": "#/definitions/texts"}, {"type": "boolean"}]
        },
        "matrix": {
          "type": "object",
          "description": "Runs the node for each combination of the values of these lists",
          "properties": {
            "parallel": {"type": "integer", "minimum": 1, "maximum": 100000},
            "on_error": {"enum": ["continue", "stop"], "default": "continue"}
          },
          "additionalProperties": {"type": "array", "minItems": 1}
        },
        "noop": {"const": true},
        "map": {"$ref": "#/definitions/map"},
        "env": {"$ref": "#/definitions/env"},
        "timeout": {"$ref": "#/definitions/duration"},
        "heartbeat": {"$ref": "#/definitions/duration", "description": "Longest silence allowed"},
        "retry": {"$ref": "#/definitions/retry"},
        "on_failure": {
          "enum": ["fail", "skip_node", "retry_job", "rollback_state", "requeue_job",
                   "escalate_manual", "abort_execution", "fallback_strategy"],
          "default": "fail"
        },
        "outputs": {
          "type": "object",
          "propertyNames": {"$ref": "#/definitions/id"},
          "additionalProperties": {"$ref": "#/definitions/output"}
        },
        "artifacts": {
          "type": "array",
          "maxItems": 1000,
          "items": {"type": "string", "minLength": 1, "maxLength": 255}
        },
        "http": {
          "type": "object",
          "description": "One request; redirects are answers",
          "required": ["url"],
          "properties": {
            "method": {"enum": ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"], "default": "GET"},
            "url": {"type": "string"},
            "headers": {"$ref": "#/definitions/texts"},
            "body": {"description": "A text is sent as it is, anything else as JSON"},
            "expect": {"type": "object", "properties": {"status": {}}}
          }
        },
        "task": {
          "description": "Work for a worker outside the server, which claims it from the lane",
          "type": "object",
          "required": ["lane"],
          "additionalProperties": false,
          "patternProperties": {"^x-": {}},
          "properties": {
            "lane": {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$"},
            "capabilities": {
              "description": "What its worker must have, as gpu",
              "type": "array", "maxItems": 16,
              "items": {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$"}
            },
            "type": {"type": "string", "description": "What to do, for the worker"},
            "args": {"type": "array"},
            "input": {"description": "Any value; texts in it may hold expressions"},
            "owner": {"description": "Whose it is, where a lane is kept; else its job's",
              "type": "string"},
            "stay": {"description": "The lane is kept for what follows of the same owner",
              "type": "boolean", "default": false}
          }
        },
        "amqp": {"type": "object"},
        "notify": {
          "type": "object",
          "description": "Posts a text to a webhook",
          "required": ["url", "text"],
          "properties": {
            "channel": {"enum": ["webhook", "slack"], "default": "webhook"},
            "url": {"type": "string"}, "text": {"type": "string"}
          }
        },
        "lock": {
          "type": "string",
          "minLength": 1,
          "description": "Of a tenant's attempts with the same lock one runs at a time"
        },
        "fallback": {"$ref": "#/definitions/id"},
        "runner": {"type": "string"},
        "concurrency_key": {"type": "string"}
      },
      "oneOf": [
        {"required": ["run"]},
        {"required": ["scan"]},
        {"required": ["wait"]},
        {"required": ["noop"]},
        {"required": ["http"]},
        {"required": ["test"]},
        {"required": ["task"]},
        {"required": ["amqp"]},
        {"required": ["job"]},
        {"required": ["approve"]},
        {"required": ["notify"]},
        {"required": ["group"]},
        {"required": ["condition"]},
        {"required": ["checkpoint"]}
      ]
    }
  }
}
)json";

}  // namespace

std::string_view node_schema_text() {
    return text;
}

}  // namespace attacca::core
