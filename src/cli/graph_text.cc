// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/check.h"
#include "cli/graph_layout.h"
#include "cli/text.h"

// A drawing in box characters. Between two layers lies a channel: each upper vertex with a link
// that is not straight has a *net*, a horizontal line in one of the channel's rows (its track),
// which the links share.

namespace attacca::cli {
namespace {

constexpr unsigned up = 1;
constexpr unsigned down = 2;
constexpr unsigned left = 4;
constexpr unsigned right = 8;

class Canvas {
  public:
    void join(std::size_t row, std::int64_t column, unsigned sides) {
        lines_[{row, column}] |= sides;
    }
    void put(std::size_t row, std::int64_t column, std::string glyph) {
        glyphs_[{row, column}] = std::move(glyph);
    }
    void write(std::size_t row, std::int64_t column, std::string_view text) {
        for (std::size_t at = 0; at < text.size();) {
            std::size_t size = 1;
            while (at + size < text.size() &&
                   (static_cast<unsigned char>(text[at + size]) & 0xC0U) == 0x80U) {
                ++size;
            }
            put(row, column++, std::string{text.substr(at, size)});
            at += size;
        }
    }

    [[nodiscard]] std::string text(std::size_t rows) const {
        static constexpr std::array<const char*, 16> shapes = {" ", "│", "│", "│", "─", "┘",
                                                               "┐", "┤", "─", "└", "┌", "├",
                                                               "─", "┴", "┬", "┼"};
        std::map<std::pair<std::size_t, std::int64_t>, std::string> all = glyphs_;
        for (const auto& [place, sides] : lines_) {
            all.try_emplace(place, shapes[sides]);
        }
        std::string out;
        auto cell = all.begin();
        for (std::size_t row = 0; row < rows; ++row) {
            std::int64_t column = 0;
            for (; cell != all.end() && cell->first.first == row; ++cell) {
                out.append(static_cast<std::size_t>(cell->first.second - column), ' ');
                out += cell->second;
                column = cell->first.second + 1;
            }
            out += '\n';
        }
        return out;
    }

  private:
    using Place = std::pair<std::size_t, std::int64_t>;
    std::map<Place, unsigned> lines_;
    std::map<Place, std::string> glyphs_;
};

std::string label_of(const GraphNode& node) {
    std::string label = printable(node.id);
    if (node.is_map) {
        label += " ≡";
    }
    if (node.is_finally) {
        label += " ∎";
    }
    // An odd width has a middle column, where lines enter and leave.
    return width_of(label) % 2 == 0 ? label + " " : label;
}

struct Net {
    std::int64_t from = 0;
    std::vector<std::int64_t> to;
    std::int64_t low = 0;
    std::int64_t high = 0;
    std::size_t track = 0;

    [[nodiscard]] bool is_straight() const { return low == high; }
};

bool must_be_above(const Net& a, const Net& b) {
    // `a` comes down in a column where `b` goes further down: were `b` higher, they would overlap.
    return &a != &b && std::find(b.to.begin(), b.to.end(), a.from) != b.to.end();
}

bool do_overlap(const Net& a, const Net& b) {
    return a.low <= b.high + 1 && b.low <= a.high + 1;
}

// Gives each net that is not straight its track and returns how many there are. Nets that must be
// above each other in a circle are taken in their order; two lines then touch.
std::size_t assign_tracks(std::vector<Net>& nets) {
    std::vector<Net*> waiting;
    for (Net& net : nets) {
        if (!net.is_straight()) {
            waiting.push_back(&net);
        }
    }
    std::vector<std::vector<Net*>> tracks;
    std::vector<Net*> placed;
    while (!waiting.empty()) {
        auto chosen = std::find_if(waiting.begin(), waiting.end(), [&](const Net* net) {
            return std::none_of(waiting.begin(), waiting.end(),
                                [&](const Net* other) { return must_be_above(*other, *net); });
        });
        chosen = chosen == waiting.end() ? waiting.begin() : chosen;
        Net* net = *chosen;
        waiting.erase(chosen);
        std::size_t track = 0;
        for (const Net* other : placed) {
            if (must_be_above(*other, *net)) {
                track = std::max(track, other->track + 1);
            }
        }
        while (track < tracks.size() &&
               std::any_of(tracks[track].begin(), tracks[track].end(),
                           [&](const Net* other) { return do_overlap(*other, *net); })) {
            ++track;
        }
        tracks.resize(std::max(tracks.size(), track + 1));
        tracks[track].push_back(net);
        net->track = track;
        placed.push_back(net);
    }
    return tracks.size();
}

void draw_net(Canvas& canvas, const Net& net, std::size_t top, std::size_t tracks) {
    if (net.is_straight()) {
        for (std::size_t row = 0; row < tracks; ++row) {
            canvas.join(top + row, net.from, up | down);
        }
        return;
    }
    for (std::size_t row = 0; row < net.track; ++row) {
        canvas.join(top + row, net.from, up | down);
    }
    const std::size_t turn = top + net.track;
    canvas.join(turn, net.from, up);
    for (std::int64_t x = net.low; x < net.high; ++x) {
        canvas.join(turn, x, right);
        canvas.join(turn, x + 1, left);
    }
    for (const std::int64_t x : net.to) {
        canvas.join(turn, x, down);
        for (std::size_t row = net.track + 1; row < tracks; ++row) {
            canvas.join(top + row, x, up | down);
        }
    }
}

constexpr std::size_t text_box_height = 3;

class TextDrawing {
  public:
    TextDrawing(const Graph& graph, const Layout& layout) : layout_(layout) {
        std::vector<std::int64_t> widths;
        for (const Vertex& vertex : layout.vertices) {
            labels_.push_back(vertex.node == bend ? "" : label_of(graph.nodes[vertex.node]));
            const auto label = static_cast<std::int64_t>(width_of(labels_.back()));
            widths.push_back(vertex.node == bend ? 1 : label + 4);
        }
        centre_ = centres(layout, widths, 2);
        for (std::size_t i = 0; i < widths.size(); ++i) {
            width_ = std::max(width_, centre_[i] + widths[i] / 2 + 1);
        }
    }

