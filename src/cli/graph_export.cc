// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "cli/graph_layout.h"
#include "cli/text.h"

// Mermaid, SVG and JSON. Names come from files of strangers, so every text is escaped.

namespace attacca::cli {
namespace {

std::string mermaid_escaped(std::string_view text) {
    std::string out;
    for (const char byte : printable(text)) {
        switch (byte) {
            case '"': out += "#quot;"; break;
            case '#': out += "#35;"; break;
            case '<': out += "#lt;"; break;
            case '>': out += "#gt;"; break;
            case '&': out += "#amp;"; break;
            case '`': out += "#96;"; break;
            default: out += byte;
        }
    }
    return out;
}

std::string xml_escaped(std::string_view text) {
    std::string out;
    for (const char byte : printable(text)) {
        switch (byte) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += "&quot;"; break;
            case '\'': out += "&#39;"; break;
            default: out += byte;
        }
    }
    return out;
}

std::string mermaid_node(const Graph& graph, std::size_t index) {
    const GraphNode& node = graph.nodes[index];
    std::string label = mermaid_escaped(node.id) + "<br/>" + mermaid_escaped(node.kind);
    // The doubled border is Mermaid's sign for something that contains more: a map's items.
    return "n" + std::to_string(index) + (node.is_map ? "[[\"" : "[\"") + label +
           (node.is_map ? "\"]]" : "\"]") + "\n";
}

constexpr std::int64_t svg_box_height = 44;
constexpr std::int64_t layer_step = 96;
constexpr std::int64_t margin = 16;

std::int64_t box_width(const GraphNode& node) {
    constexpr std::int64_t letter = 8;
    const std::size_t letters = std::max(width_of(node.id) + 2, width_of(node.kind));
    // Odd, so that it has a middle.
    return (static_cast<std::int64_t>(letters) * letter + 24) | 1;
}

std::string number(std::int64_t value) {
    return std::to_string(value);
}

std::string edge_path(const Layout& layout, const std::vector<std::size_t>& chain,
                      const std::vector<std::int64_t>& centre) {
    std::string path;
    for (std::size_t i = 0; i + 1 < chain.size(); ++i) {
        const std::size_t from = chain[i];
        const std::size_t to = chain[i + 1];
        const std::int64_t x1 = centre[from] + margin;
        const std::int64_t x2 = centre[to] + margin;
        const auto layer = static_cast<std::int64_t>(layout.vertices[from].layer);
        const std::int64_t y1 = margin + layer * layer_step + svg_box_height;
        const std::int64_t y2 = margin + (layer + 1) * layer_step;
        const std::int64_t middle = (y1 + y2) / 2;
        if (i == 0) {
            path += "M" + number(x1) + " " + number(y1);
        } else {
            path += "V" + number(y1);  // past the layer in which the edge only bends
        }
        path += "C" + number(x1) + " " + number(middle) + " " + number(x2) + " " + number(middle) +
                " " + number(x2) + " " + number(y2);
    }
    return "<path class=\"edge\" d=\"" + path + "\" marker-end=\"url(#arrow)\"/>\n";
}

std::string box(const GraphNode& node, std::int64_t x, std::int64_t y) {
    const std::int64_t width = box_width(node);
    std::string name = xml_escaped(node.id);
    name += node.is_map ? " ≡" : "";
    name += node.is_finally ? " ∎" : "";
    std::string out = "<g class=\"node" + std::string(node.is_finally ? " finally" : "") + "\">";
    out += "<rect x=\"" + number(x - width / 2) + "\" y=\"" + number(y) + "\" width=\"" +
           number(width) + "\" height=\"" + number(svg_box_height) + "\" rx=\"6\"/>";
    out += "<text x=\"" + number(x) + "\" y=\"" + number(y + 19) + "\">" + name + "</text>";
    out += "<text class=\"kind\" x=\"" + number(x) + "\" y=\"" + number(y + 35) + "\">" +
           xml_escaped(node.kind) + "</text></g>\n";
    return out;
}

constexpr std::string_view svg_style =
    "<style>text{font:14px system-ui,sans-serif;text-anchor:middle;fill:#1b1f24}"
    ".kind{font-size:11px;fill:#57606a}"
    "rect{fill:#fff;stroke:#57606a;stroke-width:1.5}.finally rect{stroke-dasharray:4 3}"
    ".edge{fill:none;stroke:#57606a;stroke-width:1.5}#arrow path{fill:#57606a}"
    "@media(prefers-color-scheme:dark){text{fill:#e6edf3}.kind{fill:#9aa5b1}"
    "rect{fill:#161b22;stroke:#9aa5b1}.edge{stroke:#9aa5b1}#arrow path{fill:#9aa5b1}}"
    "</style>\n"
    "<defs><marker id=\"arrow\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerWidth=\"7\" "
    "markerHeight=\"7\" orient=\"auto\"><path d=\"M0 0L8 4L0 8z\"/></marker></defs>\n";

}  // namespace

