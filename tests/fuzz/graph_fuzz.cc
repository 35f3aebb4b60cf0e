// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/graph/definition.h"
#include "fuzz.h"

// Small graphs built from the input: whether they are accepted, and why not, as a naive check says;
// and the same body whether the edges stand in `edges` or in `needs`.

namespace attacca::core {
namespace {

struct Graph {
    std::vector<std::string> ids;
    std::vector<bool> is_finally;
    std::vector<std::pair<std::size_t, std::size_t>> edges;  // from, to
};

std::string folded(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return text;
}

// Ids begin alike, and some are longer than what is compared first.
Graph draw_graph(fuzz::Draw& draw) {
    constexpr std::array prefixes = {"n", "N", "prefix_n", "Prefix_N"};
    Graph graph;
    const std::size_t count = 1 + draw.below(12);
    std::size_t main_count = 1 + draw.below(count);
    const bool has_twins = draw.below(8) == 7;
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t number = has_twins ? draw.below(count) : i;
        graph.ids.push_back(prefixes[draw.below(prefixes.size())] + std::to_string(number));
        graph.is_finally.push_back(i >= main_count);
    }
    while (!draw.is_empty() && graph.edges.size() < 64) {
        const std::size_t from = draw.below(count);
        graph.edges.emplace_back(from, draw.below(count));
    }
    return graph;
}

// The slug of the problem, or nothing.
std::string_view naive_fault(const Graph& graph) {
    std::set<std::string> seen;
    for (const std::string& id : graph.ids) {
        if (!seen.insert(folded(id)).second) {
            return slug_of(Problem::dag_duplicate_node);
        }
    }
    for (const auto& [from, to] : graph.edges) {
        if (graph.is_finally[from] != graph.is_finally[to]) {
            return slug_of(Problem::invalid_value);
        }
    }
    std::set<std::size_t> left;
    for (std::size_t i = 0; i < graph.ids.size(); ++i) {
        left.insert(i);
    }
    for (std::size_t round = 0; round < graph.ids.size(); ++round) {
        for (std::size_t i = 0; i < graph.ids.size(); ++i) {
            const bool waits = std::any_of(graph.edges.begin(), graph.edges.end(),
                                           [&](const auto& edge) {
                                               return edge.second == i && left.count(edge.first);
                                           });
            if (!waits) {
                left.erase(i);
            }
        }
    }
    return left.empty() ? std::string_view() : slug_of(Problem::dag_cycle);
}

enum class Form { edges, needs };

Json definition_of(const Graph& graph, Form form) {
    std::array<Json, 2> lists = {Json::array(), Json::array()};
    Json edges = Json::array();
    for (std::size_t i = 0; i < graph.ids.size(); ++i) {
        Json needs = Json::array();
        for (const auto& [from, to] : graph.edges) {
            if (to == i) {
                needs.push(graph.ids[from]);
            }
        }
        Json node = Json::object();
        node.set("id", graph.ids[i]);
        node.set("noop", true);
        if (form == Form::needs) {
            node.set("needs", std::move(needs));
        }
        lists[graph.is_finally[i] ? 1 : 0].push(std::move(node));
    }
    for (const auto& [from, to] : graph.edges) {
        edges.push(Json(Json::Object{{"from", graph.ids[from]}, {"to", graph.ids[to]}}));
    }
    Json definition = Json::object();
    definition.set("nodes", std::move(lists[0]));
    definition.set("finally", std::move(lists[1]));
    if (form == Form::edges) {
        definition.set("edges", std::move(edges));
    }
    return definition;
}

void check_needs(const Graph& graph, const Definition& definition) {
    for (std::size_t i = 0; i < graph.ids.size(); ++i) {
        std::set<NodeIndex> wanted;
        for (const auto& [from, to] : graph.edges) {
            if (to == i) {
                wanted.insert(static_cast<NodeIndex>(from));
            }
        }
        const auto& needs = definition.nodes[i].needs;
        ATTACCA_CHECK(std::vector<NodeIndex>(wanted.begin(), wanted.end()) == needs);
    }
}

void test(std::string_view input) {
    fuzz::Draw draw(input);
    const Graph graph = draw_graph(draw);
    const std::string_view fault = naive_fault(graph);
    const auto listed = parse_definition(definition_of(graph, Form::edges), "");
    const auto needed = parse_definition(definition_of(graph, Form::needs), "");
    for (const auto* definition : {&listed, &needed}) {
        if (*definition) {
            ATTACCA_CHECK(fault.empty());
            check_needs(graph, **definition);
        } else {
            ATTACCA_CHECK(slug_of(definition->error().problem) == fault);
            ATTACCA_CHECK(!definition->error().fields.empty());
        }
    }
    ATTACCA_CHECK(!listed || listed->body == needed->body);
}

}  // namespace
}  // namespace attacca::core

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    attacca::core::test(attacca::fuzz::text_of(data, size));
    return 0;
}
