// SPDX-License-Identifier: Apache-2.0
#include "cli/graph_layout.h"

#include <gtest/gtest.h>

#include "cli/golden.h"
#include "cli/sample_graphs.h"

namespace attacca::cli {
namespace {

TEST(GraphMermaid, IsAsKept) {
    expect_golden("graph_scan.mermaid", graph_mermaid(scan()));
}

TEST(GraphSvg, IsAsKept) {
    expect_golden("graph_release.svg", *graph_svg(release()));
}

TEST(GraphExports, HostileNamesAreEscaped) {
    Graph graph = made({"<script>\"&'`#\x1b"}, {});
    graph.name = "</title><script>";
    const std::string svg = *graph_svg(graph);
    EXPECT_EQ(svg.find("<script"), std::string::npos);
    EXPECT_NE(svg.find("&lt;script&gt;&quot;&amp;&#39;`#\uFFFD"), std::string::npos);
    const std::string mermaid = graph_mermaid(graph);
    EXPECT_EQ(mermaid.find("<script"), std::string::npos);
    EXPECT_NE(mermaid.find("#lt;script#gt;#quot;#amp;'#96;#35;"), std::string::npos);
    EXPECT_EQ(graph_text(graph, 100).find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace attacca::cli