std::string graph_mermaid(const Graph& graph) {
    std::string out = "flowchart TD\n";
    bool has_finally = false;
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        if (graph.nodes[i].is_finally) {
            has_finally = true;
        } else {
            out += "    " + mermaid_node(graph, i);
        }
    }
    if (has_finally) {
        out += "    subgraph finally\n";
        for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
            if (graph.nodes[i].is_finally) {
                out += "        " + mermaid_node(graph, i);
            }
        }
        out += "    end\n";
    }
    for (const auto& [from, to] : graph.edges) {
        out += "    n" + std::to_string(from) + " --> n" + std::to_string(to) + "\n";
    }
    return out;
}

Result<std::string> graph_svg(const Graph& graph) {
    ATTACCA_TRY(const Layout layout, lay_out(graph));
    std::vector<std::int64_t> widths;
    for (const Vertex& vertex : layout.vertices) {
        widths.push_back(vertex.node == bend ? 9 : box_width(graph.nodes[vertex.node]));
    }
    const std::vector<std::int64_t> centre = centres(layout, widths, 28);
    std::int64_t width = 0;
    for (std::size_t i = 0; i < widths.size(); ++i) {
        width = std::max(width, centre[i] + widths[i] / 2 + 1);
    }
    width += 2 * margin;
    const auto layers = static_cast<std::int64_t>(layout.layers.size());
    const std::int64_t height = std::max<std::int64_t>(0, layers - 1) * layer_step +
                                svg_box_height + 2 * margin;
    std::string out = "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"" +
                      number(width) + "\" height=\"" + number(height) + "\" viewBox=\"0 0 " +
                      number(width) + " " + number(height) + "\">\n<title>" +
                      xml_escaped(graph.name) + "</title>\n" + std::string{svg_style};
    for (const std::vector<std::size_t>& chain : layout.chains) {
        out += edge_path(layout, chain, centre);
    }
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        const auto layer = static_cast<std::int64_t>(layout.vertices[i].layer);
        out += box(graph.nodes[i], centre[i] + margin, margin + layer * layer_step);
    }
    return out + "</svg>\n";
}

Json graph_json(const Graph& graph) {
    Json::Array nodes;
    for (const GraphNode& node : graph.nodes) {
        Json entry = Json::object();
        entry.set("id", node.id);
        entry.set("kind", node.kind);
        entry.set("is_map", node.is_map);
        entry.set("is_finally", node.is_finally);
        nodes.push_back(std::move(entry));
    }
    Json::Array edges;
    for (const auto& [from, to] : graph.edges) {
        Json entry = Json::object();
        entry.set("from", graph.nodes[from].id);
        entry.set("to", graph.nodes[to].id);
        edges.push_back(std::move(entry));
    }
    Json out = Json::object();
    out.set("name", graph.name);
    out.set("nodes", std::move(nodes));
    out.set("edges", std::move(edges));
    return out;
}

}  // namespace attacca::cli
