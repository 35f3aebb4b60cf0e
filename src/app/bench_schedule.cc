// SPDX-License-Identifier: Apache-2.0
#include "app/bench_schedule.h"

#include <time.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <limits>
#include <string>
#include <vector>

#include "app/bench_disk.h"
#include "app/bench_memory.h"
#include "core/schedule/fair/expect.h"
#include "core/schedule/fair/fair_queue.h"

namespace attacca::app {
namespace {

using core::fair::EntryIndex;
using core::fair::FairQueue;
using core::fair::TenantIndex;
using Clock = std::chrono::steady_clock;

constexpr std::uint32_t running_goal = 10'000;
constexpr unsigned batch = 64;
constexpr std::int64_t batch_us = 6400;  // so that an entry runs for a second

std::int64_t ns_since(Clock::time_point begin) {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - begin).count();
}

// What this thread has used: means do not count the time for which others had the processor.
std::int64_t used_ns() {
    timespec used{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return std::int64_t{used.tv_sec} * 1'000'000'000 + used.tv_nsec;
}

// SplitMix64: the same workload on each machine.
class Draws {
  public:
    std::uint32_t below(std::uint32_t bound) {
        state_ += 0x9E3779B97F4A7C15ULL;
        std::uint64_t x = state_;
        x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9ULL;
        x = (x ^ (x >> 27U)) * 0x94D049BB133111EBULL;
        x ^= x >> 31U;
        return static_cast<std::uint32_t>(((x >> 32U) * bound) >> 32U);
    }

  private:
    std::uint64_t state_ = 1;
};

class ScheduleBench {
  public:
    explicit ScheduleBench(std::uint64_t jobs)
        : jobs_(jobs),
          tenants_(static_cast<std::uint32_t>(
              std::clamp<std::uint64_t>(jobs / 10, 1, 2'000'000))) {}

    void fill(Json& out) {
        const std::int64_t before = resident_bytes();
        queue_.add_lane({0, running_goal, 0});
        for (TenantIndex i = 0; i < tenants_; ++i) {
            queue_.flow_of(queue_.add_tenant(1 + draws_.below(2000)), 0);
        }
        const std::int64_t begin = used_ns();
        for (std::uint64_t i = 0; i < jobs_; ++i) {
            enqueue(draws_.below(tenants_));
        }
        const std::int64_t ns = used_ns() - begin;
        out.set("tenants", std::int64_t{tenants_});
        out.set("enqueue_cold_ns", ns / static_cast<std::int64_t>(jobs_));
        out.set("bytes_per_job",
                (resident_bytes() - before) / static_cast<std::int64_t>(jobs_));
    }

    // Each tenant may start once in so long that 999 of 1000 wait for it.
    void limit_rates() {
        for (TenantIndex i = 0; i < tenants_; ++i) {
            queue_.set_rate(i, 1'000'000 * (1 + std::int64_t{draws_.below(100)}), 1, now_);
        }
        // Each has its first start; afterwards all but those whose instant has come wait.
        for (EntryIndex entry = queue_.choose(0, now_); entry != core::fair::none;
             entry = queue_.choose(0, now_)) {
            queue_.start(entry, now_);
            queue_.complete(entry, now_);
        }
    }

    // Starts, ends and arrivals in batches, as an engine has them.
    void cycle(std::uint64_t batches) {
        for (std::uint64_t b = 0; b < batches; ++b) {
            now_ += batch_us;
            queue_.wake(now_);
            const std::int64_t starting = used_ns();
            dispatch();
            start_ns_ += used_ns() - starting;
            const std::int64_t completing = used_ns();
            complete();
            complete_ns_ += used_ns() - completing;
            const std::int64_t arriving = used_ns();
            arrive();
            enqueue_ns_ += used_ns() - arriving;
            enqueued_ += batch;
        }
    }

    void forget() {
        dispatch_ns_.clear();
        complete_ns_ = enqueue_ns_ = start_ns_ = 0;
        completed_ = enqueued_ = 0;
    }

    std::int64_t dispatch_percentile(std::size_t per_mille) {
        std::sort(dispatch_ns_.begin(), dispatch_ns_.end());
        return dispatch_ns_.empty() ? 0 : dispatch_ns_[dispatch_ns_.size() * per_mille / 1000];
    }

    void report(Json& out) {
        const auto starts = static_cast<std::int64_t>(std::max<std::size_t>(1,
                                                                            dispatch_ns_.size()));
        out.set("enqueue_ns", enqueue_ns_ / std::max<std::int64_t>(1, enqueued_));
        out.set("dispatch_ns", start_ns_ / starts);
        out.set("dispatch_p50_ns", dispatch_percentile(500));
        out.set("dispatch_p99_ns", dispatch_percentile(990));
        out.set("complete_ns", complete_ns_ / std::max<std::int64_t>(1, completed_));
    }

    // The same figures in random accesses to as much memory as there is here. The last thing to
    // measure: it takes memory of its own.
    void compare(Json& out) const {
        const double access_ns = random_access_ns(
            jobs_ * sizeof(core::fair::Entry) +
            tenants_ * (sizeof(core::fair::Flow) + sizeof(core::fair::Tenant)));
        out.set("random_access_ns", hundredths(access_ns));
        for (const char* figure : {"enqueue", "dispatch_p50", "complete"}) {
            const std::int64_t ns = out.find(std::string(figure) + "_ns")->as_integer();
            out.set(std::string(figure) + "_accesses",
                    hundredths(static_cast<double>(ns) / access_ns));
        }
    }

  private:
    static Json hundredths(double value) {
        char text[32];
        (void)std::snprintf(text, sizeof text, "%.2f", value);
        return Json(Json::Decimal{text});
    }
    static std::int64_t resident_bytes() { return resident_megabytes() << 20U; }

    void enqueue(TenantIndex tenant) {
        queue_.enqueue({++ids_, tenant, draws_.below(3), now_}, now_);
    }

    void dispatch() {
        for (unsigned i = 0; i < batch; ++i) {
            const auto begin = Clock::now();
            const EntryIndex entry = queue_.choose(0, now_);
            if (entry == core::fair::none) {
                return;
            }
            queue_.start(entry, now_);
            const std::int64_t ns = ns_since(begin);
            dispatch_ns_.push_back(static_cast<std::uint32_t>(
                std::min<std::int64_t>(ns, std::numeric_limits<std::uint32_t>::max())));
            running_.push_back(entry);
        }
    }

    // A submission names its tenant before its records are applied, so the next one is known.
    void arrive() {
        TenantIndex next = draws_.below(tenants_);
        for (unsigned i = 0; i < batch; ++i) {
            const TenantIndex tenant = next;
            next = draws_.below(tenants_);
            core::fair::expect_entry(queue_, next);
            enqueue(tenant);
        }
    }

    // A report names what ended before its record is applied, so the next ones are known.
    void complete() {
        const std::size_t ends =
            std::min<std::size_t>(batch, running_.size() - std::min<std::size_t>(
                                                               running_.size(), running_goal));
        for (std::size_t i = 0; i < ends; ++i) {
            std::swap(running_[draws_.below(running_goal)], running_[running_.size() - 1 - i]);
        }
        for (std::size_t i = 0; i < ends; ++i) {
            if (i + 2 < ends) {
                queue_.expect(running_[running_.size() - 3]);
            }
            if (i + 1 < ends) {
                core::fair::expect_end(queue_, running_[running_.size() - 2]);
            }
            queue_.complete(running_.back(), now_);
            running_.pop_back();
            ++completed_;
        }
    }

    std::uint64_t jobs_;
    std::uint32_t tenants_;
    FairQueue queue_;
    Draws draws_;
    std::int64_t now_ = 1'000'000;
    std::uint64_t ids_ = 0;
    std::vector<EntryIndex> running_;
    std::vector<std::uint32_t> dispatch_ns_;
    std::int64_t start_ns_ = 0;
    std::int64_t complete_ns_ = 0;
    std::int64_t enqueue_ns_ = 0;
    std::int64_t completed_ = 0;
    std::int64_t enqueued_ = 0;
};

}  // namespace

Json bench_schedule(std::uint64_t jobs) {
    Json out = Json::object();
    out.set("workload", "schedule");
    out.set("jobs", static_cast<std::int64_t>(jobs));
    ScheduleBench bench(jobs);
    bench.fill(out);
    const std::uint64_t batches = std::clamp<std::uint64_t>(jobs / 5 / batch, 1, 2'000'000 / batch);
    bench.cycle(batches + running_goal / batch);  // until all are as they will be
    bench.forget();
    bench.cycle(batches);
    bench.report(out);
    bench.limit_rates();
    bench.forget();
    bench.cycle(batches);
    out.set("rate_blocked_dispatch_p50_ns", bench.dispatch_percentile(500));
    out.set("rate_blocked_dispatch_p99_ns", bench.dispatch_percentile(990));
    out.set("rss_mb", resident_megabytes());
    bench.compare(out);
    return out;
}

}  // namespace attacca::app
