// SPDX-License-Identifier: Apache-2.0
#include "app/verify/erasure_check.h"

#include <optional>
#include <variant>

#include "adapters/sqlite/sqlite_reader.h"
#include "adapters/system/files.h"

namespace attacca::verify {
namespace {

bool is_erased_by_now(const std::string& root, const core::JobId& job) {
    const auto reader = sqlite::open_read_only(root);
    const auto head = reader ? (*reader)->entity(core::erasure_entity(job))
                             : Result<std::optional<ports::EntityHead>>(reader.error());
    const auto erasure = head && *head ? core::load_erasure((*head)->image)
                                       : Result<core::Erasure>(core::Erasure{});
    return erasure && erasure->erased_at.has_value();
}

}  // namespace

void ErasureCheck::check(const core::StoredRecord& stored) {
    const core::Record& record = stored.record;
    if (const auto* created = std::get_if<core::JobCreated>(&record.payload)) {
        if (created->seal && record.entity.job && *created->seal == *record.entity.job) {
            sealed_[*created->seal] = stored.place.gseq;
        }
    } else if (const auto* placed = std::get_if<core::HoldPlaced>(&record.payload)) {
        (void)holds_[record.tenant].place({placed->job, placed->matter, placed->by, record.at});
    } else if (const auto* released = std::get_if<core::HoldReleased>(&record.payload)) {
        (void)holds_[record.tenant].release(released->job, released->matter);
    } else if (const auto* erased = std::get_if<core::Erased>(&record.payload)) {
        ++erased_;
        sealed_.erase(erased->job);
        if (const core::Hold* hold = holds_[record.tenant].over(erased->job)) {
            sink_(core::Fault::hold, stored.place.gseq,
                  "the job was erased while a hold stood, for " + quoted(hold->matter));
        }
    }
}

void ErasureCheck::finish(const std::string& root) {
    for (const auto& [job, gseq] : sealed_) {
        if (is_missing(job) && !is_erased_by_now(root, job)) {
            sink_(core::Fault::missing, gseq,
                  "the key of the sealed job " + job.text() +
                      " is gone, and no record says that it was erased");
        }
    }
}

bool ErasureCheck::is_missing(const core::JobId& job) const {
    return system::file_exists(seals_) &&
           !system::file_exists(seals_ + "/" + job.text() + ".seal");
}

}  // namespace attacca::verify
