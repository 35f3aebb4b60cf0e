// SPDX-License-Identifier: Apache-2.0
#include "adapters/sqlite/batch_codec.h"

#include <gtest/gtest.h>

#include "ports/store_batch.h"

namespace attacca::sqlite {
namespace {

using Gseqs = std::vector<std::uint64_t>;
constexpr std::uint64_t none = ports::no_gseq;

std::string packed(const Gseqs& previous, std::uint64_t first_gseq) {
    std::string out = "left over";
    pack_previous(previous, first_gseq, out);
    return out;
}

TEST(BatchIndex, IsReadBackAsItWas) {
    const std::uint64_t large = std::uint64_t{1} << 62U;
    const Gseqs previous = {none, large - 1, large, 0, none, large - 200};
    EXPECT_EQ(unpack_previous(packed(previous, large), large, 6).value(), previous);
    EXPECT_EQ(unpack_previous(packed({none, 0, 1}, 0), 0, 3).value(), (Gseqs{none, 0, 1}));
}

TEST(BatchIndex, TakesOneByteForANearNeighbour) {
    EXPECT_EQ(packed({none, 1000, 900}, 1000).size(), 3U);
}

TEST(BatchIndex, IsRefusedWhenItIsDamaged) {
    const std::string good = packed({none, 0, 1}, 0);
    EXPECT_FALSE(unpack_previous(good, 0, 2));
    EXPECT_FALSE(unpack_previous(good, 0, 4));
    EXPECT_FALSE(unpack_previous("", 0, 1));
    EXPECT_FALSE(unpack_previous("\x80", 5, 1));
    EXPECT_FALSE(unpack_previous("\x06", 5, 1)) << "points before the first record";
    EXPECT_FALSE(unpack_previous(std::string(11, '\xFF'), 5, 1));
    EXPECT_EQ(unpack_previous("\x06", 5, 1).error().problem, Problem::corrupt);
}

TEST(BatchIndexDeathTest, ARecordAfterItsSuccessorStopsTheProcess) {
    std::string out;
    EXPECT_DEATH(pack_previous({7}, 7, out), "gseq");
}

TEST(Packer, GivesBackTheBytesAcrossManyUses) {
    Packer packer;
    Unpacker unpacker;
    for (const std::string& bytes :
         {std::string(), std::string("a"), std::string(1U << 20U, 'x'), std::string("\0\xFF", 2)}) {
        const std::string packed(packer.pack(bytes));
        EXPECT_EQ(unpacker.unpack(packed, bytes.size()).value(), bytes);
    }
}

// Small batches are packed in another way than large ones; nobody who reads them sees that.
TEST(Packer, GivesBackTextOfEverySize) {
    Packer packer;
    Unpacker unpacker;
    for (const std::size_t size : {100U, 5'000U, 16'384U, 16'385U, 100'000U}) {
        std::string text;
        for (int i = 0; text.size() < size; ++i) {
            text += "record " + std::to_string(i) + " of " + std::to_string(i * i % 97) + "\n";
        }
        text.resize(size);
        const std::string packed(packer.pack(text));
        EXPECT_LT(packed.size(), size);
        EXPECT_EQ(unpacker.unpack(packed, size).value(), text);
    }
}

TEST(Packer, ShrinksWhatRepeats) {
    Packer packer;
    EXPECT_LT(packer.pack(std::string(1U << 20U, 'x')).size(), 1000U);
}

TEST(Unpacker, RefusesWhatIsNotTheWholeFrame) {
    Packer packer;
    Unpacker unpacker;
    const std::string text(10000, 'y');
    const std::string packed(packer.pack(text));
    EXPECT_FALSE(unpacker.unpack(packed, text.size() + 1));
    EXPECT_FALSE(unpacker.unpack(packed.substr(0, packed.size() - 1), text.size()));
    EXPECT_FALSE(unpacker.unpack("", 0));
    EXPECT_FALSE(unpacker.unpack("no frame at all", 15));
    EXPECT_FALSE(unpacker.unpack(packed, std::uint64_t{1} << 60U));
    EXPECT_TRUE(unpacker.unpack(packed, text.size())) << "a refusal harms no later call";
}

}  // namespace
}  // namespace attacca::sqlite
