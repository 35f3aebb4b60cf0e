// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "app/bench_disk.h"
#include "app/bench_schedule.h"
#include "app/commands.h"
#include "app/local_engine.h"

// The benchmarks of `attacca bench`: the engine, store, fsync and ledger that `serve` uses, without
// HTTP. One command for each job; a no-op passes lease, runner and report; its creation and first
// start may share a batch, its start and its end never do (kernel.md 6).

namespace attacca::app {
namespace {

constexpr std::uint32_t bench_slots = 16384;
constexpr std::uint64_t dag_width = 98;

std::int64_t percentile(std::vector<std::int64_t>& values, std::size_t per_mille) {
    if (values.empty()) {
        return 0;
    }
    std::sort(values.begin(), values.end());
    return values[std::min(values.size() - 1, values.size() * per_mille / 1000)];
}

Json milliseconds_of(std::int64_t us) {
    return Json(Json::Decimal{std::to_string(us / 1000) + "." +
                              std::to_string(1000 + us % 1000).substr(1)});
}

Result<std::shared_ptr<const core::Definition>> definition_of(const std::string& text) {
    ATTACCA_TRY(const Json json, parse_json(text));
    ATTACCA_TRY(core::Definition definition, core::parse_definition(json, ""));
    return std::make_shared<const core::Definition>(std::move(definition));
}

std::string dag_text() {
    std::string text = R"({"limits":{"parallel":1000},"nodes":[{"id":"first","noop":true})";
    std::string needs;
    for (std::uint64_t i = 0; i < dag_width; ++i) {
        const std::string id = "n" + std::to_string(i);
        text += ",{\"id\":\"" + id + "\",\"noop\":true,\"needs\":[\"first\"]}";
        needs += (i == 0 ? "\"" : ",\"") + id + "\"";
    }
    return text + ",{\"id\":\"last\",\"noop\":true,\"needs\":[" + needs + "]}]}";
}

// One job for each key, one attempt for each lock: all are looked up, none is waited for.
constexpr std::string_view plain_text = R"({"nodes":[{"id":"n","type":"noop"}]})";
constexpr std::string_view limited_text = R"({
    "limits":{"parallel":1,"concurrency_key":"${{ job.id }}"},
    "nodes":[{"id":"n","type":"noop","lock":"${{ job.id }}"}]})";

// Every limit that a tenant may have, each too high to be met.
core::TenantSettings all_limits() {
    constexpr core::RateLimit rate{core::rate_count_max, 1000, core::rate_count_max};
    core::TenantSettings settings;
    settings.max_concurrency = 1'000'000;
    settings.max_queued = 1'000'000;
    settings.rate_limit = rate;
    settings.start_rate = rate;
    settings.jobs_per_day = core::quota_max;
    settings.slot_seconds_per_day = core::quota_max;
    return settings;
}

class Bench {
  public:
    explicit Bench(const cli::BenchOptions& options) : options_(options) {}

    Result<Json> run() {
        const bool is_enqueue = options_.workload == "enqueue";
        const bool is_dag = options_.workload == "dag";
        ATTACCA_TRY(definition_, definition_of(is_dag                ? dag_text()
                                               : options_.has_limits ? std::string(limited_text)
                                                                     : std::string(plain_text)));
        LocalEngineOptions local;
        local.data = options_.data;
        local.slots = is_enqueue ? 0 : bench_slots;
        local.on_batch = [this](const engine::BatchResult& result) { note_batch(result); };
        local.on_attempt_start = [this](const core::AttemptSpec&) { note_start(); };
        ATTACCA_TRY(engine_, LocalEngine::open(local));
        ATTACCA_TRY(const std::int64_t syncs_before, fdatasyncs_per_second(options_.data));

        if (options_.has_limits) {
            engine_->host().submit(
                core::SetTenant{std::string(core::default_tenant), "usr:bench", all_limits()},
                [this](const core::Answer& answer) { note_answer(answer); });
            wait_for_answers(1);
            answered_ = 0;
        }
        Json out = Json::object();
        out.set("workload", options_.workload);
        out.set("jobs", static_cast<std::int64_t>(options_.jobs));
        if (options_.has_limits) {
            out.set("limits", true);
        }
        if (options_.workload == "dispatch") {
            measure_one_by_one(out, options_.jobs, true);
        } else {
            if (is_enqueue) {
                measure_one_by_one(out, std::min<std::uint64_t>(options_.jobs / 10 + 1, 2000),
                                   false);
            }
            measure_throughput(out, is_enqueue, is_dag);
        }
        out.set("rss_mb", resident_megabytes());
        engine_->stop(seconds(10));  // afterwards nothing adds to commits_us_
        out.set("commit_p50_ms", milliseconds_of(percentile(commits_us_, 500)));
        out.set("commit_p99_ms", milliseconds_of(percentile(commits_us_, 990)));
        ATTACCA_TRY(const std::int64_t syncs_after, fdatasyncs_per_second(options_.data));
        out.set("fdatasync_per_s", (syncs_before + syncs_after) / 2);
        return out;
    }

  private:
    static std::int64_t per_second(std::uint64_t count, std::int64_t us) {
        return static_cast<std::int64_t>(count) * 1'000'000 / us;
    }

    void note_batch(const engine::BatchResult& result) {
        commits_us_.push_back(result.commit_us);
        const std::lock_guard lock(mutex_);
        changed_.notify_one();
    }

    void note_start() {
        if (is_timing_starts_) {
            const std::lock_guard lock(mutex_);
            started_at_ = clock_.now().mono;
        }
    }

