// SPDX-License-Identifier: Apache-2.0
#include "engine/evidence.h"

#include <optional>
#include <utility>

#include "base/check.h"
#include "core/ledger/proof_text.h"
#include "engine/history.h"

namespace attacca::engine {
namespace {

core::Tree::TileReader stored_tiles(ports::StoreReader& reader) {
    return [&reader](std::uint32_t level, std::uint64_t index) -> Result<std::string> {
        ATTACCA_TRY(std::optional<ports::Tile> tile, reader.tile(level, index));
        if (!tile || tile->hashes.size() != core::tile_bytes) {
            return fail(Problem::corrupt, "tile " + std::to_string(level) + "/" +
                                              std::to_string(index) + " is missing or cut short");
        }
        return std::move(tile->hashes);
    };
}

}  // namespace

Evidence::Evidence(ports::StoreReader& reader, std::shared_ptr<const SignedTree> signed_tree)
    : reader_(reader),
      signed_(std::move(signed_tree)),
      hashes_(signed_->tree, stored_tiles(reader)) {}

Result<std::vector<Sha256>> Evidence::path(std::uint64_t gseq) {
    if (gseq >= size()) {
        return fail(Problem::not_found, "there is no record " + std::to_string(gseq));
    }
    return core::inclusion_proof(hashes_, gseq, size());
}

Result<std::string> Evidence::receipt(std::uint64_t gseq) {
    ATTACCA_TRY(std::vector<Sha256> hashes, path(gseq));
    return core::format_receipt({gseq, std::move(hashes), signed_->note});
}

Result<std::string> Evidence::extension(std::uint64_t old_size) {
    if (old_size > size()) {
        return fail(Problem::not_found,
                    "the ledger has " + std::to_string(size()) + " records, not yet " +
                        std::to_string(old_size));
    }
    ATTACCA_TRY(std::vector<Sha256> hashes, core::consistency_proof(hashes_, old_size, size()));
    return core::format_extension({old_size, std::move(hashes), signed_->note});
}

// `count` is how many hashes or records the level has in all.
Result<void> Evidence::check_tile(std::uint64_t count,
                                  std::uint64_t index,
                                  std::uint32_t width) const {
    ATTACCA_CHECK(width >= 1 && width <= core::tile_width);
    const bool is_there = index <= count / core::tile_width &&
                          index * core::tile_width + width <= count;
    return is_there ? Result<void>()
                    : Result<void>(fail(Problem::not_found, "the tree has no such tile yet"));
}

Result<std::string> Evidence::tile(std::uint32_t level, std::uint64_t index, std::uint32_t width) {
    const std::uint32_t height = level * core::tile_height;
    const std::uint64_t count = height < 64 ? size() >> height : 0;
    if (Result<void> done = check_tile(count, index, width); !done) {
        return done.error();
    }
    if (index == count / core::tile_width) {
        return std::string(signed_->tree.edge(level).substr(0, width * core::hash_bytes));
    }
    ATTACCA_TRY(std::string hashes, stored_tiles(reader_)(level, index));
    hashes.resize(width * core::hash_bytes);
    return hashes;
}

Result<std::string> Evidence::entries(std::uint64_t index, std::uint32_t width) {
    if (Result<void> done = check_tile(size(), index, width); !done) {
        return done.error();
    }
    const std::uint64_t end = index * core::tile_width + width;
    std::string bundle;
    for (std::uint64_t gseq = index * core::tile_width; gseq < end;) {
        ATTACCA_TRY(const auto batch, reader_.batch_of(gseq));
        if (batch == nullptr) {
            return fail(Problem::corrupt, "record " + std::to_string(gseq) + " is missing");
        }
        ATTACCA_TRY(const auto records, split_records(*batch));
        for (std::uint64_t i = gseq - batch->first_gseq; i < records.size() && gseq < end; ++i) {
            append_u16(bundle, static_cast<std::uint16_t>(records[i].size()));
            bundle += records[i];
            ++gseq;
        }
    }
    return bundle;
}

}  // namespace attacca::engine
