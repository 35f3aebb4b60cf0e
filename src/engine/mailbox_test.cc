// SPDX-License-Identifier: Apache-2.0
#include "engine/mailbox.h"

#include <thread>

#include <gtest/gtest.h>

namespace attacca::engine {
namespace {

MailItem submission(std::size_t jobs) {
    core::SubmitJobs submit;
    submit.jobs.resize(jobs);
    return {std::move(submit), {}};
}

TEST(Mailbox, BoundsSubmissionsButTakesReportsAlways) {
    Mailbox mailbox(10);
    MailItem first = submission(8);
    MailItem second = submission(3);
    MailItem report{core::ReportAttempt{}, {}};
    EXPECT_TRUE(mailbox.put(first));
    EXPECT_FALSE(mailbox.put(second));
    EXPECT_TRUE(mailbox.put(report));
    EXPECT_EQ(mailbox.wait(true, Duration{0}).items.size(), 2U);
    EXPECT_TRUE(mailbox.put(second));
}

TEST(Mailbox, TakesABatchLargerThanItsBoundWhenItIsEmpty) {
    Mailbox mailbox(10);
    MailItem large = submission(1000);
    EXPECT_TRUE(mailbox.put(large));
}

TEST(Mailbox, HandsOverAResultWhileCommandsWait) {
    Mailbox mailbox(10);
    MailItem item = submission(1);
    ASSERT_TRUE(mailbox.put(item));
    BatchResult result;
    result.number = 7;
    mailbox.put_result(result);
    const Mailbox::Taken taken = mailbox.wait(false, std::nullopt);
    ASSERT_TRUE(taken.result);
    EXPECT_EQ(taken.result->number, 7U);
    EXPECT_TRUE(taken.items.empty());
    EXPECT_EQ(mailbox.depth(), 1U);
}

TEST(Mailbox, WakesWhoWaits) {
    Mailbox mailbox(10);
    std::thread other([&] {
        MailItem item = submission(1);
        EXPECT_TRUE(mailbox.put(item));
    });
    EXPECT_EQ(mailbox.wait(true, std::nullopt).items.size(), 1U);
    other.join();
}

}  // namespace
}  // namespace attacca::engine
