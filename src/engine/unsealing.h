// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ports/content.h"
#include "ports/seal_keys.h"
#include "ports/store.h"

// What sealed jobs left, as it was before it was sealed.

namespace attacca::engine {

// The text itself where it is sealed, else as it is. `keys` may be null. Errors: erased, when the
// key is gone; corrupt.
[[nodiscard]] Result<std::string> opened(std::string bytes, ports::SealKeys* keys);

// The whole file. Errors: as opened(); corrupt, also when it is not what its digest says.
[[nodiscard]] Result<std::string> opened_file(const ports::Content& content,
                                              ports::SealKeys* keys,
                                              const Sha256& digest,
                                              std::uint64_t bytes);

// A store whose bodies are opened on the way. For whoever shows a job or folds its records; not for
// evidence, which is of the bytes as they are. Borrows both.
class UnsealingReader final : public ports::StoreReader {
  public:
    UnsealingReader(ports::StoreReader& reader, ports::SealKeys* keys)
        : reader_(reader), keys_(keys) {}

    [[nodiscard]] Result<std::optional<std::string>> body(const Sha256& digest) override;

    [[nodiscard]] Result<ports::LedgerTail> tail() override { return reader_.tail(); }
    [[nodiscard]] Result<std::shared_ptr<const ports::LedgerBatch>> batch_of(
        std::uint64_t gseq) override {
        return reader_.batch_of(gseq);
    }
    [[nodiscard]] Result<std::optional<ports::Tile>> tile(std::uint32_t level,
                                                          std::uint64_t index) override {
        return reader_.tile(level, index);
    }
    [[nodiscard]] Result<std::vector<ports::SignedCheckpoint>> checkpoints(
        std::uint64_t after, std::size_t limit) override {
        return reader_.checkpoints(after, limit);
    }
    [[nodiscard]] Result<std::optional<ports::JobRow>> job(const core::JobId& id) override {
        return reader_.job(id);
    }
    [[nodiscard]] Result<std::vector<ports::NodeChunk>> chunks(const core::JobId& id) override {
        return reader_.chunks(id);
    }
    [[nodiscard]] Result<ports::JobPage> jobs(const ports::JobFilter& filter) override {
        return reader_.jobs(filter);
    }
    [[nodiscard]] Result<std::vector<ports::JobRow>> live_jobs(
        const core::JobId& from,
        const std::function<void(std::string, std::string)>& undecodable) override {
        return reader_.live_jobs(from, undecodable);
    }
    [[nodiscard]] Result<std::vector<ports::EntityHead>> entities() override {
        return reader_.entities();
    }
    [[nodiscard]] Result<std::vector<ports::EntityHead>> entities_below(
        const std::string& prefix, const std::string& after, std::size_t limit) override {
        return reader_.entities_below(prefix, after, limit);
    }
    [[nodiscard]] Result<std::optional<ports::EntityHead>> entity(
        const std::string& name) override {
        return reader_.entity(name);
    }
    [[nodiscard]] Result<std::optional<ports::IdempotencyRow>> key(
        const Sha256& key_hash) override {
        return reader_.key(key_hash);
    }
    [[nodiscard]] Result<std::optional<ports::TenantRow>> tenant(
        const std::string& name) override {
        return reader_.tenant(name);
    }
    [[nodiscard]] Result<std::vector<ports::TenantRow>> tenants() override {
        return reader_.tenants();
    }

  private:
    ports::StoreReader& reader_;
    ports::SealKeys* const keys_;
};

}  // namespace attacca::engine
