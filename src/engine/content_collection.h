// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "core/retention/collection.h"
#include "engine/gateway.h"
#include "engine/marking.h"

// Removes what no record names any more: the files of attempts, and the bodies of the store. The
// record is always first, or in the same transaction.
//
// Files: a file that is unnamed may be about to be named by an attempt that put it, so its owner
// pins it until the record is durable (ports/content.h). First the pins are held fast, then the
// ledger is read: what was released before is named in it. After a crash in between, the record
// tells of files that are there still; the next look finds them, and says so again.
//
// Bodies: the engine knows what was named since the ledger was read (recent_bodies.h).

namespace attacca::engine {

class ContentCollection {
  public:
    // The gateway outlives this. `goes_on`: asked now and then.
    ContentCollection(Gateway& gateway, std::function<bool()> goes_on)
        : gateway_(gateway), goes_on_(std::move(goes_on)) {}

    // For one thread at a time. What was recorded as collected. Errors: io_error, corrupt, where
    // not all that is named can be read; shutting_down; those of an answer.
    [[nodiscard]] Result<core::ContentCollected> look();

  private:
    [[nodiscard]] Result<void> collect_files(const Marking& marking);
    [[nodiscard]] Result<void> remove(std::vector<ports::Content::File>& files);
    [[nodiscard]] Result<void> collect_bodies(Marking& marking);
    [[nodiscard]] Result<void> remove(std::vector<core::BodySize>& bodies, Marking& marking);
    [[nodiscard]] Result<std::vector<core::BodySize>> without_sealing(
        const std::vector<core::BodySize>& bodies);
    [[nodiscard]] Result<void> record(core::CollectContent command);

    Gateway& gateway_;
    const std::function<bool()> goes_on_;
    std::uint64_t looks_ = 0;
    core::ContentCollected gone_;  // of this look
};

}  // namespace attacca::engine
