// SPDX-License-Identifier: Apache-2.0
#include "core/schedule/retry.h"

#include <algorithm>

#include "base/check.h"
#include "base/seeded_bug.h"

namespace attacca::core {
namespace {

bool contains(const std::vector<std::int64_t>& values, std::int64_t value) {
    return std::find(values.begin(), values.end(), value) != values.end();
}

bool may_retry_failure(const RetryPolicy& policy, const AttemptReport& report) {
    if (report.is_permanent) {
        return false;
    }
    if (!policy.is_given) {
        return report.is_transient;
    }
    if (!report.exit_code) {
        return true;
    }
    if (contains(policy.never_exit_codes, *report.exit_code)) {
        return false;
    }
    return policy.exit_codes.empty() || contains(policy.exit_codes, *report.exit_code);
}

// SplitMix64 (Steele, Lea, Flood 2014): one step, to spread the bits of the seed.
std::uint64_t mix(std::uint64_t value) {
    value += 0x9E3779B97F4A7C15ULL;
    value = (value ^ (value >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    value = (value ^ (value >> 27U)) * 0x94D049BB133111EBULL;
    return value ^ (value >> 31U);
}

// base · multiplier^(step), stopping at the cap so that nothing overflows.
std::int64_t exponential(const RetryPolicy& policy, std::uint32_t step) {
    std::int64_t delay = std::min(policy.delay_ms, policy.max_delay_ms);
    for (std::uint32_t i = 0; i < step && delay < policy.max_delay_ms; ++i) {
        if (delay > policy.max_delay_ms * 1000 / std::max<std::int64_t>(1,
                        policy.multiplier_thousandths)) {
            return policy.max_delay_ms;
        }
        delay = delay * policy.multiplier_thousandths / 1000;
    }
    return std::min(delay, policy.max_delay_ms);
}

std::int64_t fibonacci(const RetryPolicy& policy, std::uint32_t step) {
    std::int64_t previous = 0;
    std::int64_t delay = std::min(policy.delay_ms, policy.max_delay_ms);
    for (std::uint32_t i = 0; i < step && delay < policy.max_delay_ms; ++i) {
        const std::int64_t next = previous + delay;
        previous = delay;
        delay = next;
    }
    return std::min(delay, policy.max_delay_ms);
}

// `step` 0 is the first delayed retry.
std::int64_t planned_delay(const RetryPolicy& policy, std::uint32_t step) {
    switch (policy.strategy) {
        case RetryStrategy::none:
        case RetryStrategy::immediate: return 0;
        case RetryStrategy::linear: {
            const std::int64_t times = std::int64_t{step} + 1;
            return policy.delay_ms > policy.max_delay_ms / times ? policy.max_delay_ms
                                                                 : policy.delay_ms * times;
        }
        case RetryStrategy::circuit_breaker:
        case RetryStrategy::exponential: return exponential(policy, step);
        case RetryStrategy::fibonacci: return fibonacci(policy, step);
        case RetryStrategy::custom: {
            if (policy.delays_ms.empty()) {
                return 0;
            }
            const std::size_t last = policy.delays_ms.size() - 1;
            return policy.delays_ms[std::min<std::size_t>(step, last)];
        }
    }
    ATTACCA_CHECK(false);
}

bool is_retryable(const RetryPolicy& policy, const AttemptReport& report) {
    switch (report.outcome) {
        case Outcome::succeeded:
        case Outcome::cancelled: return false;
        case Outcome::lost:
        case Outcome::stopped:
        case Outcome::timeout: return true;
        case Outcome::failed: return may_retry_failure(policy, report);
        case Outcome::error: return report.is_transient;
    }
    ATTACCA_CHECK(false);
}

}  // namespace

bool is_worth_retrying(const RetryPolicy& policy, const AttemptReport& report) {
    return is_retryable(policy, report) && policy.strategy != RetryStrategy::none &&
           policy.max_attempts > 1;
}

std::optional<std::int64_t> retry_delay_ms(const RetryPolicy& policy,
                                           const AttemptReport& report,
                                           std::uint32_t counted,
                                           std::uint64_t seed) {
    if (!is_retryable(policy, report)) {
        return std::nullopt;
    }
    if (report.outcome == Outcome::lost || report.outcome == Outcome::stopped) {
        return 0;
    }
    const std::uint32_t limit = policy.max_attempts + (ATTACCA_BUG(BUG_RETRY_OVERFLOW) ? 1U : 0U);
    if (policy.strategy == RetryStrategy::none || counted >= limit) {
        return std::nullopt;
    }
    ATTACCA_CHECK(counted >= 1);
    std::uint32_t step = counted - 1;
    const bool is_transient = report.outcome != Outcome::failed || report.is_transient;
    if (is_transient && policy.strategy != RetryStrategy::custom) {
        if (step == 0) {
            return 0;
        }
        --step;
    }
    const std::int64_t delay = planned_delay(policy, step);
    if (!policy.jitter || delay == 0) {
        return delay;
    }
    const auto spread = static_cast<std::uint64_t>(delay) / 5 + 1;
    // On top of the cap too: retries that have come to it must not fire in step.
    return delay + static_cast<std::int64_t>(mix(seed) % spread);
}

}  // namespace attacca::core
