// SPDX-License-Identifier: Apache-2.0
#include "core/ledger/named_content.h"

#include <gtest/gtest.h>

#include "base/digest.h"

namespace attacca::core {
namespace {

TEST(NamedContent, OfAJobIsItsDefinitionAndLargeDetails) {
    JobCreated created;
    created.definition = sha256("definition");
    created.details.text = "{}";
    EXPECT_EQ(named_content(created),
              (std::vector<NamedContent>{{sha256("definition"), std::nullopt, "definition"}}));
    created.details = {{}, sha256("details")};
    ASSERT_EQ(named_content(created).size(), 2U);
    EXPECT_TRUE(named_content(created)[1].is_body());
}

TEST(NamedContent, OfWorkflowsAndSchedulesIsWhatTheyStart) {
    ScheduleSet set;
    EXPECT_TRUE(named_content(set).empty());
    set.spec.body = sha256("spec");
    set.definition = sha256("definition");
    EXPECT_EQ(named_content(set),
              (std::vector<NamedContent>{{sha256("spec"), std::nullopt, "spec"},
                                         {sha256("definition"), std::nullopt, "definition"}}));
    WorkflowApplied applied;
    applied.definition = sha256("definition");
    applied.details.body = sha256("details");
    EXPECT_EQ(named_content(applied),
              (std::vector<NamedContent>{{sha256("definition"), std::nullopt, "definition"},
                                         {sha256("details"), std::nullopt, "details"}}));
}

TEST(NamedContent, OfAnAttemptIsEveryFileAndTheOutput) {
    AttemptEnded ended;
    EXPECT_TRUE(named_content(ended).empty());
    ended.artifacts.push_back({"stdout", sha256("a"), 1, "text/plain", false});
    ended.output_file = Artifact{"output", sha256("b"), 2, "application/json", false};
    ended.output = {{}, sha256("c")};
    EXPECT_EQ(named_content(ended),
              (std::vector<NamedContent>{{sha256("a"), 1, "stdout"},
                                         {sha256("b"), 2, "output"},
                                         {sha256("c"), std::nullopt, "output"}}));
}

TEST(NamedContent, OfOtherRecordsIsWhatTheyNameOrNothing) {
    EXPECT_EQ(named_content(MapExpanded{"n", 2, sha256("items")}).size(), 1U);
    EXPECT_TRUE(named_content(JobEnded{}).empty());
    JobEnded ended;
    ended.output.body = sha256("o");
    EXPECT_EQ(named_content(ended).size(), 1U);
    EXPECT_TRUE(named_content(JobPaused{}).empty());
    EXPECT_TRUE(named_content(LedgerStarted{}).empty());
}

}  // namespace
}  // namespace attacca::core
