// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "core/breaker/breaker_records.h"
#include "core/dead_letter/dead_letter_records.h"
#include "core/job/approval.h"
#include "core/job/key_records.h"
#include "core/job/timestamp_record.h"
#include "core/job/ledger_records.h"
#include "core/ledger/members.h"
#include "core/reservation/reservation_records.h"
#include "core/retention/collection.h"
#include "core/retention/erasure.h"
#include "core/retention/hold.h"
#include "core/retention/pruning.h"
#include "core/schedule/schedule_records.h"

// `p` of the records of schedules, workflows and the ledger itself, written and read; and what
// those have in common with the records of jobs. Private to core/ledger.

namespace attacca::core {

void write_named(std::string& out, const ApprovalGiven& payload);
void write_named(std::string& out, const RecoveryTaken& payload);
void write_named(std::string& out, const ScheduleSet& payload);
void write_named(std::string& out, const SchedulePaused& payload);
void write_named(std::string& out, const ScheduleResumed& payload);
void write_named(std::string& out, const ScheduleDeleted& payload);
void write_named(std::string& out, const ScheduleFired& payload);
void write_named(std::string& out, const ScheduleMissed& payload);
void write_named(std::string& out, const WorkflowApplied& payload);
void write_named(std::string& out, const WorkflowDisabled& payload);
void write_named(std::string& out, const WorkflowEnabled& payload);
void write_named(std::string& out, const AnchorTimestamped& payload);
void write_named(std::string& out, const HoldPlaced& payload);
void write_named(std::string& out, const HoldReleased& payload);
void write_named(std::string& out, const Erased& payload);
void write_named(std::string& out, const EraseRefused& payload);
void write_named(std::string& out, const EntriesPruned& payload);
void write_named(std::string& out, const ContentCollected& payload);
void write_named(std::string& out, const BreakerOpened& payload);
void write_named(std::string& out, const BreakerHalfOpened& payload);
void write_named(std::string& out, const BreakerClosed& payload);
void write_named(std::string& out, const BreakerSet& payload);
void write_named(std::string& out, const LedgerStarted& payload);
void write_named(std::string& out, const LedgerStopped& payload);
void write_named(std::string& out, const Quarantined& payload);
void write_named(std::string& out, const LedgerTick& payload);
void write_named(std::string& out, const LedgerRestored& payload);

void write_named(std::string& out, const KeyRotated& payload);
void write_named(std::string& out, const SignerDegraded& payload);
void write_named(std::string& out, const SignerRestored& payload);

void write_named(std::string& out, const DeadLettered& payload);
void write_named(std::string& out, const DeadLetterReplayed& payload);
void write_named(std::string& out, const DeadLetterDiscarded& payload);

void write_named(std::string& out, const LaneReserved& payload);
void write_named(std::string& out, const LaneReleased& payload);

void read_named(MemberReader& members, LaneReserved& out);
void read_named(MemberReader& members, LaneReleased& out);
void read_named(MemberReader& members, DeadLettered& out);
void read_named(MemberReader& members, DeadLetterReplayed& out);
void read_named(MemberReader& members, DeadLetterDiscarded& out);
void read_named(MemberReader& members, KeyRotated& out);
void read_named(MemberReader& members, SignerDegraded& out);
void read_named(MemberReader& members, SignerRestored& out);
void read_named(MemberReader& members, ApprovalGiven& out);
void read_named(MemberReader& members, RecoveryTaken& out);
void read_named(MemberReader& members, ScheduleSet& out);
void read_named(MemberReader& members, SchedulePaused& out);
void read_named(MemberReader& members, ScheduleResumed& out);
void read_named(MemberReader& members, ScheduleDeleted& out);
void read_named(MemberReader& members, ScheduleFired& out);
void read_named(MemberReader& members, ScheduleMissed& out);
void read_named(MemberReader& members, WorkflowApplied& out);
void read_named(MemberReader& members, WorkflowDisabled& out);
void read_named(MemberReader& members, WorkflowEnabled& out);
void read_named(MemberReader& members, AnchorTimestamped& out);
void read_named(MemberReader& members, HoldPlaced& out);
void read_named(MemberReader& members, HoldReleased& out);
void read_named(MemberReader& members, Erased& out);
void read_named(MemberReader& members, EraseRefused& out);
void read_named(MemberReader& members, EntriesPruned& out);
void read_named(MemberReader& members, ContentCollected& out);
void read_named(MemberReader& members, BreakerOpened& out);
void read_named(MemberReader& members, BreakerHalfOpened& out);
void read_named(MemberReader& members, BreakerClosed& out);
void read_named(MemberReader& members, BreakerSet& out);
void read_named(MemberReader& members, LedgerStarted& out);
void read_named(MemberReader& members, LedgerStopped& out);
void read_named(MemberReader& members, Quarantined& out);
void read_named(MemberReader& members, LedgerTick& out);
void read_named(MemberReader& members, LedgerRestored& out);

// A text under its key, or a body under the other one; nothing for an empty text.
void write_text_or_body(MemberWriter& members,
                        std::string_view text_key,
                        std::string_view body_key,
                        const TextOrBody& value);
void read_text_or_body(MemberReader& members,
                       std::string_view text_key,
                       std::string_view body_key,
                       TextOrBody& out);
void read_job(MemberReader& members, std::string_view key, std::optional<JobId>& out);

}  // namespace attacca::core
