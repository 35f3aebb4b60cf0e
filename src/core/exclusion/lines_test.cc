// SPDX-License-Identifier: Apache-2.0
#include "core/exclusion/lines.h"

#include <gtest/gtest.h>

#include <vector>

#include "base/time.h"
#include "base/uuid.h"

namespace attacca::core {
namespace {

// What has no number of its own must be told apart by its name alone.
struct CountedLine {
    int count = 0;
};

TEST(Lines, ANameHasOneLineUntilItIsDropped) {
    Lines<CountedLine> lines;
    EXPECT_EQ(lines.find({1, "a"}), no_index);
    const LineNumber a = lines.take({1, "a"});
    EXPECT_EQ(lines.take({1, "a"}), a);
    EXPECT_EQ(lines.find({1, "a"}), a);
    EXPECT_EQ(lines.text_of(a), "a");
    EXPECT_EQ(lines.size(), 1U);
    lines.drop(a);
    EXPECT_EQ(lines.find({1, "a"}), no_index);
    EXPECT_EQ(lines.size(), 0U);
}

TEST(Lines, TenantsAndNamesAreApart) {
    Lines<CountedLine> lines;
    const LineNumber a = lines.take({1, "a"});
    EXPECT_NE(lines.take({2, "a"}), a);
    EXPECT_NE(lines.take({1, "b"}), a);
    EXPECT_NE(lines.take({1, std::string_view("a\0", 2)}), a);
    EXPECT_EQ(lines.size(), 4U);
}

TEST(Lines, ANumberIsUsedAgainForAnotherName) {
    Lines<CountedLine> lines;
    const LineNumber a = lines.take({1, "a"});
    const LineNumber b = lines.take({1, "b"});
    lines.drop(a);
    EXPECT_EQ(lines.take({1, "c"}), a);
    EXPECT_EQ(lines.text_of(a), "c");
    EXPECT_EQ(lines.find({1, "b"}), b);
    EXPECT_EQ(lines.find({1, "a"}), no_index);
}

TEST(Lines, VisitsThoseThatAreInUse) {
    Lines<CountedLine> lines;
    const LineNumber a = lines.take({1, "a"});
    const LineNumber b = lines.take({1, "b"});
    const LineNumber c = lines.take({1, "c"});
    lines.drop(b);
    std::vector<LineNumber> seen;
    lines.visit([&](LineNumber line) { seen.push_back(line); });
    EXPECT_EQ(seen, (std::vector<LineNumber>{a, c}));
}

// Ids that were drawn one after another differ in a few places; nothing may lump them together.
TEST(LineIndex, NamesThatAreAlikeStandNoFartherApartThanOthers) {
    LineIndex index;
    const auto name = [](std::uint32_t i) {
        const WallTime at{1'700'000'000'000'000 + std::int64_t{i / 64} * 1000};
        return uuid_v7(at, i * 0x9E3779B9ULL, std::uint64_t{i} << 8U).text();
    };
    const auto numbered = [](std::uint32_t i) { return "host:" + std::to_string(i); };
    for (std::uint32_t i = 0; i < 100'000; ++i) {
        const std::string id = name(i);
        const std::string host = numbered(i);
        index.add(LineIndex::hash_of({1, id}), {1, id}, 2 * i);
        index.add(LineIndex::hash_of({1, host}), {1, host}, 2 * i + 1);
    }
    EXPECT_EQ(index.far(), 0U);
}

// Somebody chose the names so that all have the same hash.
TEST(LineIndex, NamesWithOneHashAreFoundAllTheSame) {
    constexpr std::uint32_t hash = 12345;
    constexpr std::uint32_t names = 3000;
    LineIndex index;
    const auto text = [](std::uint32_t i) { return "name " + std::to_string(i); };
    const auto find = [&](std::uint32_t i) {
        const std::string own = text(i);
        return index.find(hash, {7, own}, [&](LineNumber line) { return text(line) == own; });
    };
    for (std::uint32_t i = 0; i < names; ++i) {
        EXPECT_EQ(find(i), no_index);
        index.add(hash, {7, text(i)}, i);
    }
    EXPECT_EQ(index.far(), names - LineIndex::reach - 1);
    for (std::uint32_t i = 0; i < names; i += 3) {
        index.remove(hash, {7, text(i)}, i);
    }
    for (std::uint32_t i = 0; i < names; ++i) {
        EXPECT_EQ(find(i), i % 3 == 0 ? no_index : i);
    }
    EXPECT_EQ(index.find(hash, {8, text(names - 1)}, [](LineNumber) { return false; }), no_index);
    for (std::uint32_t i = 0; i < names; ++i) {
        if (i % 3 != 0) {
            index.remove(hash, {7, text(i)}, i);
        }
    }
    EXPECT_EQ(index.far(), 0U);
}

}  // namespace
}  // namespace attacca::core
