// SPDX-License-Identifier: Apache-2.0
#include "core/ledger/chains.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "core/ledger/hash.h"
#include "core/ledger/random_record_for_test.h"

namespace attacca::core {
namespace {

constexpr std::string_view origin = "evidence.example/ledger/1";

JobId id_of(std::uint64_t n) {
    return {uuid_v7({static_cast<std::int64_t>(n) * 1000}, n, n)};
}

Sha256 link_of(std::uint64_t n) {
    return leaf_hash(std::to_string(n));
}

// Follows one record; `link` names this record and, by default, its predecessor `link` - 1.
struct Step {
    std::string entity;
    std::uint64_t eseq = 0;
    std::uint64_t link = 0;
    std::string tenant = "acme";
    bool is_final = false;
    std::optional<Sha256> prev = {};
};
std::optional<Fault> follow(Chains& chains, const Step& step) {
    RecordHeader header;
    header.entity = step.entity;
    header.tenant = step.tenant;
    header.origin = origin;
    header.eseq = step.eseq;
    header.is_final = step.is_final;
    header.prev = step.prev        ? *step.prev
                  : step.eseq == 0 ? genesis_hash(origin, step.tenant, step.entity)
                                   : link_of(step.link - 1);
    return chains.follow(header, link_of(step.link));
}

class ChainsOf : public ::testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(EntityKinds,
                         ChainsOf,
                         ::testing::Values("job/017f22e2-79b0-7cc3-98c4-dc0c0c07398f",
                                           "ledger",
                                           "job/A"));

TEST_P(ChainsOf, FollowEachOtherFromGenesisToEnd) {
    Chains chains;
    EXPECT_EQ(follow(chains, {GetParam(), 0, 1}), std::nullopt);
    EXPECT_EQ(follow(chains, {GetParam(), 1, 2}), std::nullopt);
    EXPECT_EQ(follow(chains, {GetParam(), 2, 3, "acme", true}), std::nullopt);
    EXPECT_EQ(follow(chains, {GetParam(), 3, 4}), Fault::final);
    EXPECT_EQ(follow(chains, {GetParam(), 0, 5}), Fault::final);
    EXPECT_EQ(chains.entities(), 1U);
}

TEST_P(ChainsOf, BeginWithTheirGenesis) {
    Chains chains;
    EXPECT_EQ(follow(chains, {GetParam(), 0, 1, "acme", false, link_of(7)}), Fault::chain);
    Chains others;
    EXPECT_EQ(follow(others, {GetParam(), 1, 1}), Fault::chain);
}

TEST_P(ChainsOf, HaveNoGapNoForkAndNoOtherLink) {
    Chains chains;
    EXPECT_EQ(follow(chains, {GetParam(), 0, 1}), std::nullopt);
    EXPECT_EQ(follow(chains, {GetParam(), 2, 2}), Fault::chain);
    EXPECT_EQ(follow(chains, {GetParam(), 3, 3}), std::nullopt) << "it goes on from there";
    EXPECT_EQ(follow(chains, {GetParam(), 3, 4}), Fault::chain);
    EXPECT_EQ(follow(chains, {GetParam(), 4, 5, "acme", false, link_of(99)}), Fault::chain);
}

TEST_P(ChainsOf, StayWithTheirTenant) {
    Chains chains;
    EXPECT_EQ(follow(chains, {GetParam(), 0, 1}), std::nullopt);
    EXPECT_EQ(follow(chains, {GetParam(), 1, 2, "umbrella"}), Fault::tenant);
    EXPECT_EQ(follow(chains, {GetParam(), 2, 3}), std::nullopt);
}

TEST(EndedJobs, AreFoundWhateverTheirOrder) {
    constexpr std::uint64_t count = 30'000;
    RandomRecords random(6);
    for (const bool is_ordered : {true, false}) {
        std::vector<std::uint64_t> numbers;
        for (std::uint64_t i = 0; i < count; ++i) {
            numbers.push_back(2 * i);
        }
        for (std::uint64_t i = 0; !is_ordered && i + 1 < count; ++i) {
            std::swap(numbers[i], numbers[i + random.below(count - i)]);
        }
        EndedJobs ended;
        for (const std::uint64_t n : numbers) {
            ended.add(id_of(n));
        }
        ended.add(id_of(numbers.front()));
        EXPECT_EQ(ended.size(), count);
        for (std::uint64_t i = 0; i < count; i += 7) {
            ASSERT_TRUE(ended.contains(id_of(2 * i))) << i;
            ASSERT_FALSE(ended.contains(id_of(2 * i + 1))) << i;
        }
        ASSERT_TRUE(ended.contains(id_of(2 * count - 2)));
        ASSERT_FALSE(ended.contains(id_of(2 * count)));
    }
}

}  // namespace
}  // namespace attacca::core
