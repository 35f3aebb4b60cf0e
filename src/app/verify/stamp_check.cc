// SPDX-License-Identifier: Apache-2.0
#include "app/verify/stamp_check.h"

#include <algorithm>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/timestamp.h"
#include "core/ledger/checkpoint.h"

namespace attacca::verify {

// The checkpoint itself has been compared with the records, as every one.
Result<void> StampCheck::check(const core::StoredRecord& stored) {
    const auto* const stamp = std::get_if<core::AnchorTimestamped>(&stored.record.payload);
    if (stamp == nullptr) {
        return {};
    }
    ATTACCA_TRY(const std::vector<ports::SignedCheckpoint> notes,
                reader_.checkpoints(std::max<std::uint64_t>(stamp->size, 1) - 1, 1));
    ATTACCA_TRY(const std::optional<std::string> query, reader_.body(stamp->query));
    ATTACCA_TRY(const std::optional<std::string> reply, reader_.body(stamp->reply));
    if (!query || !reply) {
        return {};  // it was told that they are missing
    }
    const Result<core::CheckpointNote> note =
        notes.empty() || notes.front().size != stamp->size
            ? Result<core::CheckpointNote>(fail(Problem::corrupt, "its checkpoint is missing"))
            : core::parse_checkpoint(notes.front().note);
    Result<Timestamp> found = note.has_value()
                                  ? options_.authorities
                                        ? verify_timestamp(note->text, *query, *reply,
                                                           *options_.authorities)
                                        : read_timestamp(note->text, *query, *reply)
                                  : Result<Timestamp>(note.error());
    if (!found && found.error().problem == Problem::invalid_value) {
        return found.error();
    }
    if (!found) {
        sink_(core::Fault::tsa, stored.place.gseq, found.error().detail);
    } else {
        size_ = std::max(size_, stamp->size);
        at_ = found->at;
    }
    return {};
}

}  // namespace attacca::verify
