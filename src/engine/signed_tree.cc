// SPDX-License-Identifier: Apache-2.0
#include "engine/signed_tree.h"

#include <optional>
#include <utility>

#include "core/ledger/hash.h"
#include "engine/history.h"
#include "engine/ledger_keys.h"

namespace attacca::engine {

// Only full tiles are stored: the hashes of the right edge come from the records' own bytes. Of a
// size that was the newest once the tile is full by now, and stays when the words go.
Result<core::Tree> load_tree(ports::StoreReader& reader, std::uint64_t size) {
    const std::uint64_t tiled = size / core::tile_width * core::tile_width;
    ATTACCA_TRY(
        core::Tree tree,
        core::Tree::from_tiles(
            tiled, [&](std::uint32_t level, std::uint64_t index) -> Result<std::string> {
                ATTACCA_TRY(std::optional<ports::Tile> tile, reader.tile(level, index));
                if (!tile) {
                    return fail(Problem::corrupt, "a tile of the ledger's tree is missing");
                }
                return std::move(tile->hashes);
            }));
    if (tree.size() < size) {
        ATTACCA_TRY(const std::optional<ports::Tile> tile,
                    reader.tile(0, tiled / core::tile_width));
        if (tile && tile->hashes.size() != core::tile_bytes) {
            return fail(Problem::corrupt, "a tile of the ledger's tree has a wrong length");
        }
        while (tile && tree.size() < size) {
            tree.append(core::hash_at(tile->hashes, tree.size() - tiled));
        }
    }
    while (tree.size() < size) {
        ATTACCA_TRY(const auto batch, reader.batch_of(tree.size()));
        if (batch == nullptr) {
            return fail(Problem::corrupt, "the ledger's last records are missing");
        }
        ATTACCA_TRY(const auto records, split_records(*batch));
        for (std::uint64_t i = tree.size() - batch->first_gseq;
             i < records.size() && tree.size() < size; ++i) {
            tree.append(core::leaf_hash(records[i]));
        }
    }
    (void)tree.take_full_tiles();
    return tree;
}

Result<std::shared_ptr<const SignedTree>> load_signed_tree(ports::StoreReader& reader,
                                                           const core::NoteKey& key) {
    ATTACCA_TRY(const ports::LedgerTail tail, reader.tail());
    if (!tail.checkpoint) {
        return std::shared_ptr<const SignedTree>();
    }
    ATTACCA_TRY(const core::CheckpointNote note, core::parse_checkpoint(tail.checkpoint->note));
    ATTACCA_TRY(const core::NoteTrust trust, trust_of(note, key, reader));
    if (trust != core::NoteTrust::good) {
        return fail(Problem::corrupt, "no key of the ledger signed its newest checkpoint");
    }
    const core::Checkpoint& opened = note.checkpoint;
    ATTACCA_TRY(core::Tree tree, load_tree(reader, opened.size));
    if (tree.root() != opened.root) {
        return fail(Problem::corrupt, "the records do not give the root that was signed");
    }
    return std::make_shared<const SignedTree>(
        SignedTree{key, tail.checkpoint->note, std::move(tree)});
}

}  // namespace attacca::engine
