// SPDX-License-Identifier: Apache-2.0
#include "cli/graph_layout.h"

#include <algorithm>
#include <numeric>

#include "base/check.h"

namespace attacca::cli {
namespace {

constexpr int order_sweeps = 6;
constexpr int column_sweeps = 7;  // odd: the last one goes down, so that what follows stands below

std::string join_note(const core::NodeDef& node) {
    std::string note;
    switch (node.join) {
        case core::Join::all_succeeded: break;
        case core::Join::any_succeeded: note = "any succeeded"; break;
        case core::Join::all_done: note = "all done"; break;
        case core::Join::any_failed: note = "any failed"; break;
    }
    if (node.condition) {
        note += note.empty() ? "if" : ", if";
    }
    return note;
}

// The length of the longest way from a root; finally nodes stand below all others.
std::vector<std::size_t> layers_of(const Graph& graph) {
    const std::size_t count = graph.nodes.size();
    std::vector<std::vector<std::size_t>> below(count);
    std::vector<std::size_t> waiting(count, 0);
    for (const auto& [from, to] : graph.edges) {
        ATTACCA_CHECK(from < count && to < count);
        below[from].push_back(to);
        ++waiting[to];
    }
    std::vector<std::size_t> layer(count, 0);
    std::vector<std::size_t> queue;
    for (std::size_t i = 0; i < count; ++i) {
        if (waiting[i] == 0) {
            queue.push_back(i);
        }
    }
    for (std::size_t at = 0; at < queue.size(); ++at) {
        for (const std::size_t to : below[queue[at]]) {
            layer[to] = std::max(layer[to], layer[queue[at]] + 1);
            if (--waiting[to] == 0) {
                queue.push_back(to);
            }
        }
    }
    ATTACCA_CHECK(queue.size() == count);
    std::size_t main_layers = 0;
    for (std::size_t i = 0; i < count; ++i) {
        if (!graph.nodes[i].is_finally) {
            main_layers = std::max(main_layers, layer[i] + 1);
        }
    }
    for (std::size_t i = 0; i < count; ++i) {
        layer[i] += graph.nodes[i].is_finally ? main_layers : 0;
    }
    return layer;
}

// Sorts a layer by the mean place of the neighbours on one side; without any, it keeps its place.
void sort_layer(Layout& layout, std::vector<std::size_t>& layer, bool is_downward,
                std::vector<std::int64_t>& place) {
    constexpr std::int64_t scale = 1024;
    std::vector<std::pair<std::int64_t, std::size_t>> keyed;
    for (const std::size_t vertex : layer) {
        const Vertex& v = layout.vertices[vertex];
        const std::vector<std::size_t>& near = is_downward ? v.above : v.below;
        std::int64_t key = place[vertex] * scale;
        if (!near.empty()) {
            std::int64_t sum = 0;
            for (const std::size_t other : near) {
                sum += place[other] * scale;
            }
            key = sum / static_cast<std::int64_t>(near.size());
        }
        keyed.emplace_back(key, vertex);
    }
    std::stable_sort(keyed.begin(), keyed.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    for (std::size_t i = 0; i < layer.size(); ++i) {
        layer[i] = keyed[i].second;
        place[layer[i]] = static_cast<std::int64_t>(i);
    }
}

std::int64_t crossings(const Layout& layout, const std::vector<std::int64_t>& place) {
    constexpr std::size_t counted_links_max = 2'000;
    std::int64_t sum = 0;
    for (const std::vector<std::size_t>& layer : layout.layers) {
        std::vector<std::pair<std::int64_t, std::int64_t>> links;
        for (const std::size_t vertex : layer) {
            for (const std::size_t to : layout.vertices[vertex].below) {
                links.emplace_back(place[vertex], place[to]);
            }
        }
        if (links.size() > counted_links_max) {
            return 0;  // nobody sees one crossing more, and counting would be quadratic
        }
        for (std::size_t i = 0; i < links.size(); ++i) {
            for (std::size_t j = i + 1; j < links.size(); ++j) {
                const bool is_left = links[i].first < links[j].first;
                const bool is_right = links[i].first > links[j].first;
                sum += (is_left && links[i].second > links[j].second) ||
                               (is_right && links[i].second < links[j].second)
                           ? 1
                           : 0;
            }
        }
    }
    return sum;
}

void order_layers(Layout& layout) {
    std::vector<std::int64_t> place(layout.vertices.size(), 0);
    for (const std::vector<std::size_t>& layer : layout.layers) {
        for (std::size_t i = 0; i < layer.size(); ++i) {
            place[layer[i]] = static_cast<std::int64_t>(i);
        }
    }
    std::vector<std::vector<std::size_t>> best = layout.layers;
    std::int64_t best_crossings = crossings(layout, place);
    for (int sweep = 0; sweep < order_sweeps && best_crossings > 0; ++sweep) {
        const bool is_downward = sweep % 2 == 0;
        for (std::size_t i = 0; i < layout.layers.size(); ++i) {
            const std::size_t at = is_downward ? i : layout.layers.size() - 1 - i;
            sort_layer(layout, layout.layers[at], is_downward, place);
        }
        const std::int64_t now = crossings(layout, place);
        if (now < best_crossings) {
            best_crossings = now;
            best = layout.layers;
        }
    }
    layout.layers = std::move(best);
}

// Like to like runs straight: a node below a node, a bend below a bend.
std::int64_t link_weight(const Vertex& a, const Vertex& b) {
    constexpr std::int64_t heavy = 16;
    return (a.node == bend) == (b.node == bend) ? heavy : 1;
}

// Places one layer as near to `wanted` as its order allows: the mean of the placement that gives
// way to the right and of the one that gives way to the left keeps every distance.
void place_layer(const std::vector<std::size_t>& layer, std::span<const std::int64_t> widths,
                 std::int64_t gap, const std::vector<std::int64_t>& wanted,
                 std::vector<std::int64_t>& centre) {
    const std::size_t count = layer.size();
    const auto distance = [&](std::size_t i) {
        return (widths[layer[i]] + widths[layer[i + 1]]) / 2 + gap + 1;
    };
    std::vector<std::int64_t> right(wanted);
    for (std::size_t i = 1; i < count; ++i) {
        right[i] = std::max(wanted[i], right[i - 1] + distance(i - 1));
    }
    std::vector<std::int64_t> left(wanted);
    for (std::size_t i = count - 1; i-- > 0;) {
        left[i] = std::min(wanted[i], left[i + 1] - distance(i));
    }
    for (std::size_t i = 0; i < count; ++i) {
        const std::int64_t sum = right[i] + left[i];
        centre[layer[i]] = sum >= 0 ? sum / 2 : -((1 - sum) / 2);
    }
}

}  // namespace

Graph graph_of(const core::Definition& definition, std::string_view name) {
    Graph graph;
    graph.name = name;
    for (std::size_t i = 0; i < definition.nodes.size(); ++i) {
        const core::NodeDef& node = definition.nodes[i];
        GraphNode drawn;
        drawn.id = node.id;
        drawn.kind = core::name_of(node.kind);
        if (node.kind == core::NodeKind::scan) {
            drawn.kind += " " + node.scan.tool;
        }
        if (node.task) {
            drawn.kind += " " + node.task->lane;
        }
        drawn.note = join_note(node);
        drawn.is_map = static_cast<bool>(node.map);
        drawn.is_finally = node.is_finally;
        graph.nodes.push_back(std::move(drawn));
        for (const core::NodeIndex need : node.needs) {
            graph.edges.emplace_back(need, i);
        }
    }
    return graph;
}

Result<Layout> lay_out(const Graph& graph) {
    const std::vector<std::size_t> layer = layers_of(graph);
    std::size_t total = graph.nodes.size();
    for (const auto& [from, to] : graph.edges) {
        total += layer[to] - layer[from] - 1;
    }
    if (total > drawn_vertices_max) {
        return fail(Problem::dag_too_large,
                    "the graph is too large to be drawn; -o mermaid and -o json have no limit");
    }
    Layout layout;
    layout.vertices.resize(graph.nodes.size());
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        layout.vertices[i].node = i;
        layout.vertices[i].layer = layer[i];
    }
    for (const auto& [from, to] : graph.edges) {
        std::vector<std::size_t> chain = {from};
        for (std::size_t at = layer[from] + 1; at < layer[to]; ++at) {
            chain.push_back(layout.vertices.size());
            layout.vertices.push_back({bend, at, {}, {}});
        }
        chain.push_back(to);
        for (std::size_t i = 0; i + 1 < chain.size(); ++i) {
            layout.vertices[chain[i]].below.push_back(chain[i + 1]);
            layout.vertices[chain[i + 1]].above.push_back(chain[i]);
        }
        layout.chains.push_back(std::move(chain));
    }
    for (std::size_t i = 0; i < layout.vertices.size(); ++i) {
        const std::size_t at = layout.vertices[i].layer;
        if (layout.layers.size() <= at) {
            layout.layers.resize(at + 1);
        }
        layout.layers[at].push_back(i);
    }
    order_layers(layout);
    return layout;
}

std::vector<std::int64_t> centres(const Layout& layout, std::span<const std::int64_t> widths,
                                  std::int64_t gap) {
    ATTACCA_CHECK(widths.size() == layout.vertices.size());
    std::vector<std::int64_t> centre(layout.vertices.size(), 0);
    for (const std::vector<std::size_t>& layer : layout.layers) {
        place_layer(layer, widths, gap, std::vector<std::int64_t>(layer.size(), 0), centre);
    }
    for (int sweep = 0; sweep < column_sweeps; ++sweep) {
        const bool is_downward = sweep % 2 == 0;
        for (std::size_t i = 0; i < layout.layers.size(); ++i) {
            const std::size_t at = is_downward ? i : layout.layers.size() - 1 - i;
            std::vector<std::int64_t> wanted;
            for (const std::size_t vertex : layout.layers[at]) {
                const Vertex& v = layout.vertices[vertex];
                const std::vector<std::size_t>& near = is_downward ? v.above : v.below;
                std::int64_t sum = 0;
                std::int64_t weights = 0;
                for (const std::size_t other : near) {
                    const std::int64_t weight = link_weight(v, layout.vertices[other]);
                    sum += weight * centre[other];
                    weights += weight;
                }
                wanted.push_back(near.empty() ? centre[vertex] : sum / weights);
            }
            place_layer(layout.layers[at], widths, gap, wanted, centre);
        }
    }
    std::int64_t leftmost = 0;
    for (std::size_t i = 0; i < centre.size(); ++i) {
        const std::int64_t left = centre[i] - widths[i] / 2;
        leftmost = i == 0 ? left : std::min(leftmost, left);
    }
    for (std::int64_t& x : centre) {
        x -= leftmost;
    }
    return centre;
}

}  // namespace attacca::cli
