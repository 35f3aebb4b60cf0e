// SPDX-License-Identifier: Apache-2.0
#include "blueprint.h"

namespace attacca::sim {
namespace {

using core::Join;
using core::NodeKind;
using core::RetryStrategy;

std::string quoted_text(const std::string& text) {
    return "\"" + text + "\"";
}

std::string milliseconds_text(std::int64_t ms) {
    return quoted_text(format_duration(milliseconds(ms)));
}

std::string_view name_of(Join join) {
    switch (join) {
        case Join::all_succeeded: return "all_succeeded";
        case Join::any_succeeded: return "any_succeeded";
        case Join::all_done: return "all_done";
        case Join::any_failed: return "any_failed";
    }
    ATTACCA_CHECK(false);
}

std::string_view name_of(RetryStrategy strategy) {
    switch (strategy) {
        case RetryStrategy::none: return "none";
        case RetryStrategy::immediate: return "immediate";
        case RetryStrategy::linear: return "linear";
        case RetryStrategy::exponential: return "exponential";
        case RetryStrategy::fibonacci: return "fibonacci";
        case RetryStrategy::custom: return "custom";
        case RetryStrategy::circuit_breaker: return "circuit_breaker";
    }
    ATTACCA_CHECK(false);
}

std::string condition_text(const BlueNode& node) {
    const std::string need = "nodes." + node_name(node.condition_need);
    switch (node.condition) {
        case Condition::none:
        case Condition::holds: return "true";
        case Condition::fails: return "1 == 2";
        case Condition::breaks: return "length(params.none_such) < 1";
        case Condition::need_value:
            return need + ".outputs.v == " + std::to_string(node.condition_value);
        case Condition::need_status: return need + ".status == 'succeeded'";
        case Condition::any_failed: return "failed()";
        case Condition::all_succeeded: return "succeeded()";
    }
    ATTACCA_CHECK(false);
}

void append_map(std::string& out, const BlueNode& node) {
    out += ",\"map\":{\"over\":[";
    for (std::uint32_t item = 0; item < node.map_given; ++item) {
        out += (item == 0 ? "" : ",") + std::to_string(item);
    }
    out += "]";
    if (node.map_drops_one) {
        out += ",\"where\":\"item != 1\"";
    }
    if (node.map_parallel > 0) {
        out += ",\"parallel\":" + std::to_string(node.map_parallel);
    }
    if (node.map_stops) {
        out += ",\"on_error\":\"stop\"";
    }
    out += "}";
}

void append_retry(std::string& out, const BlueNode& node) {
    out += ",\"retry\":{\"strategy\":\"";
    out += name_of(node.strategy);
    out += "\",\"max_attempts\":" + std::to_string(node.max_attempts);
    out += ",\"delay\":" + milliseconds_text(node.delay_ms);
    out += ",\"max_delay\":" + milliseconds_text(node.max_delay_ms) + "}";
}

void append_node(std::string& out, const BlueNode& node, std::uint32_t index) {
    out += "{\"id\":" + quoted_text(node_name(index));
    switch (node.kind) {
        case NodeKind::noop: out += ",\"type\":\"noop\""; break;
        case NodeKind::run: out += ",\"run\":[\"/bin/true\"]"; break;
        case NodeKind::wait:
            out += ",\"wait\":{\"for\":" + milliseconds_text(node.wait_ms) + "}";
            break;
        case NodeKind::task:
            out += ",\"task\":{\"lane\":\"l" + std::to_string(node.lane) + "\"" +
                   (node.is_picky ? ",\"capabilities\":[\"picky\"]" : "") +
                   (node.owner ? ",\"owner\":\"o" + std::to_string(*node.owner) + "\"" : "") +
                   (node.stays ? ",\"stay\":true}" : "}");
            break;
        case NodeKind::approve: out += ",\"approve\":{}"; break;
        case NodeKind::checkpoint: out += ",\"checkpoint\":{\"v\":\"${{ 1 }}\"}"; break;
        case NodeKind::scan:
        case NodeKind::test:
        case NodeKind::group:
        case NodeKind::condition:
        case NodeKind::http:
        case NodeKind::notify:
        case NodeKind::job: ATTACCA_CHECK(false);
    }
    if (node.on_failure != core::OnFailure::fail) {
        out += ",\"on_failure\":" + quoted_text(std::string(core::name_of(node.on_failure)));
    }
    if (node.on_failure == core::OnFailure::fallback_strategy) {
        out += ",\"fallback\":" + quoted_text(node_name(index + 1));
    }
    if (!node.needs.empty() && !node.is_fallback) {
        out += ",\"needs\":[";
        for (std::size_t i = 0; i < node.needs.size(); ++i) {
            out += (i == 0 ? "" : ",") + quoted_text(node_name(node.needs[i]));
        }
        out += "],\"needs_when\":\"";
        out += name_of(node.join);
        out += "\"";
    }
    if (node.condition != Condition::none) {
        out += ",\"if\":" + quoted_text(condition_text(node));
    }
    if (node.is_map) {
        append_map(out, node);
    }
    if (node.has_retry) {
        append_retry(out, node);
    }
    if (node.lock) {
        out += ",\"lock\":" + quoted_text(lock_text(node));
    }
    if (node.timeout_ms) {
        out += ",\"timeout\":" + milliseconds_text(*node.timeout_ms);
    }
    out += "}";
}

}  // namespace

std::string json_of(const Blueprint& blueprint) {
    std::string out = "{\"nodes\":[";
    for (std::uint32_t i = 0; i < blueprint.main_count; ++i) {
        out += i == 0 ? "" : ",";
        append_node(out, blueprint.nodes[i], i);
    }
    out += "]";
    const auto count = static_cast<std::uint32_t>(blueprint.nodes.size());
    if (count > blueprint.main_count) {
        out += ",\"finally\":[";
        for (std::uint32_t i = blueprint.main_count; i < count; ++i) {
            out += i == blueprint.main_count ? "" : ",";
            append_node(out, blueprint.nodes[i], i);
        }
        out += "]";
    }
    out += ",\"limits\":{\"timeout\":" + milliseconds_text(blueprint.timeout_ms);
    if (blueprint.key) {
        out += ",\"concurrency_key\":" + quoted_text(key_text(blueprint));
    }
    out += ",\"parallel\":" + std::to_string(blueprint.parallel) + "}}";
    return out;
}

}  // namespace attacca::sim
