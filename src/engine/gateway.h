// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/time.h"
#include "core/command.h"
#include "core/ledger/link_signature.h"
#include "engine/answer.h"
#include "engine/condition.h"
#include "engine/histogram.h"
#include "engine/signed_tree.h"
#include "ports/clock.h"
#include "ports/content.h"
#include "ports/seal_keys.h"
#include "ports/store.h"

// What the edges (http, cli) see of a running engine. Safe from any thread.

namespace attacca::engine {

// How far the checkpoints have come that are kept elsewhere.
struct AnchorStatus {
    bool has_file = false;
    bool is_file_failing = false;
    std::uint64_t file_size = 0;
    std::uint64_t witnesses = 0;       // that are asked
    std::uint64_t witnessed_size = 0;  // that as many have cosigned as are needed
    MonoTime witnessed_at;             // when that was the newest; 0 before the first
    Duration witness_lag;              // since then, while there is more; else 0
    bool is_contradicted = false;      // a witness holds what does not fit
};

// How it stands with the keys that sign the ledger (key_keeper.h).
struct KeyStatus {
    bool is_degraded = false;     // the root does not answer
    bool is_expired = false;      // the window of the key in hand has run out
    bool is_halted = false;       // and the policy refuses new work for it
    std::uint64_t rotations = 0;  // by this process
    friend bool operator==(const KeyStatus&, const KeyStatus&) = default;
};

struct Status {
    AnchorStatus anchors;
    KeyStatus keys = {};
    bool is_ready = false;         // recovered, accepting
    bool is_storage_full = false;  // submissions are refused, reports and cancels go on
    bool is_stopping = false;
    std::uint64_t ledger_size = 0;
    std::uint64_t live_jobs = 0;
    std::uint64_t quarantined = 0;    // rows that could not be read when the store was loaded
    std::uint64_t ready_nodes = 0;    // wait for a slot
    std::uint64_t running_nodes = 0;  // hold a slot
    std::uint64_t slots = 0;
    std::uint64_t mailbox_depth = 0;
    std::uint64_t breakers_open = 0;
    std::uint64_t breakers_half_open = 0;
    std::uint64_t dead_letters_open = 0;
    std::uint64_t queued_by_priority[3] = {0, 0, 0};  // ready nodes: high, medium, low
    core::FairFigures fair = {};
    // Flows with work that something holds back, by the reasons' bits.
    std::array<std::uint32_t, core::fair::reasons_count> flows_blocked{};
    std::uint64_t debts_capped = 0;
    std::uint64_t keyed_waiting = 0;  // jobs that wait for their concurrency key
    std::uint64_t locks_held = 0;
};

// Upper bounds of the buckets for the time that jobs take: 10 ms to an hour.
inline constexpr std::array<std::int64_t, 12> job_bounds_us = {
    10'000,    50'000,     100'000,    500'000,     1'000'000,   5'000'000,
    10'000'000, 30'000'000, 60'000'000, 300'000'000, 1'800'000'000, 3'600'000'000};
using JobTimes = Histogram<job_bounds_us.size()>;

// Counters since the start of the process, for /metrics.
struct Counters {
    std::uint64_t commands = 0;
    std::uint64_t records = 0;
    std::uint64_t batches = 0;
    std::uint64_t commit_us_sum = 0;
    std::uint64_t jobs_created = 0;
    std::uint64_t jobs_completed = 0;
    std::uint64_t jobs_failed = 0;
    std::uint64_t jobs_cancelled = 0;
    std::uint64_t attempts_started = 0;
    std::uint64_t attempts_ended = 0;
    std::uint64_t reports_fenced = 0;
    std::uint64_t retries = 0;
    std::uint64_t breakers_opened = 0;
    std::uint64_t breakers_half_opened = 0;
    std::uint64_t breakers_closed = 0;  // by themselves
    std::uint64_t dead_letters = 0;
    std::uint64_t collected_files = 0;
    std::uint64_t collected_bodies = 0;
    std::uint64_t collected_bytes = 0;  // of both
    // From a job's first start (its creation, when nothing of it started) to its durable end:
    // completed, failed, cancelled.
    std::array<JobTimes, 3> job_times;
    std::array<JobTimes, 3> waits;  // of attempts that take a slot, by priority
    JobTimes first_waits;           // from a job's creation to its first start
    std::uint64_t idle_us_sum = 0;  // a slot was free while something might have started
};

class Gateway {
  public:
    virtual ~Gateway() = default;

    // Decides the command and calls `handler` once, when everything that the decision could see is
    // durable. The handler runs on the thread that decides or on the one that commits.
    // Where a condition does not hold then, nothing is decided: precondition_failed.
    // A submission is refused at once (overloaded, storage_full, shutting_down) when the mailbox is
    // full or the engine cannot take it; then the handler runs on the calling thread.
    virtual void submit_if(std::optional<Condition> condition,
                           core::Command command,
                           AnswerHandler handler) = 0;
    void submit(core::Command command, AnswerHandler handler) {
        submit_if(std::nullopt, std::move(command), std::move(handler));
    }

    // A fresh id, in order of time.
    [[nodiscard]] virtual core::JobId new_job_id() = 0;

    [[nodiscard]] virtual Status status() const = 0;
    [[nodiscard]] virtual Counters counters() const = 0;
    [[nodiscard]] virtual ports::StoreReader& reader() = 0;
    [[nodiscard]] virtual ports::Content& content() = 0;
    // The same store with sealed bodies opened: for views of a job, not for evidence.
    [[nodiscard]] virtual ports::StoreReader& opening_reader() { return reader(); }
    // Null where no job can be sealed.
    [[nodiscard]] virtual ports::SealKeys* seal_keys() { return nullptr; }
    // The newest signed state: it covers every record that was answered. Null before the first.
    [[nodiscard]] virtual std::shared_ptr<const SignedTree> signed_tree() const = 0;
    [[nodiscard]] virtual const ports::Clock& clock() const = 0;

    // `listener(size)` is called after every durable batch with the ledger's new size, on the
    // engine's thread; it must not block. Returns a number for remove_listener, which returns only
    // when no call is under way.
    virtual std::uint64_t add_listener(std::function<void(std::uint64_t)> listener) = 0;
    virtual void remove_listener(std::uint64_t number) = 0;

    // Asks for another key to sign, soon; what came of it is told by status() and the records.
    // False where nobody hands keys over.
    [[nodiscard]] virtual bool request_hand_over() { return false; }

    // A signature of this record alone, by the ledger's key (core/ledger/link_signature.h).
    // Precondition: the record is durable and signed through a checkpoint. Errors: unavailable,
    // where the key is not in this process.
    [[nodiscard]] virtual Result<std::string> sign_link(const core::LinkPlace&) {
        return fail(Problem::unavailable, "the key that signs is not here");
    }

    // Grows whenever bodies were collected: who remembers texts by their digest forgets them then.
    [[nodiscard]] std::uint64_t collections() const { return collections_.load(); }
    void note_collection() { ++collections_; }

    // The directory below which `live/<fence>/stdout|stderr` of running attempts stand.
    [[nodiscard]] virtual std::string live_directory() const = 0;

  private:
    std::atomic<std::uint64_t> collections_{0};
};

}  // namespace attacca::engine
