// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <queue>
#include <utility>
#include <vector>

#include "core/schedule/fair/chance_for_test.h"
#include "core/schedule/fair/fair_queue.h"

// A pool of slots in virtual time in front of a fair queue: entries have lengths, which the queue
// never sees. Tenants are numbered from 0 and have their flow of the same number on lane 0.

namespace attacca::core::fair {

inline constexpr std::int64_t ms = 1000;
inline constexpr std::int64_t sec = 1'000'000;

inline FairOptions with_reserve(std::int64_t reserve_us) {
    FairOptions options;
    options.reserve_us = reserve_us;
    return options;
}

inline FairOptions counting_starts() {
    FairOptions options;
    options.is_slot_time = false;
    options.bucket_shift = 6;
    return options;
}

class Pool {
  public:
    using Length = std::function<std::int64_t()>;
    struct Started {
        TenantIndex tenant;
        std::int64_t at;
        std::int64_t wait_us;
        std::size_t priority;
        std::uint64_t id;
    };

    Pool(const FairOptions& options, std::uint32_t slots, std::uint32_t headroom = 0)
        : queue_(options), slots_(slots) {
        queue_.add_lane({0, slots, headroom});
    }

    FairQueue& queue() { return queue_; }
    [[nodiscard]] std::int64_t now() const { return now_; }
    Chance& chance() { return chance_; }

    TenantIndex tenant(std::uint32_t weight) {
        const TenantIndex index = queue_.add_tenant(weight);
        queue_.flow_of(index, 0);
        return index;
    }
    std::uint64_t submit(TenantIndex tenant, std::int64_t length, std::size_t priority = 1,
                         KeyIndex key = none) {
        const std::uint64_t id = pieces_.size();
        pieces_.push_back({length, now_, none});
        pieces_[id].entry = queue_.enqueue({id, tenant, priority, now_, key}, now_);
        return id;
    }
    // From now on as many entries wait as do now: each that starts is followed by another.
    void keep(TenantIndex tenant, unsigned count, Length length, std::size_t priority = 1) {
        sources_.resize(std::max<std::size_t>(sources_.size(), tenant + 1U));
        sources_[tenant] = {std::move(length), priority};
        for (unsigned i = 0; i < count; ++i) {
            submit(tenant, sources_[tenant].length(), priority);
        }
    }
    void stop(TenantIndex tenant) { sources_[tenant].length = nullptr; }
    void at(std::int64_t when, std::function<void()> what) {
        events_.emplace(when, std::move(what));
    }
    void on_start(std::function<void(const Started&)> what) { on_start_ = std::move(what); }
    void set_slots(std::uint32_t slots) {
        slots_ = slots;
        queue_.set_slots(0, slots, now_);
    }

    void run_until(std::int64_t until) {
        for (;;) {
            dispatch();
            std::int64_t next = queue_.next_wake_us();
            next = ends_.empty() ? next : std::min(next, ends_.top().first);
            next = events_.empty() ? next : std::min(next, events_.begin()->first);
            if (next > until || next == never) {
                now_ = std::max(now_, until);
                return;
            }
            now_ = std::max(now_, next);
            while (!ends_.empty() && ends_.top().first <= now_) {
                const EntryIndex entry = ends_.top().second;
                ends_.pop();
                --running_;
                ++releases_;
                queue_.complete(entry, now_);
            }
            while (!events_.empty() && events_.begin()->first <= now_) {
                const auto what = std::move(events_.begin()->second);
                events_.erase(events_.begin());
                what();
            }
            queue_.wake(now_);
        }
    }

    // Slot time that the tenant has held so far.
    [[nodiscard]] std::int64_t held(TenantIndex tenant) const {
        const Flow& flow = queue_.flow(tenant);
        return flow.held_us + (now_ - flow.settled_at) * std::int64_t{flow.running};
    }
    [[nodiscard]] std::uint64_t starts() const { return starts_; }
    [[nodiscard]] std::uint64_t releases() const { return releases_; }
    [[nodiscard]] std::uint32_t running() const { return running_; }
    [[nodiscard]] std::uint32_t slots() const { return slots_; }

  private:
    struct Piece {
        std::int64_t length;
        std::int64_t since;
        EntryIndex entry;
    };
    struct Source {
        Length length;
        std::size_t priority = 1;
    };

    void dispatch() {
        while (running_ < slots_) {
            const EntryIndex entry = queue_.choose(0, now_);
            if (entry == none) {
                return;
            }
            const std::uint64_t id = queue_.entry(entry).id;
            const std::size_t priority = queue_.entry(entry).priority();
            const TenantIndex tenant = queue_.flow(queue_.entry(entry).flow).tenant;
            queue_.start(entry, now_);
            ++running_;
            ++starts_;
            ends_.emplace(now_ + pieces_[id].length, entry);
            if (tenant < sources_.size() && sources_[tenant].length) {
                submit(tenant, sources_[tenant].length(), sources_[tenant].priority);
            }
            if (on_start_) {
                on_start_({tenant, now_, now_ - pieces_[id].since, priority, id});
            }
        }
    }

    using End = std::pair<std::int64_t, EntryIndex>;

    FairQueue queue_;
    std::uint32_t slots_;
    Chance chance_{20260301};
    std::int64_t now_ = 0;
    std::uint32_t running_ = 0;
    std::uint64_t starts_ = 0;
    std::uint64_t releases_ = 0;
    std::vector<Piece> pieces_;
    std::vector<Source> sources_;
    std::priority_queue<End, std::vector<End>, std::greater<>> ends_;
    std::multimap<std::int64_t, std::function<void()>> events_;
    std::function<void(const Started&)> on_start_;
};

// Jain's index of what each got for its weight, times 10,000: that is what it is when all got the
// same.
inline std::int64_t jain(const std::vector<std::int64_t>& shares) {
    Wide sum = 0;
    Wide squares = 0;
    for (const std::int64_t share : shares) {
        sum += static_cast<std::uint64_t>(share);
        squares += Wide{static_cast<std::uint64_t>(share)} * static_cast<std::uint64_t>(share);
    }
    return static_cast<std::int64_t>(sum * sum * 10000 / (shares.size() * squares));
}

inline std::int64_t percentile(std::vector<std::int64_t> values, std::size_t per_mille) {
    std::sort(values.begin(), values.end());
    return values.empty() ? 0 : values[std::min(values.size() - 1,
                                                values.size() * per_mille / 1000)];
}

}  // namespace attacca::core::fair