    void submit_one() {
        core::SubmitJobs command{"default", "usr:bench", {}, {}};
        core::NewJob job;
        job.id = engine_->host().new_job_id();
        job.definition = definition_;
        job.name = "bench";
        command.jobs.push_back(std::move(job));
        engine_->host().submit(std::move(command),
                               [this](const core::Answer& answer) { note_answer(answer); });
    }

    void note_answer(const core::Answer& answer) {
        const std::lock_guard lock(mutex_);
        const bool is_let_in = answer && !std::holds_alternative<core::Throttled>(*answer);
        answered_ += is_let_in ? 1U : 0U;
        refused_ += is_let_in ? 0U : 1U;
        if (is_one_by_one_) {
            changed_.notify_one();
        }
    }

    void wait_for_answers(std::uint64_t count) {
        std::unique_lock lock(mutex_);
        while (answered_ + refused_ < count) {
            changed_.wait_for(lock, std::chrono::milliseconds(1));
        }
    }

    // One client, one job at a time: how long until the answer, or until the runner is called.
    void measure_one_by_one(Json& out, std::uint64_t jobs, bool is_dispatch) {
        std::vector<std::int64_t> answers_us;
        std::vector<std::int64_t> starts_us;
        is_one_by_one_ = true;
        is_timing_starts_ = is_dispatch;
        const engine::Counters before = engine_->host().counters();
        const MonoTime first = clock_.now().mono;
        for (std::uint64_t i = 0; i < jobs; ++i) {
            const MonoTime begin = clock_.now().mono;
            started_at_ = MonoTime{};
            submit_one();
            std::unique_lock lock(mutex_);
            changed_.wait(lock, [&] { return answered_ + refused_ > i; });
            answers_us.push_back((clock_.now().mono - begin).us);
            if (is_dispatch) {
                // The job's end is the last batch; only then the engine is idle again.
                lock.unlock();
                wait_for_completed(i + 1);
                lock.lock();
                starts_us.push_back((started_at_ - begin).us);
            }
        }
        is_one_by_one_ = false;
        is_timing_starts_ = false;
        submitted_ = jobs;
        if (is_dispatch) {
            const std::int64_t us = std::max<std::int64_t>(1, (clock_.now().mono - first).us);
            const std::uint64_t records = engine_->host().counters().records - before.records;
            out.set("jobs_per_s", per_second(jobs, us));
            out.set("records_per_s", per_second(records, us));
        }
        out.set("answer_p50_ms", milliseconds_of(percentile(answers_us, 500)));
        out.set("answer_p99_ms", milliseconds_of(percentile(answers_us, 990)));
        if (is_dispatch) {
            out.set("dispatch_p50_ms", milliseconds_of(percentile(starts_us, 500)));
            out.set("dispatch_p99_ms", milliseconds_of(percentile(starts_us, 990)));
        }
    }

    void wait_for_completed(std::uint64_t jobs) {
        std::unique_lock lock(mutex_);
        while (engine_->host().counters().jobs_completed < jobs) {
            changed_.wait_for(lock, std::chrono::milliseconds(1));
        }
    }

    // Keeps a window of jobs in flight until all are completed (or, without slots, answered).
    void measure_throughput(Json& out, bool is_enqueue, bool is_dag) {
        const engine::Counters before = engine_->host().counters();
        const std::uint64_t nodes = definition_->nodes.size();
        const std::uint64_t goal = is_dag ? std::max<std::uint64_t>(1, options_.jobs / nodes)
                                          : options_.jobs;
        const std::uint64_t in_flight_max = is_dag ? options_.window / nodes + 1 : options_.window;
        const std::uint64_t first = submitted_;
        const std::uint64_t refused = refused_;
        const MonoTime begin = clock_.now().mono;
        std::uint64_t done = 0;
        for (std::uint64_t sent = 0; done < goal;) {
            while (sent < goal && sent - done < in_flight_max) {
                submit_one();
                ++sent;
            }
            std::unique_lock lock(mutex_);
            changed_.wait_for(lock, std::chrono::milliseconds(2));
            // What a limit refuses, such as the last of a million queued jobs, is over too.
            done = refused_ - refused;
            done += is_enqueue ? answered_ - first
                               : engine_->host().counters().jobs_completed - before.jobs_completed;
        }
        const std::int64_t us = std::max<std::int64_t>(1, (clock_.now().mono - begin).us);
        const engine::Counters after = engine_->host().counters();
        out.set("seconds", milliseconds_of(us / 1000));
        out.set("jobs_per_s", per_second(goal, us));
        if (is_dag) {
            out.set("nodes_per_s", per_second(goal * nodes, us));
        }
        out.set("records_per_s", per_second(after.records - before.records, us));
        out.set("batches", static_cast<std::int64_t>(after.batches - before.batches));
        out.set("refused", static_cast<std::int64_t>(refused_));
    }

    const cli::BenchOptions& options_;
    system::SystemClock clock_;
    std::shared_ptr<const core::Definition> definition_;
    std::unique_ptr<LocalEngine> engine_;
    std::vector<std::int64_t> commits_us_;  // engine thread; read after the work
    std::mutex mutex_;                      // guards what follows
    std::condition_variable changed_;
    std::uint64_t answered_ = 0;
    std::uint64_t refused_ = 0;
    std::uint64_t submitted_ = 0;
    MonoTime started_at_;
    std::atomic<bool> is_one_by_one_{false};
    std::atomic<bool> is_timing_starts_{false};
};

}  // namespace

Result<Json> bench(const cli::BenchOptions& options) {
    if (options.workload == "schedule") {
        return bench_schedule(options.jobs);
    }
    return Bench(options).run();
}

}  // namespace attacca::app
