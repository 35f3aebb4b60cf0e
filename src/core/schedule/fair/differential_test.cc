// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "core/schedule/fair/auditor_for_test.h"
#include "core/schedule/fair/chance_for_test.h"
#include "core/schedule/fair/fair_queue.h"
#include "core/schedule/fair/reference_for_test.h"

namespace attacca::core::fair {
namespace {

// Random events into the fair queue and into the reference, which follows its choices.
class Pair {
  public:
    Pair(std::uint64_t seed, const FairOptions& options)
        : chance_(seed), queue_(options), reference_(options), auditor_(queue_) {
        const std::uint32_t lanes = 1 + chance_.below(3);
        for (LaneIndex i = 0; i < lanes; ++i) {
            const Capabilities needs = i == 0 ? 0 : Capabilities{1} << i;
            queue_.add_lane({needs, 8, 0});
            reference_.add_lane(needs);
        }
        const std::uint32_t tenants = 1 + chance_.below(12);
        for (TenantIndex i = 0; i < tenants; ++i) {
            const std::uint32_t weight = 1 + chance_.below(i % 3 == 0 ? 100000 : 3000);
            const LaneIndex lane = chance_.below(lanes);
            queue_.add_tenant(weight);
            reference_.add_tenant(weight);
            EXPECT_EQ(queue_.flow_of(i, lane), i);
            reference_.add_flow(i, lane);
        }
        for (unsigned i = 0; i < 3; ++i) {
            const std::uint32_t limit = 1 + chance_.below(3);
            queue_.add_key(limit);
            reference_.add_key(limit);
        }
    }

