// SPDX-License-Identifier: Apache-2.0
#include "core/ledger/origin.h"

#include <gtest/gtest.h>

namespace attacca::core {
namespace {

TEST(Origin, TheNextOneCounts) {
    EXPECT_EQ(next_origin("attacca.local/198"), "attacca.local/199");
    EXPECT_EQ(next_origin("attacca.local/0198a"), "attacca.local/0198a/2");
    EXPECT_EQ(next_origin("attacca.local/0198a/2"), "attacca.local/0198a/3");
    EXPECT_EQ(next_origin("evidence.example/ledger/1"), "evidence.example/ledger/2");
    EXPECT_EQ(next_origin("plain"), "plain/2");
}

TEST(Origin, EachIsAFormerOneOfAllThatFollow) {
    for (const char* first : {"plain", "a.example/x", "a.example/ledger/1", "a.example/7"}) {
        std::string origin = first;
        for (int i = 0; i < 12; ++i) {
            const std::string later = next_origin(origin);
            EXPECT_TRUE(is_former_origin(origin, later)) << origin << " " << later;
            EXPECT_TRUE(is_former_origin(first, later)) << later;
            EXPECT_FALSE(is_former_origin(later, origin)) << origin << " " << later;
            EXPECT_FALSE(is_former_origin(later, later));
            origin = later;
        }
    }
}

TEST(Origin, OfAnotherLineIsNoFormerOne) {
    EXPECT_FALSE(is_former_origin("a.example/x", "a.example/y/2"));
    EXPECT_FALSE(is_former_origin("a.example/xx", "a.example/x/2"));
    EXPECT_FALSE(is_former_origin("a.example/x/0", "a.example/x/2"));
    EXPECT_FALSE(is_former_origin("a.example/x/1x", "a.example/x/2"));
    EXPECT_FALSE(is_former_origin("", "a.example/x/2"));
    EXPECT_FALSE(is_former_origin("a.example/x", "a.example/x"));
}

}  // namespace
}  // namespace attacca::core
