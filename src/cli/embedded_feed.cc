// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <condition_variable>
#include <future>
#include <mutex>
#include <utility>

#include "base/check.h"
#include "cli/job_feed.h"
#include "cli/stored_job.h"
#include "engine/history.h"

// The engine calls back on its own thread after each durable batch; this thread then reads what is
// new. Only the ledger's size crosses between them.

namespace attacca::cli {
namespace {

constexpr auto tick_time = std::chrono::milliseconds(100);

class EmbeddedFeed final : public JobFeed {
  public:
    EmbeddedFeed(Embedded& embedded, core::JobId job,
                 std::shared_ptr<const core::Definition> definition, ProgressModel& model)
        : embedded_(embedded),
          gateway_(embedded.gateway()),
          job_(job),
          definition_(std::move(definition)),
          model_(model),
          mark_("\"ent\":\"job/" + job.text() + "\"") {
        // What was written before the job exists cannot be about it, but the listener comes after
        // the submission: so reading starts at the job's own first record.
        listener_ = gateway_.add_listener([this](std::uint64_t size) {
            const std::lock_guard lock(mutex_);
            size_ = size;
            changed_.notify_one();
        });
    }
    ~EmbeddedFeed() override { gateway_.remove_listener(listener_); }
    EmbeddedFeed(const EmbeddedFeed&) = delete;
    EmbeddedFeed& operator=(const EmbeddedFeed&) = delete;

    Result<void> follow(const Take& take, const Tick& tick) override {
        const Result<void> caught_up = start(take);
        if (!caught_up) {
            return caught_up;
        }
        while (tick()) {
            if (!embedded_.is_healthy()) {
                return fail(Problem::internal,
                            "the process that runs commands has ended; the job is kept, and the "
                            "next attacca run or attacca serve goes on with it");
            }
            std::uint64_t size = 0;
            {
                std::unique_lock lock(mutex_);
                changed_.wait_for(lock, tick_time, [&] { return size_ > next_; });
                size = size_;
            }
            const Result<void> read = read_until(size, take);
            if (!read) {
                return read;
            }
        }
        return {};
    }

    std::string log_tail(const LogWanted& wanted, std::uint64_t bytes_max) override {
        std::optional<StoredLog> log = stored_log(ends_, wanted);
        if (!log) {
            return {};
        }
        log->is_sealed = is_sealed_;
        Result<std::string> text =
            log_end(gateway_.content(), gateway_.seal_keys(), *log, bytes_max);
        return text ? std::move(*text) : std::string{};
    }

    Result<void> cancel() override {
        ATTACCA_TRY(ports::JobRow row, stored_row(gateway_.reader(), job_.text()));
        auto answered = std::make_shared<std::promise<core::Answer>>();
        std::future<core::Answer> answer = answered->get_future();
        gateway_.submit(core::CancelJob{job_, std::move(row.tenant), "usr:local"},
                        [answered](core::Answer given) { answered->set_value(std::move(given)); });
        const core::Answer given = answer.get();
        return given ? Result<void>{} : Result<void>{given.error()};
    }

    Result<Json> job() override {
        ATTACCA_TRY(const ports::JobRow row, stored_row(gateway_.reader(), job_.text()));
        return stored_job(gateway_.opening_reader(), row);
    }

  private:
    // The records that the job has so far; reading goes on after the newest of them.
    Result<void> start(const Take& take) {
        ATTACCA_TRY(const ports::JobRow row, stored_row(gateway_.reader(), job_.text()));
        ATTACCA_TRY(const std::vector<JobEvent> events,
                    stored_events(gateway_.reader(), row));
        for (const JobEvent& event : events) {
            give(event, take);
        }
        next_ = row.last_gseq + 1;
        ATTACCA_TRY(const ports::LedgerTail tail, gateway_.reader().tail());
        return read_until(tail.size, take);
    }

    Result<void> read_until(std::uint64_t size, const Take& take) {
        while (next_ < size) {
            ATTACCA_TRY(const std::shared_ptr<const ports::LedgerBatch> batch,
                        gateway_.reader().batch_of(next_));
            if (!batch) {
                return {};
            }
            ATTACCA_TRY(const std::vector<std::string_view> records,
                        engine::split_records(*batch));
            ATTACCA_CHECK(next_ >= batch->first_gseq);
            for (std::size_t i = next_ - batch->first_gseq; i < records.size(); ++i) {
                // A cheap look first: other jobs may share the ledger.
                if (records[i].find(mark_) != std::string_view::npos) {
                    ATTACCA_TRY(const JobEvent event, event_of_record(records[i]));
                    give(event, take);
                }
            }
            next_ = batch->first_gseq + records.size();
        }
        return {};
    }

    void give(const JobEvent& event, const Take& take) {
        if (event.type == "job_created") {
            params_ = params_of(gateway_.opening_reader(), event);
            is_sealed_ = is_of_sealed_job(event);
        } else if (event.type == "map_expanded") {
            name_items(event);
        } else if (event.type == "attempt_ended") {
            ends_.push_back(event);
        }
        take(event);
    }

    // Without names the items have numbers, so nothing here is an error.
    void name_items(const JobEvent& event) {
        const std::string node = text_member(event.data, "node");
        const core::NodeIndex index = definition_->find(node);
        const std::optional<Sha256> digest = body_digest(text_member(event.data, "body"));
        if (index == core::no_index || !digest) {
            return;
        }
        const Result<std::optional<std::string>> body = gateway_.opening_reader().body(*digest);
        if (!body || !*body) {
            return;
        }
        const Result<Json> items = parse_json(**body);
        if (!items || !items->is_array()) {
            return;
        }
        const core::NodeDef& map = definition_->nodes[index];
        std::uint32_t item = 0;
        for (std::string& name : item_names(map, items->as_array(), params_)) {
            if (!name.empty()) {
                model_.name_item(node, item, std::move(name));
            }
            ++item;
        }
    }

    Embedded& embedded_;
    engine::Gateway& gateway_;
    bool is_sealed_ = false;
    core::JobId job_;
    std::shared_ptr<const core::Definition> definition_;
    ProgressModel& model_;
    std::string mark_;
    Json params_ = Json::object();
    std::vector<JobEvent> ends_;
    std::uint64_t next_ = 0;
    std::uint64_t listener_ = 0;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::uint64_t size_ = 0;  // guarded by mutex_
};

}  // namespace

std::unique_ptr<JobFeed> embedded_feed(Embedded& embedded, core::JobId job,
                                       std::shared_ptr<const core::Definition> definition,
                                       ProgressModel& model) {
    return std::make_unique<EmbeddedFeed>(embedded, job, std::move(definition), model);
}

}  // namespace attacca::cli
