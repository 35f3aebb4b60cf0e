// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <utility>

#include "base/bytes.h"
#include "base/result.h"
#include "core/graph/definition.h"
#include "ports/store.h"

// Definitions by digest, parsed once: answers name nodes, and jobs mostly repeat a definition.
// Bounded by the nodes it holds; the least recently used goes first. Safe from any thread.

namespace attacca::http {

class DefinitionCache {
  public:
    static constexpr std::size_t nodes_held_max = 300'000;

    // `collections`: when it has grown, everything is forgotten, for bodies were collected.
    explicit DefinitionCache(ports::StoreReader& reader, std::size_t nodes_max = nodes_held_max,
                             std::function<std::uint64_t()> collections = {})
        : reader_(reader), nodes_max_(nodes_max), collections_(std::move(collections)) {}

    // Errors: corrupt (there is no such body, or it is no definition), io_error.
    [[nodiscard]] Result<std::shared_ptr<const core::Definition>> find(const Sha256& digest);
    void put(std::shared_ptr<const core::Definition> definition);
    [[nodiscard]] std::size_t size() const;

  private:
    struct DigestHash {
        std::size_t operator()(const Sha256& digest) const { return read_u64(digest.view(), 0); }
    };
    using Order = std::list<std::shared_ptr<const core::Definition>>;

    // Under the lock.
    void forget_collected(std::uint64_t collections);
    void insert(std::shared_ptr<const core::Definition> definition);

    ports::StoreReader& reader_;
    const std::size_t nodes_max_;
    const std::function<std::uint64_t()> collections_;
    mutable std::mutex mutex_;  // guards everything below
    Order order_;               // most recently used first
    std::unordered_map<Sha256, Order::iterator, DigestHash> index_;
    std::size_t nodes_ = 0;
    std::uint64_t known_collections_ = 0;
};

}  // namespace attacca::http
