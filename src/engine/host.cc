// SPDX-License-Identifier: Apache-2.0
#include "engine/host.h"

#include <algorithm>
#include <set>
#include <utility>
#include <variant>

namespace attacca::engine {
namespace {

// Work that is not accepted while the server stops or its storage is full.
bool is_new_work(const core::Command& command) {
    return std::holds_alternative<core::SubmitJobs>(command) ||
           std::holds_alternative<core::Claim>(command) ||
           std::holds_alternative<core::SetSchedule>(command) ||
           std::holds_alternative<core::TriggerSchedule>(command) ||
           std::holds_alternative<core::BackfillSchedule>(command) ||
           std::holds_alternative<core::ApplyWorkflow>(command);
}

}  // namespace

Host::Host(HostOptions options,
           ports::Store& store,
           ports::Content& content,
           ports::Clock& clock,
           ports::Entropy& entropy,
           ports::Reserve& reserve)
    : options_(std::move(options)),
      store_(store),
      content_(content),
      clock_(clock),
      entropy_(entropy),
      reserve_(reserve),
      opening_reader_(store_.reader(), options_.engine.seal_keys),
      mailbox_(options_.mailbox_jobs_max),
      is_full_(options_.is_full) {}

Host::~Host() {
    stop(Duration{0});
}

void Host::log(std::string_view level, const std::string& message, std::string_view job) const {
    if (options_.log) {
        options_.log(level, message, job);
    }
}

Result<void> Host::start(ports::Runner& runner) {
    runner_ = &runner;
    options_.engine.new_job_id = [this] { return new_job_id(); };
    engine_ = std::make_unique<Engine>(options_.engine, store_.reader(), runner, entropy_);
    Result<void> loaded = load(false);
    if (loaded) {
        loaded = destroy_erased_keys();
    }
    if (!loaded) {
        return loaded;
    }
    started_at_ = clock_.now().mono;
    engine_thread_ = std::thread([this] { engine_loop(); });
    committer_thread_ = std::thread([this] { committer_loop(); });
    is_ready_ = true;
    return {};
}

Result<void> Host::load(bool is_reload) {
    engine_->definitions().clear();
    Result<Recovered> recovered = recover(store_.reader(), engine_->definitions());
    if (!recovered) {
        return recovered.error();
    }
    // What a restore found is the former origin's, so that the new one does not sign it.
    const bool is_restoring = options_.restored && !is_start_durable_;
    Result<std::unique_ptr<Committer>> committer =
        Committer::open(store_, options_.key, *recovered, !is_restoring);
    if (!committer) {
        return committer.error();
    }
    scribe_ = std::make_unique<Scribe>(*recovered, entropy_, options_.key.name);
    {
        const std::lock_guard committing(committing_mutex_);
        committer_ = std::move(*committer);
        publish_signed(committer_->signed_tree());
    }
    const Now now = clock_.now();
    const core::Payload first =
        is_restoring ? core::Payload(*options_.restored) : core::Payload();
    engine_->load(std::move(recovered->state), now, is_restoring ? &first : nullptr);
    note_start(*recovered, now);
    post_lost(*recovered, is_reload);
    publish();
    return {};
}

// Each once for a process, in the first batch after the load. When the store had no space for that
// batch, what it noted is noted again.
void Host::note_start(const Recovered& recovered, Now now) {
    if (!is_start_durable_) {
        const std::uint64_t size = recovered.tail.size;
        const std::string root = size == 0 ? "" : base64(recovered.tail.root.view());
        const auto tick_s = std::max<std::int64_t>(1, options_.tick_period.us / 1'000'000);
        engine_->handle(core::NoteLedger{core::LedgerStarted{ATTACCA_VERSION, size, root,
                                                             static_cast<std::uint64_t>(tick_s)}},
                        {}, now);
    }
    for (const std::string& what : noting_) {
        set_aside_.erase(what);
    }
    noting_.clear();
    quarantined_ = recovered.quarantined.size();
    for (const Quarantine& found : recovered.quarantined) {
        if (set_aside_.insert(found.what).second) {
            constexpr std::string_view job_entity = "job/";
            const std::string_view what = found.what;
            log("warning", "set aside " + found.what + ": " + found.why,
                what.starts_with(job_entity) ? what.substr(job_entity.size()) : "");
            noting_.push_back(found.what);
            engine_->handle(core::NoteLedger{core::Quarantined{found.what, quoted(found.why)}}, {},
                            now);
        }
    }
}

// Attempts with neither a process nor a pending report end as lost; as stopped where the former
// process ended in an orderly way.
void Host::post_lost(const Recovered& recovered, bool is_reload) {
    std::set<core::FenceToken> alive;
    for (const core::FenceToken fence : runner_->report_again()) {
        alive.insert(fence);
    }
    if (is_reload) {
        // The reports that came again stand in the mailbox now; put them back as backlog.
        Mailbox::Taken taken = mailbox_.wait(true, Duration{0});
        for (MailItem& item : taken.items) {
            if (const auto* report = std::get_if<core::ReportAttempt>(&item.command)) {
                alive.insert(report->report.fence);
            }
            backlog_.push_back(std::move(item));
        }
    }
    for (const auto& [id, i] : recovered.running) {
        const core::Job* job = engine_->state().find(id);
        if (job == nullptr || alive.contains(job->instances[i].fence)) {
            continue;
        }
        if (engine_->state().leases.contains(job->instances[i].fence)) {
            continue;  // a worker outside has it: its lease goes on for one ttl
        }
        core::ReportAttempt lost;
        lost.report.job = id;
        lost.report.instance = i;
        lost.report.fence = job->instances[i].fence;
        lost.report.outcome = recovered.was_stopped_in_order ? core::Outcome::stopped
                                                             : core::Outcome::lost;
        lost.report.detail = "the server stopped while the attempt ran";
        backlog_.push_back({std::move(lost), {}});
    }
}

void Host::stop(Duration grace) {
    if (!engine_thread_.joinable()) {
        return;
    }
    is_stopping_ = true;
    mailbox_.wake();
    const MonoTime end = clock_.now().mono + grace;
    while (!is_finished_ && clock_.now().mono < end) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    must_finish_ = true;
    mailbox_.wake();
    engine_thread_.join();
    {
        const std::lock_guard lock(batch_mutex_);
        is_committer_done_ = true;
    }
    batch_changed_.notify_all();
    committer_thread_.join();
    is_ready_ = false;
}

void Host::report(core::AttemptReport report) {
    MailItem item{core::ReportAttempt{std::move(report), 0}, {}};
    const bool is_taken = mailbox_.put(item);
    ATTACCA_CHECK(is_taken);
}

void Host::submit_if(std::optional<Condition> condition,
                     core::Command command,
                     AnswerHandler handler) {
    if (is_new_work(command)) {
        if (is_stopping_) {
            handler(fail(Problem::shutting_down, "send the request to the server again later"));
            return;
        }
        if (is_full_) {
            handler(fail(Problem::storage_full, full_hint));
            return;
        }
    }
    if (is_halted_ && is_new_work(command)) {
        handler(fail(Problem::unavailable,
                     "the key that signs the ledger has run out and the root does not answer"));
        return;
    }
    Result<AnswerHandler> keyed = with_keys(command, handler);
    if (!keyed) {
        handler(keyed.error());
        return;
    }
    MailItem item{std::move(command), std::move(*keyed)};
    if (condition) {
        item.condition = std::make_unique<const Condition>(std::move(*condition));
    }
    if (!mailbox_.put(item)) {
        item.handler(fail(Problem::overloaded, "too many submissions wait to be decided"));
    }
}

Result<std::string> Host::sign_link(const core::LinkPlace& place) {
    if (options_.key.signer == nullptr) {
        return Gateway::sign_link(place);
    }
    return core::sign_link(*options_.key.signer, options_.key.name.origin, place);
}

core::JobId Host::new_job_id() {
    const WallTime wall = clock_.now().wall;
    const std::uint64_t high = entropy_.draw();
    const std::uint64_t low = entropy_.draw();
    core::JobId id{uuid_v7(wall, high, low)};
    // Later ids are greater, also within a millisecond and when the clock steps back, so that the
    // order of ids is the order of submission.
    const std::lock_guard lock(id_mutex_);
    if (id <= last_id_) {
        id = last_id_;
        for (std::size_t i = id.uuid.bytes.size(); i-- > 0;) {
            if (++id.uuid.bytes[i] != 0) {
                break;
            }
        }
    }
    last_id_ = id;
    return id;
}

void Host::keep_cosigned(ports::SignedCheckpoint checkpoint, bool is_witnessed) {
    {
        const std::lock_guard lock(batch_mutex_);
        if (!is_committer_done_) {
            cosigned_.emplace(std::move(checkpoint), is_witnessed);
            batch_changed_.notify_one();
            return;
        }
    }
    const std::lock_guard committing(committing_mutex_);
    committer_->adopt(checkpoint, is_witnessed);
    publish_signed(committer_->signed_tree());
}

void Host::update_anchors(const std::function<void(AnchorStatus&)>& change) {
    const std::lock_guard lock(status_mutex_);
    change(status_.anchors);
}

void Host::set_key_status(const KeyStatus& keys) {
    is_halted_ = keys.is_halted;
    const std::lock_guard lock(status_mutex_);
    status_.keys = keys;
}

void Host::set_hand_over(std::function<void()> ask) {
    const std::lock_guard lock(hand_over_mutex_);
    hand_over_ = std::move(ask);
}

bool Host::request_hand_over() {
    const std::lock_guard lock(hand_over_mutex_);
    if (hand_over_) {
        hand_over_();
    }
    return hand_over_ != nullptr;
}

Status Host::status() const {
    const MonoTime now = clock_.now().mono;
    const std::lock_guard lock(status_mutex_);
    Status status = status_;
    AnchorStatus& anchors = status.anchors;
    if (anchors.witnesses > 0 && anchors.witnessed_size < status.ledger_size) {
        anchors.witness_lag = now - (anchors.witnessed_at.us == 0 ? started_at_
                                                                   : anchors.witnessed_at);
    }
    status.is_ready = is_ready_ && !is_full_ && !is_stopping_;
    status.is_storage_full = is_full_;
    status.is_stopping = is_stopping_;
    status.mailbox_depth = mailbox_.depth();
    return status;
}

Counters Host::counters() const {
    const std::lock_guard lock(status_mutex_);
    return counters_;
}

std::shared_ptr<const SignedTree> Host::signed_tree() const {
    const std::lock_guard lock(signed_mutex_);
    return signed_;
}

void Host::publish_signed(std::shared_ptr<const SignedTree> signed_tree) {
    const std::lock_guard lock(signed_mutex_);
    signed_.swap(signed_tree);
}

std::uint64_t Host::add_listener(std::function<void(std::uint64_t)> listener) {
    const std::lock_guard lock(listener_mutex_);
    listeners_.emplace(next_listener_, std::move(listener));
    return next_listener_++;
}

void Host::remove_listener(std::uint64_t number) {
    const std::lock_guard lock(listener_mutex_);
    listeners_.erase(number);
}

}  // namespace attacca::engine