    [[nodiscard]] std::int64_t width() const { return width_; }

    [[nodiscard]] std::string text() {
        std::size_t row = 0;
        for (std::size_t i = 0; i < layout_.layers.size(); ++i) {
            for (const std::size_t vertex : layout_.layers[i]) {
                draw_vertex(vertex, row);
            }
            row += text_box_height;
            if (i + 1 < layout_.layers.size()) {
                row = draw_channel(layout_.layers[i], layout_.layers[i + 1], row);
            }
        }
        return canvas_.text(row);
    }

  private:
    void draw_vertex(std::size_t index, std::size_t row) {
        const Vertex& vertex = layout_.vertices[index];
        const std::int64_t x = centre_[index];
        if (vertex.node == bend) {
            for (std::size_t i = 0; i < text_box_height; ++i) {
                canvas_.join(row + i, x, up | down);
            }
            return;
        }
        const std::string& label = labels_[index];
        const auto half = static_cast<std::int64_t>(width_of(label) + 4) / 2;
        for (std::int64_t at = x - half; at < x + half; ++at) {
            for (const std::size_t edge : {row, row + 2}) {
                canvas_.join(edge, at, right);
                canvas_.join(edge, at + 1, left);
            }
        }
        for (const std::int64_t side : {x - half, x + half}) {
            canvas_.join(row, side, down);
            canvas_.join(row + 1, side, up | down);
            canvas_.join(row + 2, side, up);
        }
        canvas_.write(row + 1, x - half + 2, label);
        if (!vertex.below.empty()) {
            canvas_.join(row + 2, x, down);
        }
    }

    // Returns the row after the channel.
    std::size_t draw_channel(const std::vector<std::size_t>& upper,
                             const std::vector<std::size_t>& lower, std::size_t row) {
        std::vector<Net> nets;
        for (const std::size_t index : upper) {
            Net net{centre_[index], {}, centre_[index], centre_[index], 0};
            for (const std::size_t to : layout_.vertices[index].below) {
                net.to.push_back(centre_[to]);
                net.low = std::min(net.low, centre_[to]);
                net.high = std::max(net.high, centre_[to]);
            }
            if (!net.to.empty()) {
                nets.push_back(std::move(net));
            }
        }
        const std::size_t tracks = assign_tracks(nets);
        for (const Net& net : nets) {
            draw_net(canvas_, net, row, tracks);
        }
        for (const std::size_t index : lower) {
            if (layout_.vertices[index].above.empty()) {
                continue;
            }
            if (layout_.vertices[index].node == bend) {
                canvas_.join(row + tracks, centre_[index], up | down);
            } else {
                canvas_.put(row + tracks, centre_[index], "▼");
            }
        }
        return row + tracks + 1;
    }

    const Layout& layout_;
    std::vector<std::string> labels_;
    std::vector<std::int64_t> centre_;
    std::int64_t width_ = 0;
    Canvas canvas_;
};

constexpr std::size_t drawn_as_text_max = 500;

}  // namespace

std::string graph_text(const Graph& graph, std::size_t width) {
    if (graph.nodes.size() > drawn_as_text_max) {
        return graph_list(graph);
    }
    const Result<Layout> layout = lay_out(graph);
    if (!layout) {
        return graph_list(graph);
    }
    TextDrawing drawing(graph, *layout);
    return drawing.width() > static_cast<std::int64_t>(width) ? graph_list(graph) : drawing.text();
}

std::string graph_list(const Graph& graph) {
    std::vector<std::string> needs(graph.nodes.size());
    for (const auto& [from, to] : graph.edges) {
        needs[to] += (needs[to].empty() ? "needs " : ", ") + printable(graph.nodes[from].id);
    }
    TextTable table({"NODE", "KIND", "NEEDS"});
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        const GraphNode& node = graph.nodes[i];
        std::string name = printable(node.id);
        name += node.is_map ? " ≡" : "";
        name += node.is_finally ? " ∎" : "";
        std::string need = needs[i];
        if (!node.note.empty()) {
            need += (need.empty() ? "(" : " (") + node.note + ")";
        }
        table.add({std::move(name), printable(node.kind), std::move(need)});
    }
    return table.text(false);
}

}  // namespace attacca::cli
