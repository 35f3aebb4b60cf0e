// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/signature.h"
#include "engine/committer.h"
#include "engine/engine.h"
#include "engine/gateway.h"
#include "engine/mailbox.h"
#include "engine/recovery.h"
#include "engine/unsealing.h"
#include "ports/reserve.h"

// The engine with its two threads: one decides and releases, one commits meanwhile. A small batch
// that one caller alone waits for is committed by the thread that decided it: a change of threads
// would cost that caller a third of what the disk does.
//
// Life: start() recovers, writes ledger_started and runs; stop() takes no more submissions, lets
// running attempts finish for a while, writes ledger_stopped and joins the threads.
//
// When the store is full, nothing of the failed batches was answered: the host frees its reserve,
// reloads from the store and goes on with reports and cancels alone until there is space again.
// Any other failure of a commit calls `on_fatal`, which must end the process: recovery decides.

namespace attacca::engine {

inline constexpr const char* full_hint = "nothing was changed; free some space and try again";

struct HostOptions {
    EngineOptions engine;
    LedgerKey key;
    std::string live_directory;
    std::size_t mailbox_jobs_max = 200000;
    // The ledger was restored from an older copy: this is the first record, and the origin of the
    // key is the next one.
    std::optional<core::LedgerRestored> restored = {};
    Duration tick_period = core::tick_period;
    bool is_full = false;  // begin without a reserve: reports and cancels only, until there is one
    std::function<void(const Error&)> on_fatal;
    // Every durable batch, on the engine's thread; may be empty.
    std::function<void(const BatchResult&)> on_batch;
    // One line for the log: level ("info", "warning"), message, and the id of the job that it is
    // about, or nothing.
    std::function<void(std::string_view, const std::string&, std::string_view)> log;
};

class Host final : public Gateway {
  public:
    // The runner's sink must call report(). All references outlive the host.
    Host(HostOptions options,
         ports::Store& store,
         ports::Content& content,
         ports::Clock& clock,
         ports::Entropy& entropy,
         ports::Reserve& reserve);
    ~Host() override;

    // Errors: corrupt (the ledger's tail does not agree with its root), io_error.
    [[nodiscard]] Result<void> start(ports::Runner& runner);
    // Submissions are refused from now on; attempts get `grace` to end. Idempotent.
    void stop(Duration grace);

    void report(core::AttemptReport report);
    // While it says `is_halted`, new work is refused.
    void set_key_status(const KeyStatus& keys);
    // Who is told that a hand-over is wanted; empty for nobody. Safe from any thread.
    void set_hand_over(std::function<void()> ask);

    // A note of this ledger's with cosignatures: stored where the plain one is, and shown instead
    // of it while it is the newest. Also after stop().
    // `is_witnessed`: they are as many as are needed.
    void keep_cosigned(ports::SignedCheckpoint checkpoint, bool is_witnessed);
    void update_anchors(const std::function<void(AnchorStatus&)>& change);

    [[nodiscard]] bool request_hand_over() override;
    void submit_if(std::optional<Condition> condition,
                   core::Command command,
                   AnswerHandler handler) override;
    [[nodiscard]] Result<std::string> sign_link(const core::LinkPlace& place) override;
    [[nodiscard]] core::JobId new_job_id() override;
    [[nodiscard]] Status status() const override;
    [[nodiscard]] Counters counters() const override;
    [[nodiscard]] ports::StoreReader& reader() override { return store_.reader(); }
    [[nodiscard]] ports::StoreReader& opening_reader() override { return opening_reader_; }
    [[nodiscard]] ports::SealKeys* seal_keys() override { return options_.engine.seal_keys; }
    [[nodiscard]] ports::Content& content() override { return content_; }
    [[nodiscard]] const ports::Clock& clock() const override { return clock_; }
    [[nodiscard]] std::shared_ptr<const SignedTree> signed_tree() const override;
    std::uint64_t add_listener(std::function<void(std::uint64_t)> listener) override;
    void remove_listener(std::uint64_t number) override;
    [[nodiscard]] std::string live_directory() const override { return options_.live_directory; }

