// SPDX-License-Identifier: Apache-2.0
#include "http/event_source.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <utility>

namespace attacca::http {
namespace {

constexpr std::size_t piece_bytes = 64 * 1024;
// Records looked at in one step, so that one client's catching up does not hold up the others.
constexpr int records_per_step = 10000;
constexpr std::string_view server_tenant = "system";

MonoTime mono_now() {
    const auto since = std::chrono::steady_clock::now().time_since_epoch();
    return {std::chrono::duration_cast<std::chrono::microseconds>(since).count()};
}

std::vector<std::string> texts_of(const std::vector<core::JobId>& jobs) {
    std::vector<std::string> texts;
    for (const core::JobId& job : jobs) {
        texts.push_back(job.text());
    }
    std::sort(texts.begin(), texts.end());
    return texts;
}

}  // namespace

EventSource::EventSource(Parts parts,
                         EventFilter filter,
                         std::vector<std::uint64_t> backlog,
                         std::uint64_t next,
                         std::shared_ptr<Stream> stream)
    : Source(true, parts.comment_period),
      parts_(std::move(parts)),
      filter_(std::move(filter)),
      jobs_(texts_of(filter_.jobs)),
      backlog_(std::move(backlog)),
      next_(next),
      stream_(std::move(stream)),
      last_sent_(mono_now()) {
    parts_.metrics.sse_connections.fetch_add(1);
}

EventSource::~EventSource() {
    parts_.metrics.sse_connections.fetch_sub(1);
}

bool EventSource::matches(const RecordView& record) const {
    return (record.kind & filter_.kinds) != 0 &&
           (jobs_.empty() ||
            std::binary_search(jobs_.begin(), jobs_.end(), record.job, std::less<>())) &&
           (record.tenant == filter_.tenant || record.tenant == server_tenant);
}

std::optional<std::uint64_t> EventSource::peek(std::uint64_t size) const {
    if (backlog_at_ < backlog_.size()) {
        return backlog_[backlog_at_];
    }
    return next_ < size ? std::optional<std::uint64_t>(next_) : std::nullopt;
}

void EventSource::advance() {
    if (backlog_at_ < backlog_.size()) {
        ++backlog_at_;
    } else {
        ++next_;
    }
}

bool EventSource::step() {
    const std::uint64_t size = parts_.ledger_size();
    std::shared_ptr<const EventBatch> batch;
    std::string piece;
    std::uint64_t messages = 0;
    int looked_at = 0;
    while (stream_->pending() + piece.size() + piece_bytes <= stream_bytes_max) {
        const std::optional<std::uint64_t> gseq = peek(size);
        if (!gseq || ++looked_at > records_per_step) {
            break;
        }
        if (batch == nullptr || *gseq < batch->first() || *gseq >= batch->end()) {
            Result<std::shared_ptr<const EventBatch>> found = parts_.batches.find(*gseq);
            if (!found || *found == nullptr) {
                // Without its next event the stream cannot go on; the client comes again.
                stream_->end();
                return false;
            }
            batch = std::move(*found);
        }
        advance();
        if (matches(batch->record(*gseq))) {
            piece += batch->event(*gseq);
            ++messages;
        }
    }
    const MonoTime now = mono_now();
    if (piece.empty() && looked_at <= records_per_step && stream_->pending() == 0 &&
        now - last_sent_ >= parts_.comment_period) {
        piece = ":\n\n";
    }
    if (!piece.empty()) {
        last_sent_ = now;
        stream_->write(piece);
        parts_.metrics.sse_messages.fetch_add(messages);
    }
    if (looked_at > records_per_step) {
        call_again();
    }
    return stream_->is_open();
}

}  // namespace attacca::http
