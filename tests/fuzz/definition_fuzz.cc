// SPDX-License-Identifier: Apache-2.0
#include "core/graph/definition.h"

#include "base/bytes.h"
#include "fuzz.h"

// Definitions as a client sends them. An accepted one has a normalised body that is its own
// normalised body, from which the same definition is loaded; its graph has no cycle.

namespace attacca::core {
namespace {

// Takes away nodes that need nothing any more until none is left: slow, and plain to see.
bool has_cycle(const Definition& definition) {
    std::vector<bool> is_gone(definition.nodes.size());
    bool goes_on = true;
    while (goes_on) {
        goes_on = false;
        for (std::size_t i = 0; i < is_gone.size(); ++i) {
            const auto& needs = definition.nodes[i].needs;
            const bool is_free = std::all_of(needs.begin(), needs.end(),
                                             [&](NodeIndex need) { return is_gone[need]; });
            goes_on = goes_on || (is_free && !is_gone[i]);
            is_gone[i] = is_gone[i] || is_free;
        }
    }
    return !std::all_of(is_gone.begin(), is_gone.end(), [](bool gone) { return gone; });
}

void check_graph(const Definition& definition) {
    ATTACCA_CHECK(!definition.nodes.empty() && definition.main_count > 0);
    ATTACCA_CHECK(definition.by_id.size() == definition.nodes.size());
    for (NodeIndex i = 0; i < definition.nodes.size(); ++i) {
        const NodeDef& node = definition.nodes[i];
        ATTACCA_CHECK(definition.find(node.id) == i);
        ATTACCA_CHECK(node.is_finally == (i >= definition.main_count));
        for (const NodeIndex need : node.needs) {
            const auto& dependents = definition.nodes[need].dependents;
            ATTACCA_CHECK(std::count(dependents.begin(), dependents.end(), i) == 1);
            ATTACCA_CHECK(definition.nodes[need].is_finally == node.is_finally);
        }
    }
    ATTACCA_CHECK(!has_cycle(definition));
}

void check_same(const Definition& a, const Definition& b) {
    ATTACCA_CHECK(a.body == b.body && a.digest == b.digest);
    ATTACCA_CHECK(a.nodes.size() == b.nodes.size() && a.main_count == b.main_count);
    ATTACCA_CHECK(a.by_id == b.by_id && a.timeout == b.timeout && a.parallel == b.parallel);
    ATTACCA_CHECK(a.priority == b.priority && a.scope.has_value() == b.scope.has_value());
    // The order of members means nothing, and the body has its own.
    ATTACCA_CHECK(a.params.canonical_text() == b.params.canonical_text());
    ATTACCA_CHECK(a.outputs.size() == b.outputs.size());
    for (std::size_t i = 0; i < a.nodes.size(); ++i) {
        const NodeDef& one = a.nodes[i];
        const NodeDef& other = b.nodes[i];
        ATTACCA_CHECK(one.id == other.id && one.kind == other.kind && one.join == other.join);
        ATTACCA_CHECK(one.needs == other.needs && one.timeout == other.timeout);
        ATTACCA_CHECK(one.heartbeat == other.heartbeat && one.env.size() == other.env.size());
        ATTACCA_CHECK(one.condition.has_value() == other.condition.has_value());
        ATTACCA_CHECK((one.map == nullptr) == (other.map == nullptr));
        ATTACCA_CHECK(one.artifacts == other.artifacts);
        ATTACCA_CHECK(one.run.script == other.run.script && one.run.dir == other.run.dir);
        ATTACCA_CHECK(one.run.argv.size() == other.run.argv.size());
        ATTACCA_CHECK(one.wait.length == other.wait.length);
        ATTACCA_CHECK(one.retry.max_attempts == other.retry.max_attempts);
        ATTACCA_CHECK(one.retry.strategy == other.retry.strategy);
    }
}

void check_params(const Definition& definition) {
    const auto bound = bind_params(definition.params, Json::object());
    if (bound) {
        const auto again = bind_params(definition.params, *bound);
        ATTACCA_CHECK(again.has_value() && *again == *bound);
    }
}

void test(std::string_view input) {
    const auto json = parse_json(input);
    if (!json) {
        return;
    }
    const auto definition = parse_definition(*json, "/dag_definition");
    if (!definition) {
        ATTACCA_CHECK(class_of(definition.error().problem) != ErrorClass::internal);
        ATTACCA_CHECK(is_utf8(definition.error().detail));
        for (const FieldError& field : definition.error().fields) {
            ATTACCA_CHECK(field.pointer.starts_with("/dag_definition"));
        }
        return;
    }
    check_graph(*definition);
    check_params(*definition);
    const auto loaded = load_definition(definition->body);
    ATTACCA_CHECK(loaded.has_value());
    check_same(*definition, *loaded);
    const auto body = parse_json(definition->body, json_depth_limit);
    ATTACCA_CHECK(body.has_value() && body->canonical_text() == definition->body);
    const auto again = parse_definition(*body, "");
    ATTACCA_CHECK(again.has_value());
    check_same(*definition, *again);
}

}  // namespace
}  // namespace attacca::core

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    attacca::core::test(attacca::fuzz::text_of(data, size));
    return 0;
}
