// SPDX-License-Identifier: Apache-2.0
#include "core/schedule/fair/bucket_wheel.h"

#include <algorithm>
#include <bit>

#include "base/check.h"

namespace attacca::core::fair {
namespace {

constexpr std::uint64_t all = ~std::uint64_t{0};

std::uint64_t bit_of(std::uint32_t i) { return std::uint64_t{1} << i; }
std::uint64_t from(std::uint32_t i) { return i >= 64 ? 0 : all << i; }
std::uint64_t before(std::uint32_t i) { return i >= 64 ? all : bit_of(i) - 1; }
std::uint32_t lowest(std::uint64_t word) {
    return static_cast<std::uint32_t>(std::countr_zero(word));
}
std::uint32_t highest(std::uint64_t word) {
    return 63U - static_cast<std::uint32_t>(std::countl_zero(word));
}

}  // namespace

BucketWheel::Bucket& BucketWheel::bucket_at(std::uint32_t position) {
    std::unique_ptr<Page>& page = pages_[position >> 12U];
    if (page == nullptr) {
        page = std::make_unique<Page>();
    }
    return page->buckets[position & 4095U];
}

// The first occupied position from `position` on, around the circle. Precondition: there is one.
std::uint32_t BucketWheel::find_from(std::uint32_t position) const {
    const std::uint32_t page = position >> 12U;
    const std::uint32_t word = (position >> 6U) & 63U;
    if ((middle_[page] & bit_of(word)) != 0) {
        const std::uint64_t bits = pages_[page]->words[word] & from(position & 63U);
        if (bits != 0) {
            return (position & ~63U) | lowest(bits);
        }
    }
    if (const std::uint64_t words = middle_[page] & from(word + 1); words != 0) {
        const std::uint32_t found = lowest(words);
        return (page << 12U) | (found << 6U) | lowest(pages_[page]->words[found]);
    }
    const std::uint64_t after = top_ & from(page + 1);
    const std::uint32_t next = lowest(after != 0 ? after : top_);
    const std::uint32_t found = lowest(middle_[next]);
    return (next << 12U) | (found << 6U) | lowest(pages_[next]->words[found]);
}

// The last occupied position before `position`, around the circle. Precondition: there is one.
std::uint32_t BucketWheel::find_before(std::uint32_t position) const {
    const std::uint32_t page = position >> 12U;
    const std::uint32_t word = (position >> 6U) & 63U;
    if ((middle_[page] & bit_of(word)) != 0) {
        const std::uint64_t bits = pages_[page]->words[word] & before(position & 63U);
        if (bits != 0) {
            return (position & ~63U) | highest(bits);
        }
    }
    if (const std::uint64_t words = middle_[page] & before(word); words != 0) {
        const std::uint32_t found = highest(words);
        return (page << 12U) | (found << 6U) | highest(pages_[page]->words[found]);
    }
    const std::uint64_t below = top_ & before(page);
    const std::uint32_t next = highest(below != 0 ? below : top_);
    const std::uint32_t found = highest(middle_[next]);
    return (next << 12U) | (found << 6U) | highest(pages_[next]->words[found]);
}

// An empty circle goes where it is needed, but never below what stands under it.
void BucketWheel::place_base(std::int64_t bucket) {
    base_ = bucket - slack;
    if (!under_.empty()) {
        base_ = std::max(base_, under_.rbegin()->bucket + 1);
    }
}

void BucketWheel::insert_under(Flow& flow, FlowIndex index, std::int64_t bucket) {
    const std::uint64_t order = ++under_order_;
    under_.insert({bucket, order, index});
    flow.place = Flow::Place::under;
    flow.bucket = bucket;
    flow.next = static_cast<std::uint32_t>(order);
    flow.prev = static_cast<std::uint32_t>(order >> 32U);
    ++count_;
    ++outside_;
}

void BucketWheel::insert(Flows& flows, FlowIndex index, Virtual key) {
    Flow& flow = flows[index];
    std::int64_t bucket = bucket_of(key);
    if (in_circle_ == 0) {
        place_base(bucket);
    }
    if (bucket < base_) {
        insert_under(flow, index, bucket);
        return;
    }
    if (bucket >= base_ + size) {
        bucket = base_ + size - 1;
        ++outside_;
    }
    const std::uint32_t position = position_of(bucket);
    Bucket& at = bucket_at(position);
    flow.place = Flow::Place::wheel;
    flow.bucket = bucket;
    flow.next = none;
    flow.prev = at.tail;
    if (at.tail == none) {
        at.head = index;
        const std::uint32_t page = position >> 12U;
        const std::uint32_t word = (position >> 6U) & 63U;
        pages_[page]->words[word] |= bit_of(position & 63U);
        middle_[page] |= bit_of(word);
        top_ |= bit_of(page);
    } else {
        flows[at.tail].next = index;
    }
    at.tail = index;
    ++in_circle_;
    ++count_;
}

void BucketWheel::remove(Flows& flows, FlowIndex index) {
    Flow& flow = flows[index];
    if (flow.place == Flow::Place::under) {
        const std::uint64_t order = (std::uint64_t{flow.prev} << 32U) | flow.next;
        const std::size_t erased = under_.erase({flow.bucket, order, index});
        ATTACCA_CHECK(erased == 1);
    } else {
        ATTACCA_CHECK(flow.place == Flow::Place::wheel);
        const std::uint32_t position = position_of(flow.bucket);
        const std::uint32_t page = position >> 12U;
        Bucket& at = pages_[page]->buckets[position & 4095U];
        (flow.prev == none ? at.head : flows[flow.prev].next) = flow.next;
        (flow.next == none ? at.tail : flows[flow.next].prev) = flow.prev;
        if (at.head == none) {
            const std::uint32_t word = (position >> 6U) & 63U;
            pages_[page]->words[word] &= ~bit_of(position & 63U);
            if (pages_[page]->words[word] == 0) {
                middle_[page] &= ~bit_of(word);
            }
            if (middle_[page] == 0) {
                top_ &= ~bit_of(page);
            }
        }
        --in_circle_;
    }
    flow.place = Flow::Place::out;
    flow.next = none;
    flow.prev = none;
    --count_;
}

void BucketWheel::update(Flows& flows, FlowIndex index, Virtual key) {
    if (flows[index].bucket != bucket_of(key)) {
        remove(flows, index);
        insert(flows, index, key);
    }
}

FlowIndex BucketWheel::first() {
    ATTACCA_CHECK(count_ > 0);
    if (!under_.empty()) {
        return under_.begin()->flow;
    }
    const std::uint32_t start = position_of(base_);
    const std::uint32_t found = find_from(start);
    const std::int64_t distance = position_of(std::int64_t{found} - std::int64_t{start});
    if (distance > slack) {
        base_ += distance - slack;
    }
    return pages_[found >> 12U]->buckets[found & 4095U].head;
}

std::int64_t BucketWheel::last_bucket() const {
    const std::uint32_t start = position_of(base_);
    const std::uint32_t found = find_before(start);
    return base_ + position_of(std::int64_t{found} - std::int64_t{start});
}

FlowIndex BucketWheel::first_in(std::int64_t bucket) const {
    const std::uint32_t position = position_of(bucket);
    return pages_[position >> 12U]->buckets[position & 4095U].head;
}

void BucketWheel::widen() {
    ATTACCA_CHECK(count_ == 0);
    shift_ += 2;
    outside_ = 0;
}

}  // namespace attacca::core::fair
