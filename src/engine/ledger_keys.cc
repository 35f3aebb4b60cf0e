// SPDX-License-Identifier: Apache-2.0
#include "engine/ledger_keys.h"

#include <optional>
#include <variant>
#include <vector>

#include "engine/entity_records.h"
#include "engine/history.h"

namespace attacca::engine {

Result<core::KeyChain> load_key_chain(ports::StoreReader& reader, const core::NoteKey& root) {
    core::KeyChain chain(root);
    ATTACCA_TRY(const std::optional<ports::EntityHead> head, reader.entity(core::keys_entity));
    if (!head) {
        return chain;
    }
    ATTACCA_TRY(const std::vector<std::uint64_t> positions,
                entity_positions(reader, head->last_gseq, ports::no_gseq));
    for (const std::uint64_t gseq : positions) {
        ATTACCA_TRY(const auto batch, reader.batch_of(gseq));
        ATTACCA_TRY(const std::string bytes, record_bytes(reader, gseq));
        ATTACCA_TRY(const core::StoredRecord stored, core::decode_record(bytes));
        const auto* rotated = std::get_if<core::KeyRotated>(&stored.record.payload);
        if (rotated == nullptr || batch == nullptr) {
            return fail(Problem::corrupt, "a record of the keys is none");
        }
        if (const auto refusal = chain.add(*rotated, stored.origin, batch->first_gseq)) {
            return fail(Problem::corrupt, "record " + std::to_string(gseq) + ": " + refusal->why);
        }
    }
    return chain;
}

Result<core::NoteTrust> trust_of(const core::CheckpointNote& note,
                                 const core::NoteKey& root,
                                 ports::StoreReader& reader) {
    const core::NoteTrust own = core::check_note(note, root);
    if (own != core::NoteTrust::unsigned_by_key) {
        return own;
    }
    ATTACCA_TRY(const core::KeyChain chain, load_key_chain(reader, root));
    return chain.delegations().check(note, root);
}

}  // namespace attacca::engine
