// SPDX-License-Identifier: Apache-2.0
#include "base/large_block.h"

#include <gtest/gtest.h>

#include <cstring>
#include <memory>
#include <vector>

namespace attacca {
namespace {

TEST(LargeBlock, IsAlignedToItsSizeAndCanBeWrittenWhollyEitherWay) {
    for (const Paging paging : {Paging::small, Paging::large}) {
        std::vector<LargeBlock> blocks;
        for (unsigned i = 0; i < 3; ++i) {
            blocks.push_back(new_large_block(paging));
            void* block = blocks.back().get();
            std::size_t room = large_block_bytes;
            EXPECT_EQ(std::align(large_block_bytes, large_block_bytes, block, room),
                      blocks.back().get());
            std::memset(block, static_cast<int>(i), large_block_bytes);
        }
        for (unsigned i = 0; i < 3; ++i) {
            const auto* bytes = static_cast<const unsigned char*>(blocks[i].get());
            EXPECT_EQ(bytes[0], i);
            EXPECT_EQ(bytes[large_block_bytes - 1], i);
        }
    }
}

}  // namespace
}  // namespace attacca
