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
// and a batch never changes, so no entry is ever stale. Safe from any thread.

namespace attacca::sqlite {

class BatchCache {
  public:
    using Batch = std::shared_ptr<const ports::LedgerBatch>;

    explicit BatchCache(std::size_t bytes_max) : bytes_max_(bytes_max) {}
    // The batch that holds this record, or null.
    [[nodiscard]] Batch find(std::uint64_t gseq);
    // The least recently used ones leave until the rest fits.
    void add(const Batch& batch);
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
