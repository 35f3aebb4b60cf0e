// SPDX-License-Identifier: Apache-2.0
#include "core/schedule/fair_meter.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace attacca::core {
namespace {

constexpr std::int64_t second = 1'000'000;

// Slots in virtual time whose owner chooses: fairly, or not at all.
class MeteredPool {
  public:
    explicit MeteredPool(std::vector<std::uint32_t> weights) {
        queue.add_lane({0, 4, 0});
        for (const std::uint32_t weight : weights) {
            const fair::FlowIndex flow = queue.flow_of(queue.add_tenant(weight), 0);
            for (unsigned i = 0; i < 5; ++i) {
                push(flow);
            }
        }
    }

    void push(fair::FlowIndex flow) {
        around(flow, [&] { queue.enqueue({0, flow, 1, now, fair::none}, now); });
    }
    void start(fair::EntryIndex entry) {
        const fair::FlowIndex flow = queue.entry(entry).flow;
        around(flow, [&] { queue.start(entry, now); });
        running.push_back(entry);
    }
    // Entries of 100 ms on four slots; who has started gets another one.
    template <typename Choose>
    void run(std::int64_t length, const Choose& choose) {
        for (const std::int64_t until = now + length; now < until; now += second / 10) {
            for (const fair::EntryIndex entry : std::exchange(running, {})) {
                around(queue.entry(entry).flow, [&] { queue.complete(entry, now); });
            }
            while (running.size() < 4) {
                const fair::EntryIndex entry = choose();
                push(queue.entry(entry).flow);
                start(entry);
            }
        }
    }
    void run_fairly(std::int64_t length) {
        run(length, [this] { return queue.choose(0, now); });
    }

    template <typename Event>
    void around(fair::FlowIndex flow, const Event& event) {
        meter.note(queue, flow, now);
        event();
        meter.note(queue, flow, now);
    }

    fair::FairQueue queue;
    FairMeter meter;
    std::int64_t now = 0;
    std::vector<fair::EntryIndex> running;
};

TEST(FairMeter, IsOneWhereEachGetsWhatItsWeightGives) {
    MeteredPool pool({1000, 2000, 7000});
    pool.run_fairly(46 * second);
    const FairFigures& figures = pool.meter.figures();
    EXPECT_EQ(figures.tenants, 3U);
    EXPECT_GT(figures.ratio_min_ppm, 970'000);
    EXPECT_LT(figures.ratio_p99_ppm, 1'030'000);
    EXPECT_GT(figures.jain_ppm, 999'000);
    EXPECT_EQ(figures.starved, 0U);
}

TEST(FairMeter, TellsWhoIsWrongedAndWhoIsStarved) {
    MeteredPool pool({1000, 1000, 1000});
    // The first gets three slots of four, the second the rest, the third nothing.
    unsigned turn = 0;
    pool.run(46 * second, [&] {
        const fair::FlowIndex flow = turn++ % 4 == 3 ? 1 : 0;
        return pool.queue.flow(flow).lists[1].head;
    });
    const FairFigures& figures = pool.meter.figures();
    EXPECT_EQ(figures.tenants, 2U);
    EXPECT_NEAR(static_cast<double>(figures.ratio_min_ppm), 500'000, 20'000);
    EXPECT_NEAR(static_cast<double>(figures.ratio_p99_ppm), 1'500'000, 20'000);
    EXPECT_EQ(figures.starved, 1U);
}

TEST(FairMeter, DoesNotMeasureWhoHadNothingForAMoment) {
    MeteredPool pool({1000, 1000});
    pool.run_fairly(31 * second);  // in the first window all had nothing before their first entry
    EXPECT_EQ(pool.meter.figures().tenants, 2U);
    const fair::TenantIndex paused = pool.queue.flow(1).tenant;
    pool.around(1, [&] { pool.queue.set_paused(paused, true, pool.now); });
    pool.around(1, [&] { pool.queue.set_paused(paused, false, pool.now); });
    pool.run_fairly(15 * second);
    EXPECT_EQ(pool.meter.figures().tenants, 1U);
    EXPECT_EQ(pool.meter.figures().ratio_min_ppm, 1'000'000);
}

TEST(FairMeter, KnowsNothingOfAWindowInWhichNothingHappened) {
    MeteredPool pool({1000, 1000});
    pool.run_fairly(16 * second);
    pool.meter.roll(pool.queue, pool.now + 60 * second);
    EXPECT_EQ(pool.meter.figures().tenants, 0U);
    EXPECT_EQ(pool.meter.figures().jain_ppm, 1'000'000);
}

}  // namespace
}  // namespace attacca::core
