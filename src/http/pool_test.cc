// SPDX-License-Identifier: Apache-2.0
#include "http/pool.h"

#include <atomic>
#include <future>

#include <gtest/gtest.h>

namespace attacca::http {
namespace {

TEST(Pool, RunsEverythingThatItTook) {
    std::atomic<int> count{0};
    {
        Pool pool(2, 1000);
        for (int i = 0; i < 500; ++i) {
            EXPECT_TRUE(pool.run([&] { ++count; }));
        }
    }
    EXPECT_EQ(count.load(), 500);
}

TEST(Pool, RefusesWhenTooMuchWaits) {
    std::promise<void> gate;
    std::promise<void> begun;
    std::shared_future<void> opened = gate.get_future().share();
    Pool pool(1, 2);
    EXPECT_TRUE(pool.run([&] {
        begun.set_value();
        opened.wait();
    }));
    begun.get_future().wait();
    EXPECT_TRUE(pool.run([] {}));
    EXPECT_TRUE(pool.run([] {}));
    EXPECT_FALSE(pool.run([] {}));
    gate.set_value();
    pool.stop();
    EXPECT_FALSE(pool.run([] {})) << "it is stopped";
}

}  // namespace
}  // namespace attacca::http
