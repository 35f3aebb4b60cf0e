// SPDX-License-Identifier: Apache-2.0
#include "core/bundle/check_erasure.h"

#include <variant>

#include "core/bundle/layout.h"
#include "core/ledger/codec.h"
#include "core/ledger/hash.h"
#include "core/ledger/origin.h"
#include "core/ledger/proof.h"

namespace attacca::core {
namespace {

void check_erased(const StoredRecord& stored,
                  std::uint64_t gseq,
                  const RecordBytes& records,
                  const Checkpoint& checkpoint,
                  BundleFailures& failures) {
    const auto* erased = std::get_if<Erased>(&stored.record.payload);
    const std::optional<JobId> seal = seal_of(records);
    if (stored.place.gseq != gseq) {
        failures.add(Fault::seq, gseq,
                     "the record says that it is number " + std::to_string(stored.place.gseq));
    } else if (erased == nullptr || !seal || erased->job != *seal ||
               stored.record.entity.name != erasure_entity(erased->job)) {
        failures.add(Fault::seq, gseq, erased_name(gseq) + " is not the erasure of this job");
    }
    if (stored.origin != checkpoint.origin && !is_former_origin(stored.origin, checkpoint.origin)) {
        failures.add(Fault::origin, gseq, erased_name(gseq) + " is of another ledger");
    }
    const Result<StoredRecord> first = records.empty()
                                           ? Result<StoredRecord>(fail(Problem::corrupt, ""))
                                           : decode_record(records.begin()->second);
    if (first && first->record.tenant != stored.record.tenant) {
        failures.add(Fault::tenant, gseq, erased_name(gseq) + " is of another tenant");
    }
}

}  // namespace

std::optional<JobId> seal_of(const RecordBytes& records) {
    for (const auto& [gseq, bytes] : records) {
        const Result<StoredRecord> stored = decode_record(bytes);
        const auto* created =
            stored ? std::get_if<JobCreated>(&stored->record.payload) : nullptr;
        if (created != nullptr) {
            return created->seal;
        }
    }
    return std::nullopt;
}

std::optional<WallTime> check_erasure(const BundleFiles& files,
                                      const RecordBytes& records,
                                      const Checkpoint& checkpoint,
                                      const ReadPath& path_of,
                                      BundleFailures& failures) {
    std::optional<WallTime> at;
    for (const auto& [name, file] : files) {
        if (const auto proven = number_in(name, erased_folder, ".tlog-proof");
            proven && files.find(erased_name(*proven)) == files.end()) {
            failures.add(Fault::gap, *proven, erased_name(*proven) + " is missing");
        }
        const auto gseq = number_in(name, erased_folder, ".json");
        if (!gseq) {
            continue;
        }
        const auto path = path_of(*gseq, erased_proof_name(*gseq));
        if (path && !verify_inclusion(leaf_hash(file.bytes), {*gseq, checkpoint.size}, *path,
                                      checkpoint.root)) {
            failures.add(Fault::leaf, *gseq, name + " and its proof do not lead to the root");
            continue;
        }
        const Result<StoredRecord> stored = decode_record(file.bytes);
        if (!stored) {
            failures.add(Fault::format, *gseq, stored.error().detail);
            continue;
        }
        check_erased(*stored, *gseq, records, checkpoint, failures);
        at = stored->record.at;
    }
    return at;
}

}  // namespace attacca::core
