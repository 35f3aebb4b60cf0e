// SPDX-License-Identifier: Apache-2.0
#include "app/bench_memory.h"

#include <time.h>

#include <algorithm>
#include <numeric>
#include <random>
#include <vector>

#include "base/check.h"
#include "core/schedule/fair/slab.h"

namespace attacca::app {
namespace {

struct alignas(64) Line {
    std::uint32_t next = 0;
};

std::int64_t used_thread_ns() {
    timespec used{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return std::int64_t{used.tv_sec} * 1'000'000'000 + used.tv_nsec;
}

}  // namespace

double random_access_ns(std::uint64_t bytes) {
    constexpr std::uint32_t accesses = 2'000'000;
    const auto count =
        static_cast<std::uint32_t>(std::clamp<std::uint64_t>(bytes / sizeof(Line), 2, 1U << 30U));
    core::fair::Slab<Line> lines;
    std::vector<std::uint32_t> order(count);
    std::iota(order.begin(), order.end(), 0U);
    std::minstd_rand random(1);
    for (std::uint32_t i = count - 1; i > 0; --i) {
        std::swap(order[i], order[static_cast<std::uint32_t>(random()) % (i + 1)]);
    }
    for (std::uint32_t i = 0; i < count; ++i) {
        (void)lines.add();
    }
    for (std::uint32_t i = 0; i < count; ++i) {
        lines[order[i]].next = order[i + 1 == count ? 0 : i + 1];
    }
    std::uint32_t at = 0;
    const std::int64_t begin = used_thread_ns();
    for (std::uint32_t i = 0; i < accesses; ++i) {
        at = lines[at].next;
    }
    const std::int64_t ns = used_thread_ns() - begin;
    ATTACCA_CHECK(at < count);  // and so the walk is not left out
    return static_cast<double>(ns) / accesses;
}

}  // namespace attacca::app
