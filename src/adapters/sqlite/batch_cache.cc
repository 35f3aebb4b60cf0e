// SPDX-License-Identifier: Apache-2.0
#include "adapters/sqlite/batch_cache.h"

#include <iterator>

namespace attacca::sqlite {

namespace {

std::size_t bytes_of(const ports::LedgerBatch& batch) {
    return sizeof(batch) + batch.records.capacity() +
           batch.previous.capacity() * sizeof(std::uint64_t);
}

}  // namespace

BatchCache::Batch BatchCache::find(std::uint64_t gseq) {
    const std::scoped_lock lock(mutex_);
    const auto after = entries_.upper_bound(gseq);
    if (after == entries_.begin()) {
        return nullptr;
    }
    Entry& entry = std::prev(after)->second;
    if (gseq - entry.batch->first_gseq >= entry.batch->count) {
        return nullptr;
    }
    recent_.splice(recent_.begin(), recent_, entry.place);
    return entry.batch;
}

void BatchCache::add(const Batch& batch) {
    const std::scoped_lock lock(mutex_);
    if (entries_.contains(batch->first_gseq)) {
        return;  // another thread unpacked it at the same time
    }
    recent_.push_front(batch->first_gseq);
    entries_[batch->first_gseq] = {batch, recent_.begin()};
    bytes_ += bytes_of(*batch);
    // The newest stays, however large it is: its reader is about to ask again.
    while (bytes_ > bytes_max_ && recent_.size() > 1) {
        const auto oldest = entries_.find(recent_.back());
        bytes_ -= bytes_of(*oldest->second.batch);
        entries_.erase(oldest);
        recent_.pop_back();
    }
}

void BatchCache::forget(std::uint64_t first, std::uint64_t end) {
    const std::scoped_lock lock(mutex_);
    for (auto it = entries_.lower_bound(first); it != entries_.end() && it->first < end;) {
        bytes_ -= bytes_of(*it->second.batch);
        recent_.erase(it->second.place);
        it = entries_.erase(it);
    }
}

std::size_t BatchCache::bytes() const {
    const std::scoped_lock lock(mutex_);
    return bytes_;
}

}  // namespace attacca::sqlite
