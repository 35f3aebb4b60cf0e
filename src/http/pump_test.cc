// SPDX-License-Identifier: Apache-2.0
#include "http/pump.h"

#include <functional>

#include <gtest/gtest.h>

namespace attacca::http {
namespace {

// Counts its steps; ends after a number of them.
class Counter : public Source {
  public:
    Counter(int last, bool wants_commits, Duration period)
        : Source(wants_commits, period), last_(last) {}
    bool step() override {
        const std::lock_guard lock(mutex_);
        ++steps_;
        changed_.notify_all();
        return steps_ < last_;
    }
    void wait_for(int steps) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return steps_ >= steps; });
    }
    int steps() {
        const std::lock_guard lock(mutex_);
        return steps_;
    }

  private:
    int last_;
    int steps_ = 0;
    std::mutex mutex_;
    std::condition_variable changed_;
};

TEST(Pump, StepsASourceWhenItIsAddedWokenAndAtACommit) {
    Pump pump;
    const auto source = std::make_shared<Counter>(1000, true, Duration{0});
    pump.add(source);
    source->wait_for(1);
    pump.wake(*source);
    source->wait_for(2);
    pump.commit();
    source->wait_for(3);
}

TEST(Pump, StepsASourceInItsPeriod) {
    Pump pump;
    const auto source = std::make_shared<Counter>(1000, false, milliseconds(1));
    pump.add(source);
    source->wait_for(5);
}

TEST(Pump, DropsASourceThatIsFinished) {
    Pump pump;
    const auto done = std::make_shared<Counter>(1, true, milliseconds(1));
    const auto other = std::make_shared<Counter>(1000, true, milliseconds(1));
    pump.add(done);
    pump.add(other);
    other->wait_for(5);
    EXPECT_EQ(done->steps(), 1);
    pump.stop();
    EXPECT_EQ(done.use_count(), 1);
    EXPECT_EQ(other.use_count(), 1) << "stop drops all";
}

}  // namespace
}  // namespace attacca::http
