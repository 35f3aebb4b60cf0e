// SPDX-License-Identifier: Apache-2.0
#include "core/job/failure.h"

#include <gtest/gtest.h>

#include "core/job/attempt_spec.h"

namespace attacca::core {
namespace {

AttemptReport report_of(Outcome outcome, bool is_transient = false, bool is_permanent = false) {
    AttemptReport report;
    report.outcome = outcome;
    report.is_transient = is_transient;
    report.is_permanent = is_permanent;
    return report;
}

TEST(FailureClass, IsToldOfEveryReport) {
    EXPECT_EQ(class_of(report_of(Outcome::succeeded)), FailureClass::none);
    EXPECT_EQ(class_of(report_of(Outcome::cancelled)), FailureClass::none);
    EXPECT_EQ(class_of(report_of(Outcome::timeout)), FailureClass::timeout);
    EXPECT_EQ(class_of(report_of(Outcome::lost)), FailureClass::lost);
    EXPECT_EQ(class_of(report_of(Outcome::error, true)), FailureClass::unavailable);
    EXPECT_EQ(class_of(report_of(Outcome::error)), FailureClass::permanent);
    EXPECT_EQ(class_of(report_of(Outcome::failed)), FailureClass::failed);
    EXPECT_EQ(class_of(report_of(Outcome::failed, true)), FailureClass::temporary);
    EXPECT_EQ(class_of(report_of(Outcome::failed, false, true)), FailureClass::permanent);
}

TEST(FailureClass, IsFoundByItsName) {
    for (int i = 0; i < failure_class_count; ++i) {
        const auto failure = static_cast<FailureClass>(i);
        EXPECT_EQ(failure_class_of(name_of(failure)), failure);
    }
    EXPECT_EQ(failure_class_of("broken"), std::nullopt);
}

}  // namespace
}  // namespace attacca::core