    void step() {
        now_ += chance_.between(0, chance_.below(8) == 0 ? 40'000'000 : 30'000);
        queue_.wake(now_);
        reference_.wake(now_);
        const std::uint32_t what = chance_.below(100);
        if (what < 42) {
            enqueue();
        } else if (what < 70) {
            dispatch();
        } else if (what < 90) {
            end();
        } else if (what < 94) {
            cancel();
        } else {
            limit(what);
        }
        compare();
    }

    [[nodiscard]] std::uint64_t dispatched() const { return dispatched_; }
    [[nodiscard]] std::uint64_t different() const { return different_; }

  private:
    EntryIndex take(std::vector<EntryIndex>& from) {
        const auto at = chance_.below(static_cast<std::uint32_t>(from.size()));
        std::swap(from[at], from.back());
        const EntryIndex entry = from.back();
        from.pop_back();
        return entry;
    }

    void enqueue() {
        NewEntry wanted;
        wanted.id = ++ids_;
        wanted.flow = chance_.below(queue_.flows());
        wanted.priority = chance_.below(3);
        wanted.since_us = now_;
        wanted.key = chance_.below(4) == 0 ? chance_.below(3) : none;
        const EntryIndex entry = queue_.enqueue(wanted, now_);
        reference_.enqueue(entry, wanted, now_);
        queued_.push_back(entry);
    }

    void dispatch() {
        const Capabilities worker = chance_.below(8) << 1U;
        const std::optional<Reference::Choice> expected = reference_.choose(worker, now_);
        const EntryIndex chosen = queue_.choose(worker, now_);
        ASSERT_EQ(chosen == none, !expected.has_value());
        if (chosen == none) {
            return;
        }
        ASSERT_EQ(queue_.choose(worker, now_), chosen);
        const FlowIndex flow = queue_.entry(chosen).flow;
        ASSERT_EQ(reference_.reasons(flow), 0);
        ASSERT_EQ(reference_.is_fresh(flow), expected->is_fresh);
        if (!expected->is_fresh) {
            const Lane& lane = queue_.lane(queue_.flow(flow).lane);
            const std::int64_t width = std::int64_t{1} << lane.wheel.shift();
            EXPECT_LE(ahead(reference_.key_of(flow, now_), expected->key), width);
        }
        different_ += expected->flows.front() == flow ? 0U : 1U;
        ++dispatched_;
        queue_.start(chosen, now_);
        reference_.start(chosen, now_);
        queued_.erase(std::find(queued_.begin(), queued_.end(), chosen));
        running_.push_back(chosen);
    }

    void end() {
        if (running_.empty()) {
            return;
        }
        const EntryIndex entry = take(running_);
        const bool is_undone = chance_.below(10) == 0;
        is_undone ? queue_.undo(entry, now_) : queue_.complete(entry, now_);
        reference_.complete(entry, now_, is_undone);
    }

    void cancel() {
        if (!queued_.empty()) {
            const EntryIndex entry = take(queued_);
            queue_.cancel(entry, now_);
            reference_.cancel(entry, now_);
        }
    }

    void limit(std::uint32_t what) {
        const TenantIndex tenant = chance_.below(queue_.tenants());
        if (what == 94) {
            const std::uint32_t weight = 1 + chance_.below(5000);
            queue_.set_weight(tenant, weight, now_);
            reference_.set_weight(tenant, weight, now_);
        } else if (what == 95) {
            const std::uint32_t max = chance_.below(3) == 0 ? unlimited : chance_.below(4);
            queue_.set_max_running(tenant, max, now_);
            reference_.set_max_running(tenant, max, now_);
        } else if (what == 96) {
            const std::int64_t interval = chance_.below(2) == 0 ? 0 : chance_.between(1, 900'000);
            const std::uint32_t burst = 1 + chance_.below(3);
            queue_.set_rate(tenant, interval, burst, now_);
            reference_.set_rate(tenant, interval, burst, now_);
        } else {
            const bool is_paused = chance_.below(3) == 0;
            queue_.set_paused(tenant, is_paused, now_);
            reference_.set_paused(tenant, is_paused, now_);
        }
    }

    void compare() {
        EXPECT_EQ(auditor_.check(now_), "");
        for (FlowIndex i = 0; i < queue_.flows(); ++i) {
            ASSERT_EQ(queue_.flow(i).reasons, reference_.reasons(i)) << "flow " << i;
            ASSERT_EQ(queue_.settled(i, now_), reference_.settled(i, now_)) << "flow " << i;
        }
        for (LaneIndex i = 0; i < queue_.lanes(); ++i) {
            ASSERT_EQ(queue_.lane(i).clock, reference_.clock(i)) << "lane " << i;
        }
    }

    Chance chance_;
    FairQueue queue_;
    Reference reference_;
    Auditor auditor_;
    std::int64_t now_ = 1'000'000;
    std::uint64_t ids_ = 0;
    std::uint64_t dispatched_ = 0;
    std::uint64_t different_ = 0;
    std::vector<EntryIndex> queued_;
    std::vector<EntryIndex> running_;
};

void run(const FairOptions& options) {
    std::uint64_t dispatched = 0;
    std::uint64_t different = 0;
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        Pair pair(seed, options);
        for (unsigned i = 0; i < 600; ++i) {
            pair.step();
            if (testing::Test::HasFailure()) {
                FAIL() << "at step " << i;
            }
        }
        dispatched += pair.dispatched();
        different += pair.different();
    }
    EXPECT_GT(dispatched, 3000U);
    // Fresh ones are taken in turn, others by bucket: most choices are exactly the reference's.
    EXPECT_LT(different, dispatched / 5);
}

TEST(FairDifferential, ChoosesAsTheReferenceDoesByHeldSlotTime) {
    FairOptions options;
    options.debt_window_us = 0;
    options.reserve_us = 1'000'000;
    run(options);
}

TEST(FairDifferential, ChoosesAsTheReferenceDoesByStarts) {
    FairOptions options;
    options.is_slot_time = false;
    options.bucket_shift = 6;
    run(options);
}

TEST(FairDifferential, ChoosesAsTheReferenceDoesWhenKeysLeaveTheCircle) {
    FairOptions options;
    options.debt_window_us = 0;
    options.reserve_us = 500'000'000;  // far beyond the circle of buckets this narrow
    options.bucket_shift = 2;
    run(options);
}

}  // namespace
}  // namespace attacca::core::fair
