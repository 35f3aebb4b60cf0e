// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "http/record_view.h"
#include "ports/store.h"

// Batches of the ledger as events, read and written once for all streams. Belongs to the pump's
// thread.

namespace attacca::http {

// One record as an event of a text/event-stream: `id`, `event` and `data` lines, then an empty one.
void append_sse_event(std::string& out, const RecordView& record);

class EventBatch {
  public:
    // Errors: corrupt.
    [[nodiscard]] static Result<std::shared_ptr<const EventBatch>> of(
        std::shared_ptr<const ports::LedgerBatch> batch);

    [[nodiscard]] std::uint64_t first() const { return batch_->first_gseq; }
    [[nodiscard]] std::uint64_t end() const { return batch_->first_gseq + views_.size(); }
    // Precondition of these: first() <= gseq < end().
    [[nodiscard]] const RecordView& record(std::uint64_t gseq) const {
        return views_[gseq - first()];
    }
    [[nodiscard]] std::string_view event(std::uint64_t gseq) const;

  private:
    std::shared_ptr<const ports::LedgerBatch> batch_;
    std::vector<RecordView> views_;  // into batch_
    std::string text_;
    std::vector<std::size_t> ends_;
};

class BatchCache {
  public:
    explicit BatchCache(ports::StoreReader& reader, std::size_t batches_max = 8)
        : reader_(reader), batches_max_(batches_max) {}

    // The batch that holds this record; null beyond the end of the ledger.
    [[nodiscard]] Result<std::shared_ptr<const EventBatch>> find(std::uint64_t gseq);

  private:
    ports::StoreReader& reader_;
    const std::size_t batches_max_;
    std::deque<std::shared_ptr<const EventBatch>> batches_;  // the newest read first
};

}  // namespace attacca::http
