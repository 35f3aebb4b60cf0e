// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "core/ledger/codec.h"
#include "core/ledger/random_letter_for_test.h"
#include "core/ledger/random_retention_for_test.h"
#include "core/ledger/random_values_for_test.h"

// Random records of every type for the tests of core/ledger.

namespace attacca::core {

class RandomRecords : public RandomValues {
  public:
    using RandomValues::RandomValues;

    TextOrBody text_or_body() { return coin() ? TextOrBody{text(), {}} : TextOrBody{{}, digest()}; }
    Artifact artifact() { return {text(), digest(), number(), text(), coin()}; }

    Payload payload() {
        if (below(3) == 0) {
            return named();
        }
        switch (below(std::variant_size_v<Payload>)) {
            case 0: return job_created();
            case 1: return attempt_started();
            case 2: return attempt_ended();
            case 3: return MapExpanded{text(), small_number(), digest()};
            case 4: return JobPaused{coin()};
            case 5: return JobResumed{};
            case 6: return CancelRequested{static_cast<CancelCause>(below(cancel_cause_count))};
            case 7: return job_ended();
            case 8: return LedgerStarted{text(), number(), text(), coin() ? 60U : 0U};
            case 9: return LedgerStopped{};
            case 10: return Quarantined{text(), text()};
            case 11:
                return ApprovalGiven{text(), maybe(small_number()),
                                     coin() ? Ruling::approved : Ruling::rejected, text(), text()};
            case 12:
                return RecoveryTaken{text(), maybe(small_number()),
                                     static_cast<OnFailure>(1 + below(on_failure_count - 1))};
            case 13: return AnchorTimestamped{instant(), digest(), digest(), number(), text()};
            case 14: return LedgerTick{coin() ? "clock" : ""};
            case 15: return LedgerRestored{text(), text(), number(), digest(), 9, digest(), text()};
            case 16: return KeyRotated{text(), key(), digest(), key(), signature(), signature()};
            case 17: return SignerDegraded{text()};
            case 18: return SignerRestored{};
            default: return TenantSet{settings()};
        }
    }
    TenantSettings settings() {
        TenantSettings out;
        out.weight = static_cast<std::uint32_t>(1 + below(weight_max));
        out.max_concurrency = maybe(small_number());
        out.max_queued = maybe(small_number());
        out.rate_limit = maybe(rate());
        out.start_rate = maybe(rate());
        out.jobs_per_day = maybe(number());
        out.slot_seconds_per_day = maybe(number());
        return out;
    }
    RateLimit rate() {
        RateLimit out;
        out.count = static_cast<std::uint32_t>(1 + below(rate_count_max));
        out.burst = static_cast<std::uint32_t>(1 + below(out.count));
        out.per_ms = static_cast<std::uint32_t>(1 + below(rate_per_ms_max));
        return out;
    }
    // Of what has a name of its own.
    Payload named() {
        switch (below(17)) {
            case 13: return random_letter(*this);
            case 0: return ScheduleSet{text_or_body(), maybe(digest())};
            case 1: return SchedulePaused{};
            case 2: return ScheduleResumed{};
            case 3: return ScheduleDeleted{};
            case 4:
                return ScheduleFired{instant(), static_cast<FireCause>(below(5)),
                                     static_cast<FireOutcome>(below(4)), maybe(job()), text()};
            case 5: return ScheduleMissed{instant(), instant(), number()};
            case 6: return WorkflowApplied{small_number(), digest(), text_or_body()};
            case 7: return WorkflowDisabled{};
            case 8: return BreakerHalfOpened{};
            case 9: return BreakerClosed{};
            case 10:
                return BreakerOpened{static_cast<BreakerCause>(below(2)), small_number(),
                                     static_cast<std::int64_t>(below(31'536'000'000))};
            case 11: return BreakerSet{static_cast<BreakerMode>(below(3)), text()};
            case 12: return WorkflowEnabled{};
            case 15: return LaneReserved{{number()}, job(), text(), "o" + text()};
            case 16: return LaneReleased{static_cast<ReleaseCause>(below(release_cause_count))};
            default: return random_retention(*this);
        }
    }
    Record record() {
        Entity entity = coin() ? Entity{job(), {}} : Entity{std::nullopt, "ledger"};
        return {std::move(entity), "tenant-" + std::to_string(below(5)), text(), instant(),
                payload()};
    }
    Place place() {
        constexpr std::uint64_t max = (std::uint64_t{1} << 53U) - 1;
        Place out{number() & max, number() & max, digest(), {}};
        for (std::uint8_t& byte : out.nonce) {
            byte = static_cast<std::uint8_t>(draw());
        }
        return out;
    }

  private:
    template <typename Value>
    std::optional<Value> maybe(Value value) {
        return coin() ? std::optional<Value>(std::move(value)) : std::nullopt;
    }
    JobCreated job_created() {
        return {digest(),        text(),           static_cast<Priority>(below(3)),
                text_or_body(),  maybe(instant()), maybe(job()),
                maybe(digest()), maybe(digest()),  static_cast<int>(1 + below(3)),
                text_or_body(),  text(),
                maybe(ParentRef{job(), text(), maybe(small_number()), {number()}}),
                maybe(job()), coin() ? small_number() : 0};
    }
    AttemptStarted attempt_started() {
        return {text(), maybe(small_number()), small_number(), {number()}, signed_number(), text(),
                coin(), maybe(instant()), text()};
    }
    AttemptEnded attempt_ended() {
        AttemptEnded out{text(),
                         maybe(small_number()),
                         small_number(),
                         {number()},
                         static_cast<Outcome>(below(outcome_count)),
                         maybe(signed_number()),
                         text(),
                         maybe(signed_number()),
                         text_or_body(),
                         maybe(artifact()),
                         {},
                         static_cast<FailureClass>(below(failure_class_count)),
                         static_cast<Parked>(below(parked_count))};
        for (std::uint64_t count = below(4); count > 0; --count) {
            out.artifacts.push_back(artifact());
        }
        return out;
    }
    JobEnded job_ended() {
        JobEnded out{static_cast<JobState>(below(job_state_count)),
                     static_cast<JobReason>(below(4)), {}, text_or_body()};
        for (std::uint64_t count = below(4); count > 0; --count) {
            out.steps.push_back(static_cast<JobState>(below(job_state_count)));
        }
        return out;
    }
};

}  // namespace attacca::core
