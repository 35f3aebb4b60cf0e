// SPDX-License-Identifier: Apache-2.0
#include "app/verify/findings.h"

#include <gtest/gtest.h>

namespace attacca::verify {
namespace {

int status_of(std::initializer_list<const char*> codes) {
    Findings findings;
    for (const char* code : codes) {
        findings.add(code, std::nullopt, "");
    }
    return findings.exit_status();
}

TEST(Findings, NothingFoundIsSuccess) {
    const Findings findings;
    EXPECT_TRUE(findings.is_empty());
    EXPECT_EQ(findings.exit_status(), 0);
}

TEST(Findings, EveryCodeHasItsStatusAndAnUnknownOneIsTampering) {
    EXPECT_EQ(status_of({"E_LEAF"}), 1);
    EXPECT_EQ(status_of({"E_STATE"}), 1);
    EXPECT_EQ(status_of({"E_GAP"}), 2);
    EXPECT_EQ(status_of({"E_MISSING"}), 2);
    EXPECT_EQ(status_of({"E_UNTRUSTED"}), 3);
    EXPECT_EQ(status_of({"E_ORIGIN"}), 3);
    EXPECT_EQ(status_of({"E_ROLLBACK"}), 4);
    EXPECT_EQ(status_of({"E_FORK"}), 4);
    EXPECT_EQ(status_of({"E_OF_THE_FUTURE"}), 1);
}

TEST(Findings, AContradictionOutweighsARollbackAndThatWhatIsMissing) {
    EXPECT_EQ(status_of({"E_MISSING", "E_ROLLBACK", "E_ROOT"}), 1);
    EXPECT_EQ(status_of({"E_MISSING", "E_UNTRUSTED", "E_ROLLBACK"}), 4);
    EXPECT_EQ(status_of({"E_MISSING", "E_UNTRUSTED"}), 3);
}

TEST(Findings, AThousandAreKeptAndTheRestIsCounted) {
    Findings findings;
    for (std::uint64_t i = 0; i < 1002; ++i) {
        findings.add("E_GAP", i, "gone");
    }
    findings.add("E_ROOT", std::nullopt, "");
    findings.note("told");
    findings.note("told");
    cli::VerifyReport report;
    findings.give_to(report);
    EXPECT_EQ(report.exit_status, 1);  // of a code that is not in the list any more
    EXPECT_EQ(report.failures.size(), Findings::kept_max);
    EXPECT_EQ(report.failures[7].gseq, 7U);
    ASSERT_EQ(report.notes.size(), 2U);
    EXPECT_EQ(report.notes[0], "told");
    EXPECT_EQ(report.notes[1], "3 further failures are not listed");
}

}  // namespace
}  // namespace attacca::verify
