// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/digest.h"
#include "core/command.h"
#include "core/state.h"

// The parts of decide(), one for each larger command. Not for use outside core.

namespace attacca::core {

inline constexpr const char* engine_actor = "svc:engine";
inline constexpr const char* schedule_actor = "svc:schedule";

// A record's time never runs backwards: max(the last record's, wall).
[[nodiscard]] WallTime record_time(const State& state, Now now);
[[nodiscard]] Record job_record(const Job& job, std::string actor, WallTime at, Payload payload);
// Keeps a small text in the record, adds a body for a larger one.
[[nodiscard]] TextOrBody text_or_body(std::string text, std::vector<Body>& bodies);
// A text of a job, which stands at this place among its records: sealed, where the job is.
[[nodiscard]] TextOrBody text_of_job(const Boxed<SealKey>& seal, std::uint64_t place,
                                     std::string text, std::vector<Body>& bodies);
[[nodiscard]] inline TextOrBody text_of_job(const Job& job, std::string text,
                                            std::vector<Body>& bodies) {
    return text_of_job(job.seal, job.eseq, std::move(text), bodies);
}
[[nodiscard]] Decision refuse(Problem problem, std::string detail = {});

[[nodiscard]] std::string unknown_tenant_hint(std::string_view name);
// Who wrote a record, and when.
struct Stamp {
    std::string actor;
    WallTime at;
};

// The records of an attempt's end, and of the recovery that follows where it failed for good.
void close_attempt(const Job& job, const Instance& instance, AttemptEnded ended, const Stamp& stamp,
                   Decision& decision);
// Of an attempt that is open, without its outcome.
[[nodiscard]] AttemptEnded end_of_attempt(const Job& job, const Instance& instance);
// An attempt that failed may be tried again, if its node's policy says so.
[[nodiscard]] bool may_try_again(const Job& job, const Instance& instance);

// The attempt of a `job` node, and the job that it makes.
void start_child(const State& state, const Job& job, InstanceIndex i, AttemptStarted started,
                 Now now, Decision& decision);
// The end of the attempt that waits for this job, when there is one.
void tell_parent(const State& state, const Job& child, const JobEnded& end, Now now,
                 Decision& decision);

[[nodiscard]] Decision submit_jobs(const State& state, const SubmitJobs& command, Now now);
[[nodiscard]] Decision cancel_job(const State& state, const CancelJob& command, Now now);
// Of a job and of the child jobs that it waits for.
[[nodiscard]] Decision pause_job(const State& state, const PauseJob& command, Now now);
[[nodiscard]] Decision resume_job(const State& state, const ResumeJob& command, Now now);
[[nodiscard]] Decision meet_deadline(const State& state, const Job& job, Now now);
[[nodiscard]] Decision report_attempt(const State& state, const ReportAttempt& command, Now now);
// The end of an attempt that runs, by its report: a record, and perhaps a retry's timer.
// `seed` spreads the delays of retries.
[[nodiscard]] Decision end_attempt(const State& state, const AttemptReport& report,
                                   const std::string& actor, std::uint64_t seed, Now now);
[[nodiscard]] Decision end_wait(const State& state,
                                const Job& job,
                                const FireTimer& timer,
                                Now now);
[[nodiscard]] Decision give_approval(const State& state, const GiveApproval& command, Now now);
[[nodiscard]] Decision dispatch(const State& state, const Dispatch& command, Now now);
[[nodiscard]] Decision claim_task(const State& state, const Claim& command, Now now);
[[nodiscard]] Decision beat(const State& state, const Heartbeat& command);
[[nodiscard]] Decision report_task(const State& state, const ReportTask& command, Now now);
[[nodiscard]] Decision list_workers(const State& state, const ListWorkers& command, Now now);
// Of a lease: its expiry, the end of its grace, or its node's time-out.
[[nodiscard]] Decision end_lease(const State& state, const FireTimer& timer, Now now);
void add_lease_timers(const State& state, Now now, std::vector<ArmTimer>& timers);
// What is left of a timer that was set for `longest` before a restart.
[[nodiscard]] MonoTime mono_of(WallTime due, Now now, Duration longest);
// An attempt of the instance as it begins now, and the deadline of a job that begins with it.
[[nodiscard]] AttemptStarted started_of(const State& state, const Job& job, InstanceIndex i,
                                        const std::string& worker);
void add_deadline(const Job& job, const AttemptStarted& started, Now now, Decision& decision);
// Starts the attempt and ends it in the same decision: it could not be rendered.
void fail_at_start(const Job& job, AttemptStarted started, const Error& error, Now now, WallTime at,
                   Decision& decision);
// An `if` that could not be evaluated when the node became ready: the error it met.
[[nodiscard]] Error condition_error(const Job& job, InstanceIndex i);
[[nodiscard]] Decision settle_job(const State& state, const SettleJob& command, Now now);
[[nodiscard]] Decision set_tenant(const State& state, const SetTenant& command, Now now);
[[nodiscard]] Decision explain_job(const State& state, const ExplainJob& command, Now now);
[[nodiscard]] Decision read_tenants(const State& state, const ReadTenants& command, Now now);
[[nodiscard]] Decision read_queue(const State& state, const ReadQueue& command);

[[nodiscard]] Decision fire_schedule(const State& state, const FireSchedule& command, Now now);
[[nodiscard]] Decision set_schedule(const State& state, const SetSchedule& command, Now now);
// The part of set_schedule() that asks no more questions.
[[nodiscard]] Decision set_spec(const State& state, const SetSchedule& command, WallTime at);
[[nodiscard]] Decision switch_schedule(const State& state, const SwitchSchedule& command, Now now);
[[nodiscard]] Decision trigger_schedule(const State& state,
                                        const TriggerSchedule& command,
                                        Now now);
[[nodiscard]] Decision backfill_schedule(const State& state,
                                         const BackfillSchedule& command,
                                         Now now);
[[nodiscard]] Decision set_breaker(const State& state, const SetBreaker& command, Now now);
[[nodiscard]] Decision probe_breaker(const State& state, const FireTimer& timer, Now now);
void add_breaker_timers(const State& state, Now now, std::vector<ArmTimer>& timers);
// A task is given out: its lane is kept for its owner from now on, or no longer.
void keep_lane(const State& state, const Job& job, const AttemptStarted& started,
               const std::string& owner, WallTime at, Decision& decision);
// An attempt of this owner ends: if its lane is kept for that one, it waits for what follows.
void await_follower(const State& state, const Job& job, InstanceIndex i,
                    const std::string& owner, Now now, Decision& decision);
// The job ends, and nothing of it can follow.
void release_lanes_of(const State& state, const Job& job, WallTime at, Decision& decision);
[[nodiscard]] Decision release_quiet_lane(const State& state, const FireTimer& timer, Now now);
void add_lane_timers(const State& state, Now now, std::vector<ArmTimer>& timers);
// Takes the retry away where what it depends on has used up its retry budget.
void keep_retry_budget(const State& state, AttemptEnded& ended, WallTime at);
// What the end of the attempt does to the breaker of what it depends on.
void judge_call(const State& state, const Job& job, const AttemptEnded& ended, Now now,
                Decision& decision);
// Another job takes the place of one that ends so: it may, and the tenant's limits let it in.
[[nodiscard]] bool is_to_begin_again(const State& state, const Job& job, const JobEnded& ended,
                                     WallTime at);
void begin_again(const State& state, const Job& job, const JobId& id, WallTime at,
                 Decision& decision);
// This attempt is one too many that took the server or a worker down.
[[nodiscard]] bool is_poison(const Instance& instance, Outcome outcome);
// Why the job is past recovery, by its nodes that failed; Parked::no when it is not.
[[nodiscard]] Parked parked_in(const Job& job);
// The dead letter of a job that ends so and does not begin again, where there is to be one.
void add_dead_letter(const State& state, const Job& job, const JobEnded& ended, WallTime at,
                     Decision& decision);
// Of a job that is made of a dead letter: the letter's end. Errors: not_live, when it is not open.
[[nodiscard]] Result<Record> replay_of_letter(const State& state, const SubmitJobs& command,
                                              const NewJob& job, WallTime at);
[[nodiscard]] Decision read_dead_letters(const State& state, const ReadDeadLetters& command);
[[nodiscard]] Decision discard_dead_letters(const State& state, const DiscardDeadLetters& command,
                                            Now now);
[[nodiscard]] Decision apply_workflow(const State& state, const ApplyWorkflow& command, Now now);
[[nodiscard]] Decision switch_workflow(const State& state, const SwitchWorkflow& command, Now now);
[[nodiscard]] Decision place_hold(const State& state, const PlaceHold& command, Now now);
[[nodiscard]] Decision prune_entries(const State& state, const PruneEntries& command, Now now);
[[nodiscard]] Decision collect_content(const State& state, const CollectContent& command, Now now);
[[nodiscard]] Decision erase_job(const State& state, const EraseJob& command, Now now);
[[nodiscard]] Decision release_hold(const State& state, const ReleaseHold& command, Now now);

}  // namespace attacca::core
