// SPDX-License-Identifier: Apache-2.0
#include "core/ledger/fault.h"

#include <set>

#include <gtest/gtest.h>

namespace attacca::core {
namespace {

constexpr int fault_count = 21;
constexpr int verdict_count = 5;

TEST(Fault, HasACodeOfItsOwnAndIsNeverGood) {
    std::set<std::string_view> codes;
    for (int i = 0; i < fault_count; ++i) {
        const auto fault = static_cast<Fault>(i);
        EXPECT_TRUE(code_of(fault).starts_with("E_"));
        codes.insert(code_of(fault));
        EXPECT_NE(verdict_of(fault, false), Verdict::good);
        EXPECT_NE(verdict_of(fault, true), Verdict::good);
    }
    EXPECT_EQ(codes.size(), static_cast<std::size_t>(fault_count));
}

TEST(Fault, HasTheExitStatusOfTheSpecification) {
    const auto status = [](Fault fault) { return exit_status_of(verdict_of(fault, false)); };
    EXPECT_EQ(status(Fault::leaf), 1);
    EXPECT_EQ(status(Fault::sig), 1);
    EXPECT_EQ(status(Fault::artifact), 1);
    EXPECT_EQ(status(Fault::gap), 2);
    EXPECT_EQ(status(Fault::time), 2);
    EXPECT_EQ(exit_status_of(verdict_of(Fault::time, true)), 1);
    EXPECT_EQ(status(Fault::origin), 3);
    EXPECT_EQ(status(Fault::untrusted), 3);
    EXPECT_EQ(status(Fault::quorum), 3);
    EXPECT_EQ(status(Fault::proof), 1);
    EXPECT_EQ(status(Fault::rollback), 4);
    EXPECT_EQ(status(Fault::fork), 4);
    EXPECT_EQ(exit_status_of(Verdict::good), 0);
}

TEST(Verdict, TheWorseOneWinsInEitherOrder) {
    for (int a = 0; a < verdict_count; ++a) {
        for (int b = 0; b < verdict_count; ++b) {
            const auto first = static_cast<Verdict>(a);
            const auto second = static_cast<Verdict>(b);
            EXPECT_EQ(worse_of(first, second), worse_of(second, first));
            if (first == Verdict::good) {
                EXPECT_EQ(worse_of(first, second), second);
            }
        }
    }
    EXPECT_EQ(worse_of(Verdict::rolled_back, Verdict::tampered), Verdict::tampered);
    EXPECT_EQ(worse_of(Verdict::rolled_back, Verdict::untrusted), Verdict::rolled_back);
    EXPECT_EQ(worse_of(Verdict::incomplete, Verdict::untrusted), Verdict::untrusted);
}

}  // namespace
}  // namespace attacca::core
