// SPDX-License-Identifier: Apache-2.0
#include "http/tile_path.h"

#include <gtest/gtest.h>

namespace attacca::http {
namespace {

TEST(TilePath, IsReadAsTheSpecificationWritesIt) {
    EXPECT_EQ(*parse_tile_path("0/000"), (TilePath{false, 0, 0, 256}));
    EXPECT_EQ(*parse_tile_path("2/x001/x234/067"), (TilePath{false, 2, 1234067, 256}));
    EXPECT_EQ(*parse_tile_path("0/x001/000.p/5"), (TilePath{false, 0, 1000, 5}));
    EXPECT_EQ(*parse_tile_path("63/999.p/255"), (TilePath{false, 63, 999, 255}));
    EXPECT_EQ(*parse_tile_path("entries/012"), (TilePath{true, 0, 12, 256}));
    EXPECT_EQ(*parse_tile_path("entries/x010/000.p/1"), (TilePath{true, 0, 10000, 1}));
}

TEST(TilePath, EachTileHasOnePathOnly) {
    for (const char* text :
         {"", "0", "0/", "/000", "00/000", "64/000", "-1/000", "a/000", "0/0", "0/00", "0/0000",
          "0/x000/001", "0/x001", "0/x001/", "0/001/002", "0/x1/000", "0/x0001/000", "0/ 01",
          "0/000.p/0", "0/000.p/256", "0/000.p/01", "0/000.p/", "0/000.p", "0/000/", "0/000.p/1/2",
          "entries", "entries/", "entries/x/000", "Entries/000",
          "0/x999/x999/x999/x999/x999/x999/x999/999"}) {
        EXPECT_FALSE(parse_tile_path(text)) << text;
    }
}

}  // namespace
}  // namespace attacca::http
