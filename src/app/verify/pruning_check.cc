// SPDX-License-Identifier: Apache-2.0
#include "app/verify/pruning_check.h"

#include <algorithm>
#include <memory>
#include <string>
#include <variant>

namespace attacca::verify {

void PruningCheck::add_pruned(std::uint64_t first, std::uint64_t count) {
    pruned_ += count;
    if (!found_.empty() && found_.back().second == first) {
        found_.back().second += count;
    } else {
        found_.emplace_back(first, first + count);
    }
}

Result<void> PruningCheck::check(const core::StoredRecord& stored) {
    const auto* const record = std::get_if<core::EntriesPruned>(&stored.record.payload);
    if (record == nullptr) {
        return {};
    }
    const std::uint64_t gseq = stored.place.gseq;
    const std::uint64_t end = record->first + record->count;
    if (record->count == 0 || end < record->first || end > gseq) {
        sink_(core::Fault::format, gseq, "the pruned records that it names are not in front of it");
        return {};
    }
    ATTACCA_TRY(const std::shared_ptr<const ports::LedgerBatch> last, reader_.batch_of(end - 1));
    if (last == nullptr || last->first_gseq + last->count != end || last->root != record->root) {
        sink_(core::Fault::root, gseq, "it names another root than the records in front of " +
                                           std::to_string(end) + " have");
        return {};
    }
    explained_.emplace_back(record->first, end);
    return {};
}

void PruningCheck::finish() {
    std::sort(explained_.begin(), explained_.end());
    auto next = explained_.begin();
    for (const auto& [first, end] : found_) {
        std::uint64_t at = first;
        while (at < end) {
            while (next != explained_.end() && next->second <= at) {
                ++next;
            }
            if (next == explained_.end() || next->first > at) {
                sink_(core::Fault::gap, at, "records up to " + std::to_string(end) +
                                                " are not here, and no record says that they "
                                                "were pruned");
                break;
            }
            at = next->second;
        }
    }
}

// With a reader of its own: one that holds a snapshot, or remembers batches, does not see it.
std::function<Result<bool>(std::uint64_t)> pruned_by_now(std::string directory) {
    return [directory = std::move(directory)](std::uint64_t gseq) -> Result<bool> {
        sqlite::SqliteReader::Options reading;
        reading.cache_bytes_max = 0;
        ATTACCA_TRY(const auto reader, sqlite::open_read_only(directory, reading));
        ATTACCA_TRY(const std::shared_ptr<const ports::LedgerBatch> batch, reader->batch_of(gseq));
        return batch != nullptr && batch->is_pruned();
    };
}

}  // namespace attacca::verify
