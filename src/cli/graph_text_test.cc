// SPDX-License-Identifier: Apache-2.0
#include "cli/graph_layout.h"

#include <gtest/gtest.h>

#include "cli/golden.h"
#include "cli/sample_graphs.h"

namespace attacca::cli {
namespace {

TEST(GraphText, DrawingsAreAsKept) {
    expect_golden("graph_scan.txt", graph_text(scan(), 100));
    expect_golden("graph_release.txt", graph_text(release(), 100));
    expect_golden("graph_crossed.txt", graph_text(crossed(), 100));
    expect_golden("graph_one.txt", graph_text(made({"only"}, {}), 100));
}

TEST(GraphText, WhatDoesNotFitIsWrittenAsAList) {
    EXPECT_EQ(graph_text(scan(), 8), graph_list(scan()));
    expect_golden("graph_list.txt", graph_list(scan()));
}

}  // namespace
}  // namespace attacca::cli
