// SPDX-License-Identifier: Apache-2.0
#include "core/job/record.h"

#include <gtest/gtest.h>

namespace attacca::core {
namespace {

TEST(Record, EveryPayloadHasItsTypeName) {
    EXPECT_EQ(type_name_of(JobCreated{}), "job_created");
    EXPECT_EQ(type_name_of(AttemptStarted{}), "attempt_started");
    EXPECT_EQ(type_name_of(AttemptEnded{}), "attempt_ended");
    EXPECT_EQ(type_name_of(MapExpanded{}), "map_expanded");
    EXPECT_EQ(type_name_of(JobPaused{}), "job_paused");
    EXPECT_EQ(type_name_of(JobResumed{}), "job_resumed");
    EXPECT_EQ(type_name_of(CancelRequested{}), "cancel_requested");
    EXPECT_EQ(type_name_of(JobEnded{}), "job_ended");
    EXPECT_EQ(type_name_of(LedgerStarted{}), "ledger_started");
    EXPECT_EQ(type_name_of(LedgerStopped{}), "ledger_stopped");
    EXPECT_EQ(type_name_of(Quarantined{}), "quarantined");
    EXPECT_EQ(type_name_of(TenantSet{}), "tenant_set");
    EXPECT_EQ(type_name_of(ApprovalGiven{}), "approval_given");
    EXPECT_EQ(type_name_of(RecoveryTaken{}), "recovery_taken");
    EXPECT_EQ(type_name_of(AnchorTimestamped{}), "anchor_timestamped");
    EXPECT_EQ(type_name_of(LedgerTick{}), "ledger_tick");
    EXPECT_EQ(type_name_of(LedgerRestored{}), "ledger_restored");
    EXPECT_EQ(type_name_of(BreakerOpened{}), "breaker_opened");
    EXPECT_EQ(type_name_of(BreakerHalfOpened{}), "breaker_half_opened");
    EXPECT_EQ(type_name_of(BreakerClosed{}), "breaker_closed");
    EXPECT_EQ(type_name_of(BreakerSet{}), "breaker_set");
    EXPECT_EQ(type_name_of(KeyRotated{}), "key_rotated");
    EXPECT_EQ(type_name_of(SignerDegraded{}), "signer_degraded");
    EXPECT_EQ(type_name_of(SignerRestored{}), "signer_restored");
    EXPECT_EQ(type_name_of(DeadLettered{}), "dead_lettered");
    EXPECT_EQ(type_name_of(DeadLetterReplayed{}), "dead_letter_replayed");
    EXPECT_EQ(type_name_of(DeadLetterDiscarded{}), "dead_letter_discarded");
}

TEST(Entity, IsAJobOrAName) {
    const JobId id{uuid_v7({0}, 0, 0)};
    EXPECT_EQ((Entity{id, {}}.text()), "job/00000000-0000-7000-8000-000000000000");
    EXPECT_EQ((Entity{std::nullopt, "ledger"}.text()), "ledger");
}

TEST(Entity, OfATenantHasItsName) {
    EXPECT_EQ(entity_of_tenant("blue").text(), "tenant/blue");
    EXPECT_EQ(tenant_of(entity_of_tenant("blue")), "blue");
    EXPECT_EQ(tenant_of(Entity{std::nullopt, "ledger"}), std::nullopt);
}

}  // namespace
}  // namespace attacca::core
