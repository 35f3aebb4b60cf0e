// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "core/schedule/fair/auditor_for_test.h"
#include "core/schedule/fair/pool_for_test.h"

// What survives a restart: the facts (what is queued, what runs since when), and of the ledger only
// the lags that stood out at the last checkpoint.

namespace attacca::core::fair {
namespace {

struct Running {
    TenantIndex tenant;
    std::int64_t from;
    std::int64_t end;
    EntryIndex entry;
};

// Two slots, a tenant with entries of 60 s and one with entries of 1 s, and a kill from time to
// time; checkpoints are a second old by then. The share of the first one, times 1000.
class Loop {
  public:
    explicit Loop(bool keeps_debts) : keeps_debts_(keeps_debts) { build(); }

    std::int64_t run(std::int64_t until, std::int64_t kill_every) {
        std::int64_t checkpoint_at = 0;
        for (std::int64_t kill_at = kill_every; now_ < until;) {
            step();
            if (now_ >= checkpoint_at) {
                checkpoint();
                checkpoint_at = now_ + sec;
            }
            if (now_ >= kill_at) {
                build();
                kill_at += kill_every;
            }
        }
        return held_[0] * 1000 / (held_[0] + held_[1]);
    }

  private:
    void step() {
        while (running_.size() < 2) {
            const EntryIndex entry = queue_.choose(0, now_);
            const TenantIndex tenant = queue_.entry(entry).flow;
            queue_.start(entry, now_);
            running_.push_back({tenant, now_, now_ + (tenant == 0 ? 60 * sec : sec), entry});
            queue_.enqueue({0, tenant, 1, now_, none}, now_);
        }
        now_ += 250 * ms;
        for (std::size_t i = 0; i < running_.size();) {
            if (running_[i].end <= now_) {
                held_[running_[i].tenant] += now_ - running_[i].from;
                queue_.complete(running_[i].entry, now_);
                running_.erase(running_.begin() + static_cast<std::ptrdiff_t>(i));
            } else {
                ++i;
            }
        }
    }

    void checkpoint() {
        checkpoint_at_ = now_;
        for (const FlowIndex flow : queue_.take_marked()) {
            lags_[flow] = queue_.outlying_lag(flow, now_);
        }
    }

    void build() {
        queue_ = FairQueue(FairOptions{});
        queue_.add_lane({0, 2, 0});
        for (TenantIndex i = 0; i < 2; ++i) {
            queue_.flow_of(queue_.add_tenant(1000), 0);
            queue_.restore_lag(i, keeps_debts_ ? lags_[i] : 0, now_);
        }
        for (Running& one : running_) {
            const std::int64_t from = keeps_debts_ ? std::max(one.from, checkpoint_at_) : now_;
            one.entry = queue_.restore_running({0, one.tenant, 1, 0, none}, from, now_);
        }
        for (TenantIndex i = 0; i < 2; ++i) {
            for (unsigned k = 0; k < 5; ++k) {
                queue_.enqueue({0, i, 1, now_, none}, now_);
            }
        }
        EXPECT_EQ(Auditor(queue_).check(now_), "");
    }

    bool keeps_debts_;
    FairQueue queue_;
    std::int64_t now_ = 0;
    std::int64_t checkpoint_at_ = 0;
    std::vector<Running> running_;
    std::vector<std::int64_t> lags_{0, 0};
    std::vector<std::int64_t> held_{0, 0};
};

TEST(FairRestart, AHogGainsNothingByKillsWhenDebtsAreKept) {
    EXPECT_LE(Loop(true).run(6 * 3600 * sec, 61 * sec), 510);
    EXPECT_LE(Loop(true).run(6 * 3600 * sec, 7 * sec), 510);
    // Half of what there is would be 500: without the debts the same kills give it far more.
    EXPECT_GE(Loop(false).run(6 * 3600 * sec, 61 * sec), 600);
}

TEST(FairRestart, LeasesHoldTheirSlotsLimitsAndKeysAtOnce) {
    FairQueue queue;
    queue.add_lane({0, 4, 0});
    const TenantIndex tenant = queue.add_tenant(1000);
    const FlowIndex flow = queue.flow_of(tenant, 0);
    queue.set_max_running(tenant, 2, 0);
    const KeyIndex key = queue.add_key(1);
    const EntryIndex lease = queue.restore_running({1, flow, 1, 0, key}, 3 * sec, 10 * sec);
    EXPECT_EQ(queue.flow(flow).running, 1U);
    EXPECT_EQ(queue.settled(flow, 10 * sec), virtual_of(7 * sec, inverse_of(1000)));
    const EntryIndex waits = queue.enqueue({2, flow, 1, 10 * sec, key}, 10 * sec);
    EXPECT_EQ(queue.choose(0, 10 * sec), none);
    queue.restore_running({3, flow}, 9 * sec, 10 * sec);
    EXPECT_NE(queue.flow(flow).reasons & because_full, 0);
    queue.complete(lease, 12 * sec);
    EXPECT_EQ(queue.choose(0, 12 * sec), waits);
    EXPECT_EQ(Auditor(queue).check(12 * sec), "");
}

TEST(FairRestart, OnlyLagsThatStandOutAreKept) {
    FairQueue queue(with_reserve(sec));
    queue.add_lane({0, 4, 0});
    const FlowIndex quick = queue.flow_of(queue.add_tenant(1000), 0);
    const FlowIndex slow = queue.flow_of(queue.add_tenant(1000), 0);
    const EntryIndex one = queue.enqueue({1, quick}, 0);
    queue.enqueue({2, quick}, 0);
    const EntryIndex two = queue.enqueue({3, slow}, 0);
    queue.start(one, 0);
    queue.start(two, 0);
    queue.complete(one, 100 * ms);
    EXPECT_EQ(queue.take_marked(), (std::vector<FlowIndex>{quick, slow}));
    EXPECT_TRUE(queue.take_marked().empty());
    EXPECT_EQ(queue.outlying_lag(quick, 60 * sec), 0);
    const std::int64_t lag = queue.outlying_lag(slow, 60 * sec);
    EXPECT_NEAR(static_cast<double>(lag), 1.024 * 60 * sec, 2000);

    FairQueue again(with_reserve(sec));
    again.add_lane({0, 4, 0});
    const FlowIndex same = again.flow_of(again.add_tenant(1000), 0);
    const FlowIndex other = again.flow_of(again.add_tenant(1000), 0);
    again.restore_lag(same, lag, 0);
    again.restore_lag(other, -lag, 0);  // nobody gains more than one entry's length
    EXPECT_EQ(ahead(again.settled(same, 0), again.lane(0).clock), lag);
    EXPECT_EQ(ahead(again.settled(other, 0), again.lane(0).clock),
              -static_cast<std::int64_t>(virtual_of(sec, inverse_of(1000))));
}

}  // namespace
}  // namespace attacca::core::fair
