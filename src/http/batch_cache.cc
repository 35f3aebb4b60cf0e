// SPDX-License-Identifier: Apache-2.0
#include "http/batch_cache.h"

#include <utility>

#include "engine/history.h"

namespace attacca::http {

void append_sse_event(std::string& out, const RecordView& record) {
    // JSON text has no line ends of its own, so one data line is enough.
    out += "id: " + std::to_string(record.gseq) + "\nevent: ";
    out += event_type_of(record);
    out += "\ndata: ";
    append_cloud_event(out, record);
    out += "\n\n";
}

Result<std::shared_ptr<const EventBatch>> EventBatch::of(
    std::shared_ptr<const ports::LedgerBatch> batch) {
    auto events = std::make_shared<EventBatch>();
    events->batch_ = std::move(batch);
    ATTACCA_TRY(const std::vector<std::string_view> records,
                engine::split_records(*events->batch_));
    events->views_.reserve(records.size());
    events->ends_.reserve(records.size());
    for (const std::string_view record : records) {
        ATTACCA_TRY(const RecordView view, view_record(record));
        append_sse_event(events->text_, view);
        events->views_.push_back(view);
        events->ends_.push_back(events->text_.size());
    }
    return std::shared_ptr<const EventBatch>(std::move(events));
}

std::string_view EventBatch::event(std::uint64_t gseq) const {
    const std::size_t index = gseq - first();
    const std::size_t begin = index == 0 ? 0 : ends_[index - 1];
    return std::string_view(text_).substr(begin, ends_[index] - begin);
}

Result<std::shared_ptr<const EventBatch>> BatchCache::find(std::uint64_t gseq) {
    for (const std::shared_ptr<const EventBatch>& batch : batches_) {
        if (gseq >= batch->first() && gseq < batch->end()) {
            return batch;
        }
    }
    ATTACCA_TRY(std::shared_ptr<const ports::LedgerBatch> batch, reader_.batch_of(gseq));
    if (batch == nullptr) {
        return std::shared_ptr<const EventBatch>();
    }
    ATTACCA_TRY(std::shared_ptr<const EventBatch> events, EventBatch::of(std::move(batch)));
    batches_.push_front(events);
    if (batches_.size() > batches_max_) {
        batches_.pop_back();
    }
    return events;
}

}  // namespace attacca::http
