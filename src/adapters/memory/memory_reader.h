// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "adapters/memory/memory_store.h"

// The reading half of MemoryStore. It is owned by its store and locks it in every call.

namespace attacca::memory {

class MemoryStore::Reader final : public ports::StoreReader {
  public:
    explicit Reader(const MemoryStore& store) : store_(store) {}

    [[nodiscard]] Result<ports::LedgerTail> tail() override;
    [[nodiscard]] Result<std::shared_ptr<const ports::LedgerBatch>> batch_of(
        std::uint64_t gseq) override;
    [[nodiscard]] Result<std::optional<ports::Tile>> tile(std::uint32_t level,
                                                          std::uint64_t index) override;
    [[nodiscard]] Result<std::vector<ports::SignedCheckpoint>> checkpoints(
        std::uint64_t after, std::size_t limit) override;
    [[nodiscard]] Result<std::optional<ports::JobRow>> job(const core::JobId& id) override;
    [[nodiscard]] Result<std::vector<ports::NodeChunk>> chunks(const core::JobId& id) override;
    [[nodiscard]] Result<ports::JobPage> jobs(const ports::JobFilter& filter) override;
    [[nodiscard]] Result<std::vector<ports::JobRow>> live_jobs(
        const core::JobId& from,
        const std::function<void(std::string, std::string)>& undecodable) override;
    [[nodiscard]] Result<std::optional<std::string>> body(const Sha256& digest) override;
    [[nodiscard]] Result<std::vector<core::BodySize>> bodies_after(const Sha256& after,
                                                                   std::size_t limit) override;
    [[nodiscard]] Result<std::vector<ports::EntityHead>> entities() override;
    [[nodiscard]] Result<std::vector<ports::EntityHead>> entities_below(
        const std::string& prefix,
        const std::string& after,
        std::size_t limit) override;
    [[nodiscard]] Result<std::optional<ports::EntityHead>> entity(
        const std::string& name) override;
    [[nodiscard]] Result<std::optional<ports::IdempotencyRow>> key(
        const Sha256& key_hash) override;
    [[nodiscard]] Result<std::optional<ports::TenantRow>> tenant(const std::string& name) override;
    [[nodiscard]] Result<std::vector<ports::TenantRow>> tenants() override;
    [[nodiscard]] Result<core::FairLedger> fair_ledger() override;

  private:
    const MemoryStore& store_;
};

}  // namespace attacca::memory
