// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "blueprint.h"
#include "core/breaker/calls.h"
#include "core/job/record.h"
#include "invariants/i15_open_breakers_stop_calls.h"
#include "marks.h"

// The reference model of circuit breakers and retry budgets, recounted from durable records. It
// keeps every call of the last minute and shares no code with core/breaker but its settings.

namespace attacca::sim {

class RefBreakers {
  public:
    core::BreakerRules rules;

    // A new process begins its windows anew; breakers and live calls stay.
    void forget() {
        for (auto& [key, one] : all_) {
            one.errors.clear();
            one.firsts.clear();
            one.retries.clear();
        }
    }
    void started(Violations& violations, const std::string& key, std::uint64_t fence,
                 bool is_first, WallTime at) {
        if (key.empty()) {
            return;
        }
        RefBreaker& one = all_[key];
        check_call(violations, key, one.state, one.probes.size(), rules.probes_max);
        check_opened(violations, due_);
        if (is_first) {
            one.firsts.push_back(at);
        }
        if (one.state == core::BreakerState::half_open) {
            one.probes.push_back(fence);
        }
    }
    // Whether the budget lets the attempt that ends now be tried again (I14).
    [[nodiscard]] bool may_retry(const std::string& key, WallTime at) const {
        const auto it = all_.find(key);
        if (key.empty() || it == all_.end()) {
            return true;
        }
        const std::uint64_t share = recent(it->second.firsts, at) * rules.retry_percent / 100;
        return recent(it->second.retries, at) < std::max<std::uint64_t>(rules.retries_min, share);
    }
    void ended(Violations& violations, const std::string& key, std::uint64_t fence, bool is_bad,
               WallTime at) {
        if (key.empty()) {
            return;
        }
        check_opened(violations, due_);
        RefBreaker& one = all_[key];
        std::erase(one.probes, fence);
        if (!is_bad) {
            return;
        }
        one.errors.push_back(at);
        std::erase_if(one.errors, [&](WallTime error) { return at - error > rules.error_window; });
        if (one.mode == core::BreakerMode::automatic &&
            one.state == core::BreakerState::closed && one.errors.size() >= rules.error_threshold) {
            due_ = key;
        }
    }
    void retried(const std::string& key, WallTime at) {
        if (!key.empty()) {
            all_[key].retries.push_back(at);
        }
    }
    // Its job was set aside.
    void set_aside(std::uint64_t fence) {
        for (auto& [key, one] : all_) {
            std::erase(one.probes, fence);
        }
    }
    void take(Violations& violations, Marks& marks, const core::Record& record) {
        constexpr std::string_view prefix = "breaker/";
        const std::string key = record.entity.name.substr(prefix.size());
        RefBreaker& one = all_[key];
        if (const auto* set = std::get_if<core::BreakerSet>(&record.payload)) {
            check_opened(violations, due_);
            one.hold(marks, set->mode);
            return;
        }
        check_is_automatic(violations, key, one.mode);
        if (const auto* opened = std::get_if<core::BreakerOpened>(&record.payload)) {
            const bool is_by_errors = opened->cause == core::BreakerCause::errors;
            check_move(violations, key, one.state,
                       is_by_errors ? core::BreakerState::closed : core::BreakerState::half_open);
            if (is_by_errors && due_ != key) {
                violations.report("I15", key + " opened without its errors");
            }
            marks.hit(is_by_errors ? Mark::breaker_opened : Mark::breaker_opened_again);
            one.move(core::BreakerState::open);
        } else if (std::holds_alternative<core::BreakerHalfOpened>(record.payload)) {
            check_move(violations, key, one.state, core::BreakerState::open);
            one.move(core::BreakerState::half_open);
        } else if (std::holds_alternative<core::BreakerClosed>(record.payload)) {
            check_move(violations, key, one.state, core::BreakerState::half_open);
            marks.hit(Mark::breaker_closed);
            one.move(core::BreakerState::closed);
        }
        due_.clear();
    }
    // One that an operator holds open, `<tenant>/<dependency>`; empty when there is none.
    [[nodiscard]] std::string held_open() const {
        const auto it = std::find_if(all_.begin(), all_.end(), [](const auto& one) {
            return one.second.mode == core::BreakerMode::open;
        });
        return it == all_.end() ? std::string() : it->first;
    }

  private:
    struct RefBreaker {
        core::BreakerState state = core::BreakerState::closed;
        core::BreakerMode mode = core::BreakerMode::automatic;
        std::vector<WallTime> errors;
        std::vector<WallTime> firsts;
        std::vector<WallTime> retries;
        std::vector<std::uint64_t> probes;  // fences

        void move(core::BreakerState to) {
            state = to;
            errors.clear();
            probes.clear();
        }
        void hold(Marks& marks, core::BreakerMode by_operator) {
            const bool is_open = by_operator == core::BreakerMode::open;
            marks.hit(is_open                                       ? Mark::breaker_held_open
                      : by_operator == core::BreakerMode::closed ? Mark::breaker_held_closed
                                                                    : Mark::breaker_given_back);
            mode = by_operator;
            move(is_open ? core::BreakerState::open : core::BreakerState::closed);
        }
    };

    // In the ten seconds at hand and the five times ten before.
    [[nodiscard]] static std::uint64_t recent(const std::vector<WallTime>& all, WallTime at) {
        constexpr std::int64_t ten_seconds = 10'000'000;
        return static_cast<std::uint64_t>(std::count_if(all.begin(), all.end(), [&](WallTime one) {
            return at.us / ten_seconds - one.us / ten_seconds < 6;
        }));
    }

    std::map<std::string, RefBreaker> all_;
    std::string due_;  // the breaker that the last record has to open
};

// `<tenant>/<dependency>` of an instance; empty when it depends on nothing.
[[nodiscard]] inline std::string breaker_key(const std::string& tenant, const BlueNode& node) {
    if (node.kind == core::NodeKind::run) {
        return tenant + "/run:true";
    }
    return node.kind == core::NodeKind::task ? tenant + "/lane:l" + std::to_string(node.lane)
                                             : std::string();
}

// What counts as an error of the dependency: `run` nodes are not to blame for being slow.
[[nodiscard]] inline bool is_error(const BlueNode& node, const core::AttemptEnded& ended) {
    const bool is_task = node.kind == core::NodeKind::task;
    const bool is_asked_for =
        node.has_retry && node.strategy == core::RetryStrategy::circuit_breaker;
    switch (ended.failure) {
        case core::FailureClass::unavailable:
        case core::FailureClass::temporary: return true;
        case core::FailureClass::timeout: return is_task || is_asked_for;
        case core::FailureClass::lost: return is_task;
        case core::FailureClass::failed: return is_asked_for;
        case core::FailureClass::none:
        case core::FailureClass::permanent: return false;
    }
    return false;
}

}  // namespace attacca::sim
