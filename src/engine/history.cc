// SPDX-License-Identifier: Apache-2.0
#include "engine/history.h"

#include <algorithm>
#include <string_view>

#include "engine/entity_records.h"

namespace attacca::engine {
namespace {

Error broken(const ports::LedgerBatch& batch, std::string_view why) {
    return fail(Problem::corrupt,
                "the batch at record " + std::to_string(batch.first_gseq) + " " +
                    std::string(why));
}

}  // namespace

Error pruned_error(std::uint64_t gseq) {
    return fail(Problem::pruned, "the words of record " + std::to_string(gseq) +
                                     " are gone: its retention has passed; its hash is kept");
}

Error missing_error(ports::StoreReader& reader, const ports::JobRow& row, const Sha256& digest) {
    const auto records = entity_positions(reader, row.last_gseq, ports::no_gseq);
    if (!records && records.error().problem == Problem::pruned) {
        return fail(Problem::pruned, "what only the records of job " + row.id.text() +
                                         " named was collected: their retention has passed");
    }
    return records ? fail(Problem::corrupt, "the body " + hex(digest) + " is missing")
                   : records.error();
}

Result<std::vector<std::string_view>> split_records(const ports::LedgerBatch& batch) {
    if (batch.is_pruned()) {
        return pruned_error(batch.first_gseq);
    }
    std::vector<std::string_view> records;
    records.reserve(batch.count);
    const std::string_view bytes = batch.records;
    std::size_t at = 0;
    while (at < bytes.size()) {
        if (bytes.size() - at < 2) {
            return broken(batch, "ends in the middle of a length");
        }
        const std::size_t length = read_u16(bytes, at);
        at += 2;
        if (bytes.size() - at < length) {
            return broken(batch, "ends in the middle of a record");
        }
        records.push_back(bytes.substr(at, length));
        at += length;
    }
    if (records.size() != batch.count || batch.previous.size() != batch.count) {
        return broken(batch, "holds another number of records than it says");
    }
    return records;
}

Result<std::vector<core::StoredRecord>> entity_history(ports::StoreReader& reader,
                                                       std::uint64_t last_gseq) {
    std::vector<core::StoredRecord> history;
    std::shared_ptr<const ports::LedgerBatch> batch;
    std::vector<std::string_view> records;
    for (std::uint64_t gseq = last_gseq; gseq != ports::no_gseq;) {
        const bool is_inside = batch != nullptr && gseq >= batch->first_gseq &&
                               gseq - batch->first_gseq < batch->count;
        if (!is_inside) {
            ATTACCA_TRY(batch, reader.batch_of(gseq));
            if (batch == nullptr) {
                return fail(Problem::corrupt, "record " + std::to_string(gseq) + " is missing");
            }
            ATTACCA_TRY(records, split_records(*batch));
        }
        const auto index = gseq - batch->first_gseq;
        ATTACCA_TRY(core::StoredRecord record, core::decode_record(records[index]));
        history.push_back(std::move(record));
        const std::uint64_t previous = batch->previous[index];
        if (previous != ports::no_gseq && previous >= gseq) {
            return broken(*batch, "names a later record as the previous one");
        }
        gseq = previous;
    }
    std::reverse(history.begin(), history.end());
    return history;
}

Result<std::string> record_bytes(ports::StoreReader& reader, std::uint64_t gseq) {
    ATTACCA_TRY(const auto batch, reader.batch_of(gseq));
    if (batch == nullptr) {
        return fail(Problem::not_found, "there is no record " + std::to_string(gseq));
    }
    ATTACCA_TRY(const auto records, split_records(*batch));
    return std::string(records[gseq - batch->first_gseq]);
}

}  // namespace attacca::engine
