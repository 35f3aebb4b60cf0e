// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <map>
#include <vector>

#include "core/schedule/fair/pool_for_test.h"

// O16: a pool of two nodes. One process owns the queue; each node has slots of its own and takes
// from it. To the far one every word takes a while: what it is to start arrives late, and so does
// the news of an end, and meanwhile that slot idles for whose entry it was.

namespace attacca::core::fair {
namespace {

constexpr std::uint32_t slots_each = 5;
constexpr std::int64_t far_us = 10 * ms;

class TwoNodes {
  public:
    TwoNodes() : queue_(FairOptions{}) { queue_.add_lane({0, 2 * slots_each, 0}); }

    void tenant(std::uint32_t weight) {
        const TenantIndex tenant = queue_.add_tenant(weight);
        queue_.flow_of(tenant, 0);
        ran_.push_back(0);
        for (unsigned i = 0; i < 50; ++i) {
            submit(tenant);
        }
    }
    // The far node is there, or not: what it runs goes on.
    void set_far(bool is_there) {
        slots_[1] = is_there ? slots_each : 0;
        queue_.set_slots(0, slots_[0] + slots_[1], now_);
    }
    void run_until(std::int64_t until) {
        for (dispatch(); !told_.empty() && told_.begin()->first <= until; dispatch()) {
            now_ = told_.begin()->first;
            const Attempt attempt = told_.begin()->second;
            told_.erase(told_.begin());
            queue_.complete(attempt.entry, now_);
            --running_[attempt.node];
            ran_[attempt.tenant] += attempt.length;
        }
        now_ = until;
    }
    // What ran on the nodes' slots since the last call, by tenants: parts of the whole.
    std::vector<double> take_shares() {
        double all = 0;
        for (const std::int64_t ran : ran_) {
            all += static_cast<double>(ran);
        }
        std::vector<double> shares;
        for (std::int64_t& ran : ran_) {
            shares.push_back(static_cast<double>(ran) / all);
            ran = 0;
        }
        return shares;
    }

  private:
    struct Attempt {
        EntryIndex entry;
        TenantIndex tenant;
        std::size_t node;
        std::int64_t length;
    };

    void submit(TenantIndex tenant) { (void)queue_.enqueue({0, tenant, 1, now_, none}, now_); }

    // The near node is asked first in half of the turns.
    void dispatch() {
        for (std::size_t turn = 0; turn < 2; ++turn) {
            const std::size_t node = (turn + turns_++) % 2;
            while (running_[node] < slots_[node]) {
                const EntryIndex entry = queue_.choose(0, now_);
                if (entry == none) {
                    return;
                }
                const TenantIndex tenant = queue_.flow(queue_.entry(entry).flow).tenant;
                queue_.start(entry, now_);
                ++running_[node];
                const std::int64_t length = chance_.between(20 * ms, 80 * ms);
                const std::int64_t way = node == 0 ? 0 : 2 * far_us;
                told_.emplace(now_ + length + way, Attempt{entry, tenant, node, length});
                submit(tenant);
            }
        }
    }

    FairQueue queue_;
    Chance chance_{16};
    std::int64_t now_ = 0;
    std::size_t turns_ = 0;
    std::array<std::uint32_t, 2> slots_ = {slots_each, slots_each};
    std::array<std::uint32_t, 2> running_ = {0, 0};
    std::vector<std::int64_t> ran_;
    std::multimap<std::int64_t, Attempt> told_;
};

void expect_near(const std::vector<double>& shares, double error) {
    const std::vector<double> entitled = {0.1, 0.2, 0.7};
    for (std::size_t i = 0; i < entitled.size(); ++i) {
        EXPECT_LE(std::abs(shares[i] / entitled[i] - 1), error) << "tenant " << i;
    }
}

TEST(FairNodes, TwoNodesShareOnePoolByWeight) {
    TwoNodes nodes;
    nodes.tenant(1000);
    nodes.tenant(2000);
    nodes.tenant(7000);
    for (std::int64_t ten = 1; ten <= 6; ++ten) {
        nodes.run_until(ten * 10 * sec);
        expect_near(nodes.take_shares(), 0.05);
    }
    nodes.run_until(120 * sec);
    expect_near(nodes.take_shares(), 0.02);
}

TEST(FairNodes, ANodeThatLeavesAndComesBackChangesNoShare) {
    TwoNodes nodes;
    nodes.tenant(1000);
    nodes.tenant(2000);
    nodes.tenant(7000);
    for (std::int64_t ten = 1; ten <= 6; ++ten) {
        nodes.set_far(ten % 2 == 0);
        nodes.run_until(ten * 10 * sec);
        expect_near(nodes.take_shares(), 0.05);
    }
}

}  // namespace
}  // namespace attacca::core::fair
