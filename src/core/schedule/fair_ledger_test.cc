// SPDX-License-Identifier: Apache-2.0
#include "core/schedule/fair_ledger.h"

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>

#include "core/definition_for_test.h"

namespace attacca::core {
namespace {

// Two slots; a tenant whose attempts take a minute, and one whose attempts take a second. From time
// to time the process dies: what it knew of the queue is gone, but for the ledger of lags that was
// stored with a batch of up to a second ago.
class RestartedBench {
  public:
    explicit RestartedBench(bool keeps_ledger) : keeps_ledger_(keeps_ledger) {
        bench_.state.queue.set_slots(2);
        for (const char* tenant : {"hog", "quick"}) {
            ATTACCA_CHECK(bench_.run(SetTenant{tenant, "usr:1", {}}).has_value());
            for (int i = 0; i < 5; ++i) {
                submit(tenant);
            }
        }
    }

    // The part of all slot time that the hog held, in thousandths.
    std::int64_t share_of_hog(std::int64_t length_s, std::int64_t kill_every_s) {
        constexpr std::int64_t steps_per_s = 4;
        for (std::int64_t step = 1; step <= length_s * steps_per_s; ++step) {
            bench_.now.wall = bench_.now.wall + milliseconds(1000 / steps_per_s);
            bench_.now.mono = bench_.now.mono + milliseconds(1000 / steps_per_s);
            end_what_is_due();
            if (const auto ledger = due_fair_ledger(bench_.state)) {
                stored_ = *ledger;
            }
            if (step % (kill_every_s * steps_per_s) == 0) {
                die();
            }
        }
        return held_us_["hog"] * 1000 / (held_us_["hog"] + held_us_["quick"]);
    }

    [[nodiscard]] const FairLedger& stored() const { return stored_; }

  private:
    void submit(const std::string& tenant) {
        NewJob job;
        job.id = bench_.next_id();
        job.definition = definition_for_test(R"({"nodes":[{"id":"n","run":["x"]}]})");
        bench_.know(job.definition);
        ATTACCA_CHECK(bench_.run(SubmitJobs{tenant, "usr:1", {job}, {}}).has_value());
    }

    void end_what_is_due() {
        for (std::size_t i = 0; i < bench_.running.size();) {
            const AttemptSpec& spec = bench_.running[i];
            const Job& job = *bench_.state.find(spec.job);
            const Duration held = bench_.now.wall - job.instances[spec.instance].since_at;
            if (held < (job.tenant == "hog" ? seconds(60) : seconds(1))) {
                ++i;
                continue;
            }
            const std::string tenant = job.tenant;
            held_us_[tenant] += held.us;
            AttemptReport report;
            report.job = spec.job;
            report.instance = spec.instance;
            report.fence = spec.fence;
            report.outcome = Outcome::succeeded;
            bench_.running.erase(bench_.running.begin() + static_cast<std::ptrdiff_t>(i));
            ATTACCA_CHECK(bench_.run(ReportAttempt{report, 7}, false).has_value());
            submit(tenant);
            i = 0;
        }
        bench_.dispatch_all();
    }

    void die() {
        bench_.state.fair_ledger = keeps_ledger_ ? stored_ : FairLedger{};
        rebuild_queue(bench_.state);
        bench_.dispatch_all();
    }

    BenchForTest bench_{2};
    bool keeps_ledger_;
    FairLedger stored_;
    std::map<std::string, std::int64_t> held_us_;
};

TEST(FairLedger, AHogGainsNothingByCrashes) {
    EXPECT_LE(RestartedBench(true).share_of_hog(3600, 61), 520);
    EXPECT_LE(RestartedBench(true).share_of_hog(3600, 10), 520);
    // Half of what there is would be 500. Without the ledger the same crashes give it far more.
    EXPECT_GE(RestartedBench(false).share_of_hog(3600, 61), 550);
}

TEST(FairLedger, NamesOnlyWhoStandsOutAndIsTakenOnceASecond) {
    RestartedBench bench(true);
    (void)bench.share_of_hog(63, 1000);
    ASSERT_EQ(bench.stored().lags.size(), 1U);
    EXPECT_EQ(bench.stored().lags[0].tenant, "hog");
    EXPECT_GT(bench.stored().lags[0].lag_us, 10'000'000);
    State state;
    state.last_at = WallTime{5'000'000};
    EXPECT_TRUE(due_fair_ledger(state));
    EXPECT_FALSE(due_fair_ledger(state));
    state.last_at = WallTime{6'000'000};
    EXPECT_TRUE(due_fair_ledger(state));
    state.last_at = WallTime{3'000'000};  // the clock was set back
    EXPECT_TRUE(due_fair_ledger(state));
}

}  // namespace
}  // namespace attacca::core
