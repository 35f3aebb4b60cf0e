// SPDX-License-Identifier: Apache-2.0
#include "core/graph/pipeline.h"
#include "core/graph/pipeline_schema_nodes.h"

namespace attacca::core {
namespace {

constexpr std::string_view schema_text = R"json({
  "$schema": "http://json-schema.org/draft-07/schema#",
  "title": "Attacca pipeline v1",
  "type": "object",
  "required": ["attacca", "name", "nodes"],
  "additionalProperties": false,
  "patternProperties": {"^x-": {}},
  "properties": {
    "attacca": {"const": "v1", "description": "Version of the file format"},
    "name": {"type": "string", "pattern": "^[a-z][a-z0-9-]{0,62}$"},
    "description": {"type": "string"},
    "labels": {"$ref": "#/definitions/texts"},
    "params": {
      "type": "object",
      "description": "Values that a run may be given",
      "propertyNames": {"$ref": "#/definitions/id"},
      "additionalProperties": {"$ref": "#/definitions/param"}
    },
    "scope": {
      "type": "object",
      "description": "Where scans may go; exclude wins",
      "additionalProperties": false,
      "properties": {
        "include": {"$ref": "#/definitions/scope_entries"},
        "exclude": {"$ref": "#/definitions/scope_entries"}
      }
    },
    "seal": {
      "type": "boolean",
      "description": "Keep parameters, outputs and files so that they can be erased",
      "default": false
    },
    "retention": {
      "type": "string",
      "pattern": "^([1-9][0-9]*[smhdy]|forever)$",
      "description": "How long records are kept after the job's end; default: the server's"
    },
    "env": {"$ref": "#/definitions/env"},
    "limits": {
      "type": "object",
      "additionalProperties": false,
      "properties": {
        "timeout": {"$ref": "#/definitions/duration", "default": "1h"},
        "parallel": {"type": "integer", "minimum": 1, "maximum": 100000, "default": 10},
        "priority": {
          "description": "high, medium, low, or 1 (highest) to 10",
          "anyOf": [
            {"enum": ["high", "medium", "low"]},
            {"type": "integer", "minimum": 1, "maximum": 10}
          ],
          "default": "medium"
        },
        "concurrency_key": {
          "type": "string",
          "minLength": 1,
          "description": "Of a tenant's jobs with the same key one runs; the others wait in order"
        }
      }
    },
    "defaults": {
      "type": "object",
      "description": "For nodes that say nothing themselves",
      "additionalProperties": false,
      "properties": {
        "timeout": {"$ref": "#/definitions/duration"},
        "retry": {"$ref": "#/definitions/retry"},
        "env": {"$ref": "#/definitions/env"},
        "runner": {"type": "string"}
      }
    },
    "nodes": {"$ref": "#/definitions/nodes", "minProperties": 1},
    "finally": {
      "$ref": "#/definitions/nodes",
      "description": "Nodes that run whatever happened, also after a cancel"
    },
    "outputs": {"$ref": "#/definitions/texts", "description": "The job's result"},
    "triggers": {
      "type": "object",
      "description": "When a server starts it, once it is applied there as a workflow",
      "additionalProperties": false,
      "properties": {
        "schedule": {
          "type": "array",
          "maxItems": 20,
          "items": {"$ref": "#/definitions/schedule"}
        },
        "webhook": {"type": "object"},
        "event": {"type": "array"}
      }
    },
    "secrets": {"type": "array", "items": {"type": "string"}, "uniqueItems": true}
  },
  "definitions": {
    "id": {"type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_-]{0,62}$"},
    "schedule": {
      "type": "object",
      "additionalProperties": false,
      "oneOf": [{"required": ["cron"]}, {"required": ["every"]}, {"required": ["at"]}],
      "properties": {
        "cron": {"type": "string", "description": "Five fields, or @daily and the like"},
        "timezone": {"type": "string", "default": "UTC"},
        "every": {"$ref": "#/definitions/duration"},
        "from": {"type": "string"},
        "at": {"type": "string"},
        "overlap": {"enum": ["skip", "queue", "cancel_running", "allow"], "default": "skip"},
        "catch_up": {
          "description": "A duration is short for the policy once within that window",
          "anyOf": [
            {"$ref": "#/definitions/duration"},
            {"const": "skip"},
            {
              "type": "object",
              "additionalProperties": false,
              "required": ["policy"],
              "properties": {
                "policy": {"enum": ["skip", "once", "all"]},
                "window": {"$ref": "#/definitions/duration"}
              }
            }
          ]
        }
      }
    },
    "expression": {"type": ["string", "boolean"]},
    "duration": {
      "type": "string",
      "description": "For example 250ms, 30s, 1m30s, 2d",
      "pattern": "^([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?$",
      "minLength": 2
    },
    "text": {"type": ["string", "number", "boolean"]},
    "texts": {"type": "object", "additionalProperties": {"$ref": "#/definitions/text"}},
    "env": {
      "type": "object",
      "propertyNames": {"pattern": "^(?!ATTACCA_)[A-Za-z_][A-Za-z0-9_]*$"},
      "additionalProperties": {"$ref": "#/definitions/text"}
    },
    "scope_entries": {
      "type": "array",
      "maxItems": 1000,
      "items": {
        "type": "string",
        "description": "An address, a network such as 192.0.2.0/28, a name, or *.name"
      }
    },
    "param_type": {
      "enum": ["string", "integer", "number", "boolean", "list", "target", "secret"]
    },
    "param": {
      "type": "object",
      "additionalProperties": false,
      "patternProperties": {"^x-": {}},
      "properties": {
        "type": {"$ref": "#/definitions/param_type", "default": "string"},
        "items": {"$ref": "#/definitions/param_type", "description": "Of a list"},
        "default": {},
        "required": {"type": "boolean", "default": false},
        "enum": {"type": "array"},
        "pattern": {"type": "string"},
        "minimum": {"type": "number"},
        "maximum": {"type": "number"},
        "description": {"type": "string"}
      }
    },
    "exit_codes": {
      "type": "array",
      "maxItems": 256,
      "items": {"type": "integer", "minimum": 0, "maximum": 255}
    },
    "retry": {
      "type": "object",
      "additionalProperties": false,
      "patternProperties": {"^x-": {}},
      "properties": {
        "strategy": {
          "enum": ["none", "immediate", "linear", "exponential", "fibonacci", "custom",
                   "circuit_breaker"],
          "default": "exponential"
        },
        "max_attempts": {"type": "integer", "minimum": 1, "maximum": 100, "default": 3},
        "delay": {"$ref": "#/definitions/duration", "default": "1s"},
        "max_delay": {"$ref": "#/definitions/duration", "default": "30s"},
        "multiplier": {"type": "number", "minimum": 1, "maximum": 1000, "default": 2},
        "jitter": {"type": "boolean", "default": true},
        "delays": {
          "type": "array",
          "description": "Of the strategy custom",
          "minItems": 1,
          "maxItems": 256,
          "items": {"$ref": "#/definitions/duration"}
        },
        "exit_codes": {"$ref": "#/definitions/exit_codes"},
        "never_exit_codes": {"$ref": "#/definitions/exit_codes"}
      }
    },
    "map": {
      "type": "object",
      "description": "Runs the node once for each item",
      "required": ["over"],
      "additionalProperties": false,
      "patternProperties": {"^x-": {}},
      "properties": {
        "over": {"type": ["string", "array"]},
        "as": {
          "type": "string",
          "pattern": "^[A-Za-z_][A-Za-z0-9_]{0,62}$",
          "default": "item"
        },
        "key": {"$ref": "#/definitions/text", "description": "A name of the item for people"},
        "where": {"$ref": "#/definitions/expression", "description": "False leaves an item out"},
        "parallel": {"type": "integer", "minimum": 1, "maximum": 100000},
        "on_error": {"enum": ["continue", "stop"], "default": "continue"},
        "max_items": {"type": "integer", "minimum": 1, "maximum": 100000, "default": 10000}
      }
    },
    "output": {
      "type": "object",
      "additionalProperties": false,
      "patternProperties": {"^x-": {}},
      "properties": {
        "from": {"enum": ["stdout", "stderr", "file"], "default": "stdout"},
        "file": {"type": "string", "maxLength": 255},
        "as": {
          "enum": ["text", "lines", "json", "jsonl", "csv", "junit", "nmap-xml", "nuclei-jsonl",
                   "sarif"],
          "default": "text"
        },
        "max_bytes": {"type": "integer", "minimum": 1, "maximum": 16777216, "default": 1048576}
      }
    },
    "scan": {
      "type": "object",
      "required": ["tool", "targets"],
      "additionalProperties": false,
      "patternProperties": {"^x-": {}},
      "properties": {
        "tool": {"type": "string", "examples": ["nmap"]},
        "targets": {
          "anyOf": [
            {"type": "string"},
            {"type": "array", "minItems": 1, "maxItems": 4096, "items": {"type": "string"}}
          ]
        },
        "profile": {"enum": ["quick", "comprehensive", "stealth", "web_focused"]},
        "options": {
          "type": "object",
          "additionalProperties": false,
          "properties": {
            "ports": {"type": ["string", "integer"], "examples": ["22,80,8000-8100"]},
            "top_ports": {"type": ["integer", "string"], "minimum": 1, "maximum": 65535},
            "service_version": {"type": ["boolean", "string"]},
            "timing": {"type": ["integer", "string"], "minimum": 0, "maximum": 4},
            "skip_host_discovery": {"type": ["boolean", "string"]},
            "max_rate": {"type": ["integer", "string"], "minimum": 1, "maximum": 100000},
            "host_timeout": {"type": "string"},
            "scripts": {"type": ["string", "array"]}
          }
        }
      }
    },
    "command": {
      "description": "A list is a program and its arguments; a string is a script for sh -eu",
      "anyOf": [
        {"type": "string"},
        {"type": "array", "minItems": 1, "items": {"type": ["string", "number"]}}
      ]
    },
)json";

}  // namespace

std::string pipeline_schema() {
    return std::string(schema_text) + std::string(node_schema_text());
}

}  // namespace attacca::core
