// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>

#include "ports/store_batch.h"

// Batches that were unpacked lately. A job's history touches the same few batches again and again,
// and a batch never changes until it is pruned; then it is forgotten. Safe from any thread.

namespace attacca::sqlite {

class BatchCache {
  public:
    using Batch = std::shared_ptr<const ports::LedgerBatch>;

    explicit BatchCache(std::size_t bytes_max) : bytes_max_(bytes_max) {}
    // The batch that holds this record, or null.
    [[nodiscard]] Batch find(std::uint64_t gseq);
    // The least recently used ones leave until the rest fits.
    void add(const Batch& batch);
    // Batches that begin within this range are not what they were.
    void forget(std::uint64_t first, std::uint64_t end);
    [[nodiscard]] std::size_t bytes() const;

  private:
    struct Entry {
        Batch batch;
        std::list<std::uint64_t>::iterator place;  // in recent_
    };

    const std::size_t bytes_max_;
    mutable std::mutex mutex_;  // guards everything below
    std::size_t bytes_ = 0;
    std::list<std::uint64_t> recent_;  // first gseqs, most recently used first
    std::map<std::uint64_t, Entry> entries_;
};

}  // namespace attacca::sqlite
