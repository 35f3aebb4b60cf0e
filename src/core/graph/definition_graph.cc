// SPDX-License-Identifier: Apache-2.0
#include "core/graph/definition_graph.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "core/graph/suggest.h"

namespace attacca::core {
namespace {

constexpr std::size_t suggestion_nodes_max = 1000;
constexpr std::size_t cycle_ids_max = 20;

unsigned char folded(char c) {
    return static_cast<unsigned char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

std::uint64_t prefix_of(std::string_view id) {
    std::uint64_t prefix = 0;
    for (std::size_t i = 0; i < sizeof prefix; ++i) {
        prefix = (prefix << 8U) | (i < id.size() ? folded(id[i]) : 0U);
    }
    return prefix;
}

std::size_t size_of(const Json& list) {
    return list.is_array() ? list.as_array().size() : list.as_object().size();
}

bool are_nodes(const Input& list, Faults& faults) {
    if (list.json().is_array() || list.json().is_object()) {
        return true;
    }
    return faults.add(list, Problem::wrong_type,
                      "expected an array of nodes, or an object from id to node");
}

}  // namespace

int compare_ids(std::string_view a, std::string_view b) {
    const std::size_t size = std::min(a.size(), b.size());
    for (std::size_t i = 0; i < size; ++i) {
        if (a[i] != b[i] && folded(a[i]) != folded(b[i])) {
            return folded(a[i]) < folded(b[i]) ? -1 : 1;
        }
    }
    return a.size() == b.size() ? 0 : (a.size() < b.size() ? -1 : 1);
}

NodeIndex NodeLists::count_of(const std::optional<Input>& list) {
    return list ? static_cast<NodeIndex>(size_of(list->json())) : 0;
}

bool NodeLists::open(const Input& definition, Faults& faults) {
    auto nodes = definition.member("nodes");
    auto finally_nodes = definition.member("finally");
    if (!nodes) {
        return faults.add(definition, Problem::missing_field, "`nodes` is missing");
    }
    if (!are_nodes(*nodes, faults) || (finally_nodes && !are_nodes(*finally_nodes, faults))) {
        return false;
    }
    const std::size_t main = size_of(nodes->json());
    const std::size_t all = main + (finally_nodes ? size_of(finally_nodes->json()) : 0);
    if (main == 0) {
        return faults.add(*nodes, Problem::dag_empty, "`nodes` is empty");
    }
    if (all > nodes_max) {
        return faults.add(*nodes, Problem::dag_too_large,
                          "there are " + std::to_string(all) + " nodes; the limit is " +
                              std::to_string(nodes_max));
    }
    nodes_.emplace(*nodes);
    if (finally_nodes) {
        finally_.emplace(*finally_nodes);
    }
    return true;
}

Input NodeLists::at(NodeIndex node) const {
    ATTACCA_CHECK(node < size());
    const bool is_main = node < main_count();
    const Input& list = is_main ? *nodes_ : *finally_;
    const std::size_t i = is_main ? node : node - main_count();
    if (list.json().is_array()) {
        return Input(list, i, list.json().as_array()[i]);
    }
    const Json::Member& member = list.json().as_object()[i];
    return Input(list, member.key, member.value);
}

bool NodeLists::read_id(NodeIndex node, std::string& out, Faults& faults) const {
    const Input input = at(node);
    const bool is_main = node < main_count();
    const Json& list = is_main ? nodes_->json() : finally_->json();
    if (!check_object(input, faults)) {
        return false;
    }
    const auto id = input.member("id");
    if (id && !read_text(*id, out, faults)) {
        return false;
    }
    if (list.is_object()) {
        const std::string& key = list.as_object()[is_main ? node : node - main_count()].key;
        if (id && out != key) {
            return faults.add(*id, Problem::invalid_value,
                              "the id is already given by the key `" + quoted(key) + "`");
        }
        out = key;
    } else if (!id) {
        return faults.add(input, Problem::missing_field, "the node has no `id`");
    }
    return is_id(out) || faults.add(id.value_or(input), Problem::invalid_value,
                                    "`" + quoted(out) +
                                        "` is no id: a letter or `_`, then at most 62 letters, "
                                        "digits, `_` and `-`");
}

bool GraphBuilder::index_ids() {
    const auto& nodes = definition_.nodes;
    std::vector<IdEntry>& entries = definition_.by_id;
    entries.reserve(nodes.size());
    for (NodeIndex i = 0; i < nodes.size(); ++i) {
        entries.push_back({prefix_of(nodes[i].id), i});
    }
    std::sort(entries.begin(), entries.end(), [&](const IdEntry& a, const IdEntry& b) {
        if (a.prefix != b.prefix) {
            return a.prefix < b.prefix;
        }
        const int order = compare_ids(nodes[a.node].id, nodes[b.node].id);
        return order != 0 ? order < 0 : a.node < b.node;
    });
    bool is_read = true;
    for (std::size_t i = 1; i < entries.size() && !faults_.is_full(); ++i) {
        const NodeIndex node = entries[i].node;
        const NodeIndex before = entries[i - 1].node;
        if (compare_ids(nodes[before].id, nodes[node].id) == 0) {
            const bool is_exact = nodes[before].id == nodes[node].id;
            is_read = faults_.add(lists_.at(node), Problem::dag_duplicate_node,
                                  "the id `" + nodes[node].id + "` occurs twice" +
                                      (is_exact ? "" : ", apart from the case of its letters"));
            faults_.add_place(lists_.at(before).pointer(), "the other node of that id");
        }
    }
    return is_read;
}

NodeIndex Definition::find(std::string_view id) const {
    const std::uint64_t prefix = prefix_of(id);
    const auto at = std::partition_point(by_id.begin(), by_id.end(), [&](const IdEntry& entry) {
        return entry.prefix != prefix ? entry.prefix < prefix
                                      : compare_ids(nodes[entry.node].id, id) < 0;
    });
    return at != by_id.end() && nodes[at->node].id == id ? at->node : no_index;
}

NodeIndex GraphBuilder::find(std::string_view id) {
    const auto& nodes = definition_.nodes;
    for (const NodeIndex guess : {guess_, guess_ + 1}) {
        if (guess < nodes.size() && nodes[guess].id == id) {
            guess_ = guess;
            return guess;
        }
    }
    const NodeIndex found = definition_.find(id);
    if (found != no_index) {
        guess_ = found;
    }
    return found;
}

std::string GraphBuilder::suggestion_for(std::string_view id) const {
    std::vector<std::string_view> ids;
    if (definition_.nodes.size() <= suggestion_nodes_max) {
        for (const NodeDef& node : definition_.nodes) {
            ids.emplace_back(node.id);
        }
    }
    return suggestion(id, ids);
}

bool GraphBuilder::read_end(const Input& id, NodeIndex& out) {
    if (!id.json().is_string()) {
        return faults_.add(id, Problem::wrong_type, "expected the id of a node");
    }
    out = find(id.json().as_string());
    return out != no_index || faults_.add(id, Problem::dag_unknown_node,
                                          "there is no node `" + quoted(id.json().as_string()) +
                                              "`" + suggestion_for(id.json().as_string()));
}

bool GraphBuilder::add_edge(const Input& at, Edge edge) {
    const auto& nodes = definition_.nodes;
    if (nodes[edge.from].is_finally != nodes[edge.to].is_finally) {
        return faults_.add(at, Problem::invalid_value,
                           nodes[edge.to].is_finally
                               ? "a finally node runs after all others anyway; it can need "
                                 "finally nodes only"
                               : "`" + nodes[edge.from].id + "` is a finally node: nothing else "
                                                             "can need it");
    }
    if (edges_.size() >= edges_max) {
        return faults_.add(at, Problem::dag_too_large,
                           "there are more than " + std::to_string(edges_max) + " edges");
    }
    edges_.push_back(edge);
    return true;
}

bool GraphBuilder::read_edges(const Input& edges) {
    if (!check_array(edges, faults_)) {
        return false;
    }
    const Json::Array& elements = edges.json().as_array();
    if (elements.size() > edges_max) {
        return faults_.add(edges, Problem::dag_too_large,
                           "there are " + std::to_string(elements.size()) +
                               " edges; the limit is " + std::to_string(edges_max));
    }
    edges_.reserve(elements.size());
    bool is_read = true;
    for (std::size_t i = 0; i < elements.size() && !faults_.is_full(); ++i) {
        is_read = read_edge(Input(edges, i, elements[i])) && is_read;
    }
    listed_edges_ = edges_.size();
    return is_read;
}

bool GraphBuilder::read_edge(const Input& edge) {
    constexpr std::string_view edge_keys[] = {"from", "to"};
    if (!check_keys(edge, {edge_keys}, faults_)) {
        return false;
    }
    const auto from = edge.member("from");
    const auto to = edge.member("to");
    if (!from || !to) {
        return faults_.add(edge, Problem::missing_field, "an edge needs `from` and `to`");
    }
    Edge ends{no_index, no_index};
    return all_read({read_end(*from, ends.from), read_end(*to, ends.to)}) && add_edge(edge, ends);
}

bool GraphBuilder::read_needs(NodeIndex node) {
    const Input input = lists_.at(node);
    const auto needs = input.member("needs");
    if (!needs) {
        return true;
    }
    if (!check_array(*needs, faults_)) {
        return false;
    }
    const Json::Array& elements = needs->json().as_array();
    bool is_read = true;
    for (std::size_t i = 0; i < elements.size() && !faults_.is_full(); ++i) {
        const Input need(*needs, i, elements[i]);
        NodeIndex from = no_index;
        is_read = read_end(need, from) && add_edge(need, {from, node}) && is_read;
    }
    return is_read;
}

bool GraphBuilder::connect(const std::optional<Input>& edges) {
    edges_input_.reset();
    bool is_read = true;
    if (edges) {
        edges_input_.emplace(*edges);
        is_read = read_edges(*edges);
    }
    for (NodeIndex i = 0; i < definition_.nodes.size() && !faults_.is_full(); ++i) {
        is_read = read_needs(i) && is_read;
    }
    // A cycle, or too many needs, are what all edges together make.
    return add_fallbacks() && is_read && !faults_.is_full() && link() && check_fallbacks() &&
           sort_nodes();
}

bool GraphBuilder::link() {
    auto& nodes = definition_.nodes;
    std::vector<std::uint32_t> counts(nodes.size());
    for (const Edge& edge : edges_) {
        ++counts[edge.to];
    }
    for (NodeIndex i = 0; i < nodes.size(); ++i) {
        nodes[i].needs.reserve(counts[i]);
        counts[i] = 0;
    }
    for (const Edge& edge : edges_) {
        nodes[edge.to].needs.push_back(edge.from);
    }
    bool is_read = true;
    for (NodeIndex i = 0; i < nodes.size(); ++i) {
        auto& needs = nodes[i].needs;
        std::sort(needs.begin(), needs.end());
        needs.erase(std::unique(needs.begin(), needs.end()), needs.end());
        if (needs.size() > fan_in_max) {
            is_read = faults_.add(lists_.at(i), Problem::dag_fan_limit,
                                  "`" + nodes[i].id + "` needs " + std::to_string(needs.size()) +
                                      " nodes; the limit is " + std::to_string(fan_in_max));
        }
        for (const NodeIndex need : needs) {
            ++counts[need];
        }
    }
    for (NodeIndex i = 0; i < nodes.size(); ++i) {
        nodes[i].dependents.reserve(counts[i]);
    }
    for (NodeIndex i = 0; i < nodes.size(); ++i) {
        for (const NodeIndex need : nodes[i].needs) {
            nodes[need].dependents.push_back(i);
        }
    }
    return is_read;
}

bool GraphBuilder::sort_nodes() {
    const auto& nodes = definition_.nodes;
    std::vector<std::uint32_t> open_needs(nodes.size());
    order_.reserve(nodes.size());
    for (NodeIndex i = 0; i < nodes.size(); ++i) {
        open_needs[i] = static_cast<std::uint32_t>(nodes[i].needs.size());
        if (open_needs[i] == 0) {
            order_.push_back(i);
        }
    }
    for (std::size_t at = 0; at < order_.size(); ++at) {
        for (const NodeIndex dependent : nodes[order_[at]].dependents) {
            if (--open_needs[dependent] == 0) {
                order_.push_back(dependent);
            }
        }
    }
    return order_.size() == nodes.size() || refuse_cycle(open_needs);
}

// Each node with open needs has one that is open too; following these must come around.
bool GraphBuilder::refuse_cycle(const std::vector<std::uint32_t>& open_needs) {
    const auto& nodes = definition_.nodes;
    const auto is_open = [&](NodeIndex i) { return open_needs[i] != 0; };
    NodeIndex at = 0;
    while (!is_open(at)) {
        ++at;
    }
    std::vector<NodeIndex> path;
    std::vector<bool> is_on_path(nodes.size());
    while (!is_on_path[at]) {
        is_on_path[at] = true;
        path.push_back(at);
        const auto& needs = nodes[at].needs;
        const auto need = std::find_if(needs.begin(), needs.end(), is_open);
        ATTACCA_CHECK(need != needs.end());
        at = *need;
    }
    path.erase(path.begin(), std::find(path.begin(), path.end(), at));
    std::reverse(path.begin(), path.end());
    std::rotate(path.begin(), std::min_element(path.begin(), path.end()), path.end());

    std::string text;
    for (std::size_t i = 0; i < std::min(path.size(), cycle_ids_max); ++i) {
        text += nodes[path[i]].id + " -> ";
    }
    if (path.size() > cycle_ids_max) {
        text += "… (" + std::to_string(path.size()) + " nodes) -> ";
    }
    text += nodes[path.front()].id;
    return faults_.add(pointer_of({path.back(), path.front()}), Problem::dag_cycle,
                       std::move(text));
}

std::string GraphBuilder::pointer_of(Edge edge) const {
    for (std::size_t i = 0; i < listed_edges_; ++i) {
        if (edges_[i].from == edge.from && edges_[i].to == edge.to) {
            return Input(*edges_input_, i, edges_input_->json().as_array()[i]).pointer();
        }
    }
    const Input node = lists_.at(edge.to);
    std::string pointer = node.pointer();
    const Json* needs = node.json().find("needs");
    ATTACCA_CHECK(needs != nullptr && needs->is_array());
    for (std::size_t i = 0; i < needs->as_array().size(); ++i) {
        if (needs->as_array()[i] == Json(definition_.nodes[edge.from].id)) {
            append_pointer_part(pointer, "needs");
            append_pointer_part(pointer, std::to_string(i));
            return pointer;
        }
    }
    return pointer;
}

}  // namespace attacca::core
