// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "core/schedule/fair/parts.h"

// The eligible flows of a lane, by key: a circle of 64^3 buckets, three levels of bitmaps, first
// in first out inside a bucket. Each operation touches a constant number of words.
//
// A stored bucket is a lower bound of the flow's key: who takes the first one computes its key anew
// and inserts it again if it grew. So a key beyond the circle may stand in its last bucket. A key
// below the circle, which happens when all others are far ahead, goes to an ordered set.
//
// Invariant: everything in the set is before everything in the circle.
// Widths: a bucket is 2^shift virtual units. When many flows fell outside of the circle the width
// should grow: wants_more() tells, and the owner inserts them all again after widen().

namespace attacca::core::fair {

class BucketWheel {
  public:
    static constexpr std::int64_t size = 64 * 64 * 64;
    static constexpr std::int64_t slack = size / 8;  // kept below the first flow

    explicit BucketWheel(unsigned shift) : shift_(shift) {}

    [[nodiscard]] std::int64_t bucket_of(Virtual key) const {
        return static_cast<std::int64_t>(key) >> shift_;
    }
    [[nodiscard]] unsigned shift() const { return shift_; }
    [[nodiscard]] std::uint32_t count() const { return count_; }
    [[nodiscard]] bool empty() const { return count_ == 0; }

    // Precondition: the flow stands nowhere.
    void insert(Flows& flows, FlowIndex flow, Virtual key);
    // Precondition: the flow stands here. To the end of its new bucket, unless that is the old one.
    void update(Flows& flows, FlowIndex flow, Virtual key);
    void remove(Flows& flows, FlowIndex flow);
    // The flow with the smallest bucket. Precondition: not empty.
    [[nodiscard]] FlowIndex first();
    // The greatest bucket that holds a flow. Precondition: has_last().
    [[nodiscard]] std::int64_t last_bucket() const;
    [[nodiscard]] FlowIndex first_in(std::int64_t bucket) const;
    [[nodiscard]] bool has_last() const { return in_circle_ > 0; }

    [[nodiscard]] bool wants_more() const { return outside_ > 1024 && outside_ > count_; }
    // Precondition: empty.
    void widen();

  private:
    struct Bucket {
        FlowIndex head = none;
        FlowIndex tail = none;
    };
    struct Page {
        std::array<std::uint64_t, 64> words{};
        std::array<Bucket, 4096> buckets{};
    };

    [[nodiscard]] static std::uint32_t position_of(std::int64_t bucket) {
        return static_cast<std::uint32_t>(bucket) & static_cast<std::uint32_t>(size - 1);
    }
    [[nodiscard]] Bucket& bucket_at(std::uint32_t position);
    [[nodiscard]] std::uint32_t find_from(std::uint32_t position) const;
    [[nodiscard]] std::uint32_t find_before(std::uint32_t position) const;
    void place_base(std::int64_t bucket);
    void insert_under(Flow& flow, FlowIndex index, std::int64_t bucket);

    unsigned shift_;
    std::int64_t base_ = 0;     // the circle holds the buckets base … base + size - 1
    std::uint32_t count_ = 0;
    std::uint32_t in_circle_ = 0;
    std::uint64_t outside_ = 0;  // insertions above or below the circle since it was widened
    std::uint64_t top_ = 0;
    std::array<std::uint64_t, 64> middle_{};
    std::array<std::unique_ptr<Page>, 64> pages_;  // made when first used

    struct Under {
        std::int64_t bucket;
        std::uint64_t order;
        FlowIndex flow;
        friend auto operator<=>(const Under&, const Under&) = default;
    };
    std::set<Under> under_;
    std::uint64_t under_order_ = 0;
};

}  // namespace attacca::core::fair