  private:
    [[nodiscard]] Result<void> load(bool is_reload);
    // Gives the sealed ones among new jobs their keys, and takes those back of jobs that are not
    // made; destroys the key of a job whose erasure is durable. Errors: not_supported, and those of
    // SealKeys::create().
    [[nodiscard]] Result<AnswerHandler> with_keys(core::Command& command, AnswerHandler handler);
    // Keys of jobs whose erasure is durable: a crash came before they could be destroyed.
    [[nodiscard]] Result<void> destroy_erased_keys();
    void note_start(const Recovered& recovered, Now now);
    void note_tick(Now now);
    void post_lost(const Recovered& recovered, bool is_reload);
    void engine_loop();
    void committer_loop();
    [[nodiscard]] std::optional<Duration> time_to_next(Now now) const;
    [[nodiscard]] std::optional<Duration> time_to_cut(std::optional<Duration> timeout) const;
    [[nodiscard]] bool may_linger(Now now);
    void on_result(const BatchResult& result);
    void on_full(const BatchResult& result);
    void refuse_pending(const Error& error);
    void try_restore(Now now);
    void commit_or_hand_over(Batch batch);
    [[nodiscard]] bool commit_here(Batch& batch, std::vector<Answered>& answers);
    void work_off_backlog(Now now);
    void publish();
    void publish_signed(std::shared_ptr<const SignedTree> signed_tree);
    [[nodiscard]] BatchResult commit(Batch batch, std::vector<Answered> answers,
                                     const std::function<void(const BatchResult&)>& tell);
    void log(std::string_view level,
             const std::string& message,
             std::string_view job = {}) const;

    HostOptions options_;
    ports::Store& store_;
    ports::Content& content_;
    ports::Clock& clock_;
    ports::Entropy& entropy_;
    ports::Reserve& reserve_;
    UnsealingReader opening_reader_;
    ports::Runner* runner_ = nullptr;

    Mailbox mailbox_;
    std::unique_ptr<Engine> engine_;        // engine thread
    std::unique_ptr<Scribe> scribe_;        // engine thread
    std::vector<MailItem> backlog_;         // engine thread: taken, no room yet
    std::size_t backlog_head_ = 0;
    MonoTime restore_at_;                   // engine thread: next try, while full
    std::optional<MonoTime> linger_until_;  // engine thread: while nobody waits
    MonoTime work_at_;                      // engine thread: nothing is decided before, while full
    bool is_draining_ = false;              // engine thread: no new attempts
    bool has_noted_stop_ = false;
    bool is_start_durable_ = false;         // engine thread: ledger_started is
    bool was_full_ = false;                 // engine thread: since the last record
    std::set<std::string> set_aside_;       // engine thread: has been noted
    std::size_t quarantined_ = 0;           // engine thread: by the newest load
    std::vector<std::string> noting_;       // engine thread: of these, what is not durable yet

    std::mutex committing_mutex_;  // guards committer_, must_maintain_ and writing to the store
    std::unique_ptr<Committer> committer_;
    bool must_maintain_ = false;   // a batch was committed since the store was maintained

    // Guards next_batch_, next_answers_, cosigned_, is_committer_done_. Comes after the other one.
    std::mutex batch_mutex_;
    std::condition_variable batch_changed_;
    std::optional<Batch> next_batch_;
    std::vector<Answered> next_answers_;  // that wait for it; of a failed one, to be refused
    std::optional<std::pair<ports::SignedCheckpoint, bool>> cosigned_;  // to be stored
    bool is_committer_done_ = false;

    std::atomic<bool> is_ready_{false};
    std::atomic<bool> is_full_{false};
    std::atomic<bool> is_stopping_{false};
    std::atomic<bool> is_halted_{false};
    std::atomic<bool> must_finish_{false};
    std::atomic<bool> is_finished_{false};

    mutable std::mutex status_mutex_;       // guards status_, counters_
    Status status_;
    Counters counters_;

    std::mutex hand_over_mutex_;            // guards hand_over_
    std::function<void()> hand_over_;

    // Guards signed_. Held from a batch's report to its signature.
    mutable std::mutex signed_mutex_;
    std::shared_ptr<const SignedTree> signed_;

    std::mutex id_mutex_;                   // guards last_id_
    core::JobId last_id_;

    std::mutex listener_mutex_;             // guards listeners_
    std::map<std::uint64_t, std::function<void(std::uint64_t)>> listeners_;
    std::uint64_t next_listener_ = 1;
    MonoTime started_at_;

    std::thread engine_thread_;
    std::thread committer_thread_;
};

}  // namespace attacca::engine
