// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "backend.h"
#include "context.h"
#include "engine/engine.h"
#include "fleet.h"
#include "workers.h"

// The server process: the real engine, driven as the host's two threads drive it, one step for each
// event, and killed at any of them.

namespace attacca::sim {

class Server {
  public:
    explicit Server(Context& context);

    // Boots with an empty disk.
    void boot();

    [[nodiscard]] Workers& workers() { return workers_; }
    [[nodiscard]] Fleet& fleet() { return fleet_; }
    [[nodiscard]] bool is_up() const { return engine_ != nullptr; }
    [[nodiscard]] std::uint32_t process() const { return process_; }
    [[nodiscard]] bool is_quiet() const;
    // Preconditions: it is up.
    void deliver(core::Command command, engine::AnswerHandler handler);

    void on_timer(std::uint32_t process);
    void on_stall_end(std::uint32_t process);
    void on_synced(std::uint32_t process);
    void on_result(std::uint32_t process);
    void on_crash();
    void on_restart();
    void on_space(std::uint32_t process);
    void on_shut_down();
    void on_grace_end(std::uint32_t process);
    void on_prune(std::uint32_t process, std::uint64_t step);

    // The wall clock jumps.
    void note_jump() { undisturbed_from_ = context_.queue.now(); }

    // I23 in part: the engine's counters equal a recount; and when nothing is open or in flight,
    // its state is the one that the durable records tell.
    void recount();
    // The whole ledger, in exact worlds.
    void verify() { backend_.verify(); }

    // Called when the process dies, so that whoever waits for it notices.
    std::function<void()> on_death;
    // Called when it has stopped in an orderly way, before it dies.
    std::function<void()> on_stopped;

  private:
    enum class CrashPlan : std::uint8_t { none, before_lost, before_kept, after_sync, in_release };
    struct Flight {
        engine::Batch batch;
        std::uint64_t number = 0;
        Decided decided;
        bool is_synced = false;
        bool is_full = false;
        CrashPlan plan = CrashPlan::none;
    };
    struct Item {
        core::Command command;
        engine::AnswerHandler handler;
    };

    void start_process();
    void load(engine::Recovered& recovered);
    void damage();
    void note_start(const engine::Recovered& recovered);
    void post_lost(const engine::Recovered& recovered, bool is_reload);
    void pump();
    void take(Item item);
    void cut();
    void drain();
    void finish_stop();
    void arm_timer();
    void make_durable();
    void reload_after_full();
    void die(bool is_batch_kept);
    void check_deadlines();
    void check_schedules();
    void note_lost_batch(bool is_kept);
    void prune_again();
    void take_pruned(std::uint64_t end, const core::Answer& given);
    [[nodiscard]] bool has_open_work() const;

    Context& context_;
    Backend backend_;
    Workers workers_;
    Fleet fleet_;
    std::unique_ptr<engine::Engine> engine_;
    std::uint32_t process_ = 0;
    std::deque<Item> mailbox_;
    std::optional<Flight> flight_;
    std::optional<core::PruneEntries> pruning_;  // was found, and is not asked for yet
    std::optional<core::CollectContent> unnamed_;  // the same
    std::int64_t opened_at_ = -1;     // when the open batch got its first record
    std::int64_t stalled_until_ = 0;
    std::int64_t timer_at_ = -1;      // virtual time of the timer event that is under way
    std::int64_t restarted_at_ = 0;
    std::int64_t undisturbed_from_ = 0;   // since then schedules could be fired in time
    WallSpan open_wall_;                  // what the wall clock showed while the batch was open
    bool is_full_ = false;
    bool is_in_reload_ = false;
    bool is_stopping_ = false;
    bool must_finish_ = false;    // the grace is over
    bool has_noted_stop_ = false;
    bool is_start_durable_ = false;
    bool has_stopped_clean_ = false;  // the former process did, and nothing ran any more
    std::vector<std::string> noting_;  // what was set aside and is not durable yet
    std::set<std::string> set_aside_;  // has been noted
    engine::Counters loaded_counters_;  // when the state was loaded
    std::uint64_t loaded_jobs_ = 0;
    std::optional<std::uint64_t> noted_state_;  // the digest that a restart must find again
};

}  // namespace attacca::sim
