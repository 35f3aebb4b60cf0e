// SPDX-License-Identifier: Apache-2.0
#include "engine/assurance.h"

#include <optional>
#include <variant>

#include "core/job/timestamp_record.h"
#include "core/ledger/codec.h"
#include "engine/history.h"

namespace attacca::engine {
namespace {

// The size of the checkpoint that was stamped last; 0 when none was.
Result<std::uint64_t> stamped_size(ports::StoreReader& reader) {
    ATTACCA_TRY(const std::optional<ports::EntityHead> head,
                reader.entity(core::timestamps_entity));
    if (!head) {
        return std::uint64_t{0};
    }
    ATTACCA_TRY(const std::string bytes, record_bytes(reader, head->last_gseq));
    ATTACCA_TRY(const core::StoredRecord stored, core::decode_record(bytes));
    const auto* stamp = std::get_if<core::AnchorTimestamped>(&stored.record.payload);
    return stamp == nullptr ? std::uint64_t{0} : stamp->size;
}

}  // namespace

Result<std::string> assurance_of(ports::StoreReader& reader, const SignedTree& signed_tree,
                                 std::uint64_t gseq) {
    ATTACCA_TRY(const std::uint64_t stamped, stamped_size(reader));
    std::string level = signed_tree.is_witnessed ? "L3 witnessed" : "L1 signed";
    return gseq < stamped ? level + ", L4 timestamped" : level;
}

}  // namespace attacca::engine
