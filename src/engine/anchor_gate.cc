// SPDX-License-Identifier: Apache-2.0
#include "engine/anchor_gate.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

#include "core/ledger/origin.h"
#include "engine/history.h"
#include "engine/ledger_keys.h"
#include "engine/signed_tree.h"

namespace attacca::engine {
namespace {

constexpr const char* remedy =
    "nothing was signed and nothing recorded; bring back the newest copy of the data directory, "
    "or, if it is lost, go on with this one under a new origin: attacca evidence restore";

Error behind(const std::string& where, std::uint64_t known, std::uint64_t size) {
    return fail(Problem::rolled_back,
                where + " knows a checkpoint of " + std::to_string(known) +
                    " records, and this data directory has " + std::to_string(size) +
                    ": it is an older copy; " + remedy);
}

Error contradicts_itself(const std::string& how) {
    return fail(Problem::rolled_back,
                "this data directory contradicts itself: its newest signed checkpoint is " + how +
                    "; nothing was signed and nothing recorded, for that would cover it up; "
                    "attacca verify says where; bring back a whole copy of the data directory");
}

}  // namespace

Result<void> check_own_checkpoint(ports::StoreReader& reader, const core::NoteKey& root) {
    ATTACCA_TRY(const ports::LedgerTail tail, reader.tail());
    const Result<core::CheckpointNote> note =
        core::parse_checkpoint(tail.checkpoint ? tail.checkpoint->note : std::string());
    if (!note) {
        return {};
    }
    const core::Checkpoint& signed_tree = note->checkpoint;
    core::NoteKey key = root;
    if (core::is_former_origin(signed_tree.origin, key.name)) {
        key.name = signed_tree.origin;
    }
    const Result<core::NoteTrust> trust = trust_of(*note, key, reader);
    if (!trust || *trust != core::NoteTrust::good || signed_tree.size == 0) {
        return {};  // what cannot be told is not held against a server that wants to start
    }
    if (signed_tree.size > tail.size) {
        return contradicts_itself("of " + std::to_string(signed_tree.size) +
                                  " records, and it holds " + std::to_string(tail.size));
    }
    const auto read = reader.batch_of(signed_tree.size - 1);
    if (!read && read.error().problem == Problem::corrupt) {
        return {};  // its words are damaged; attacca verify tells
    }
    if (!read) {
        return read.error();
    }
    const ports::LedgerBatch* const batch = read->get();
    if (batch == nullptr || batch->first_gseq + batch->count != signed_tree.size ||
        batch->root != signed_tree.root) {
        return contradicts_itself("of other records than its first " +
                                  std::to_string(signed_tree.size));
    }
    return {};
}

Result<std::vector<core::LedgerRestored>> load_restores(ports::StoreReader& reader) {
    std::vector<core::LedgerRestored> restores;
    ATTACCA_TRY(const std::optional<ports::EntityHead> head, reader.entity(core::restores_entity));
    if (!head) {
        return restores;
    }
    ATTACCA_TRY(std::vector<core::StoredRecord> records, entity_history(reader, head->last_gseq));
    for (core::StoredRecord& stored : records) {
        auto* restored = std::get_if<core::LedgerRestored>(&stored.record.payload);
        if (restored == nullptr) {
            return fail(Problem::corrupt, "a record of the restores is of another type");
        }
        restores.push_back(std::move(*restored));
    }
    return restores;
}

Result<AnchorGate> AnchorGate::open(ports::StoreReader& reader, std::vector<core::NoteKey> keys) {
    AnchorGate gate(reader);
    gate.keys_ = std::move(keys);
    ATTACCA_TRY(gate.tail_, reader.tail());
    ATTACCA_TRY(gate.restores_, load_restores(reader));
    return gate;
}

// A former origin had the same keys under its own name.
core::NoteTrust AnchorGate::trust_of(const core::CheckpointNote& note) const {
    core::NoteTrust best = core::NoteTrust::other_origin;
    for (core::NoteKey key : keys_) {
        if (core::is_former_origin(note.checkpoint.origin, key.name)) {
            key.name = note.checkpoint.origin;
        }
        const core::NoteTrust trust = core::check_note(note, key);
        if (trust == core::NoteTrust::good) {
            return trust;
        }
        best = trust == core::NoteTrust::other_origin ? best : trust;
    }
    return best;
}

Result<void> AnchorGate::check(std::string_view text, const std::string& where) {
    const Result<core::CheckpointNote> note = core::parse_checkpoint(text);
    if (!note) {
        return fail(Problem::bad_configuration, where + " holds " + note.error().detail);
    }
    if (trust_of(*note) != core::NoteTrust::good) {
        return fail(Problem::bad_configuration,
                    where + " holds a checkpoint that this ledger's key did not sign, of " +
                        quoted(note->checkpoint.origin));
    }
    const core::Checkpoint& checkpoint = note->checkpoint;
    const auto restored =
        std::find_if(restores_.begin(), restores_.end(), [&](const core::LedgerRestored& one) {
            return one.former == checkpoint.origin;
        });
    if (restored == restores_.end() || checkpoint.size <= restored->kept_size) {
        return check_tree(checkpoint, where);
    }
    // Of what the restore gave up: it must have named that much, and nothing else.
    const bool is_other = checkpoint.size == restored->lost_size &&
                          checkpoint.root != restored->lost_root;
    if (checkpoint.size > restored->lost_size || is_other) {
        return fail(Problem::rolled_back,
                    where + " knows a checkpoint of " + std::to_string(checkpoint.size) +
                        " records of the former origin, which the restore did not name: it named " +
                        std::to_string(restored->lost_size) +
                        "; nothing was signed and nothing recorded");
    }
    return {};
}

Result<void> AnchorGate::check_tree(const core::Checkpoint& checkpoint, const std::string& where) {
    if (checkpoint.size > tail_.size) {
        return behind(where, checkpoint.size, tail_.size);
    }
    ATTACCA_TRY(const core::Tree tree, load_tree(reader_, checkpoint.size));
    if (tree.root() != checkpoint.root) {
        return fail(Problem::rolled_back,
                    where + " knows another history: its checkpoint of " +
                        std::to_string(checkpoint.size) +
                        " records has another root than the first records here; " + remedy);
    }
    return {};
}

Result<void> AnchorGate::check_size(std::uint64_t size, const std::string& where) const {
    return size <= tail_.size ? Result<void>() : Result<void>(behind(where, size, tail_.size));
}

}  // namespace attacca::engine
