// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "core/job/ids.h"
#include "http/batch_cache.h"
#include "http/message.h"
#include "http/metrics.h"
#include "http/pump.h"

// One client of the event stream.
//
// It pulls: it knows the next record it has to send, and sends while its stream has room. A slow
// client therefore lags behind the ledger and costs no memory; it misses nothing.

namespace attacca::http {

inline constexpr std::size_t stream_bytes_max = 256 * 1024;  // waiting for one client

struct EventFilter {
    std::string tenant;  // and the server's own records
    std::vector<core::JobId> jobs;  // none: all
    std::uint64_t kinds = ~std::uint64_t{0};  // event_kinds_of()
};

class EventSource : public Source {
  public:
    struct Parts {
        BatchCache& batches;
        Metrics& metrics;
        std::function<std::uint64_t()> ledger_size;
        Duration comment_period = seconds(15);
    };
    // `backlog`: positions to send first; then every record from `next` on.
    EventSource(Parts parts,
                EventFilter filter,
                std::vector<std::uint64_t> backlog,
                std::uint64_t next,
                std::shared_ptr<Stream> stream);
    ~EventSource() override;

    bool step() override;

  private:
    [[nodiscard]] bool matches(const RecordView& record) const;
    // The next position to send, and whether there is one.
    [[nodiscard]] std::optional<std::uint64_t> peek(std::uint64_t size) const;
    void advance();

    Parts parts_;
    EventFilter filter_;
    std::vector<std::string> jobs_;  // their texts, ascending
    std::vector<std::uint64_t> backlog_;
    std::size_t backlog_at_ = 0;
    std::uint64_t next_;
    std::shared_ptr<Stream> stream_;
    MonoTime last_sent_;
};

}  // namespace attacca::http
