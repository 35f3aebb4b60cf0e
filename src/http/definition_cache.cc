// SPDX-License-Identifier: Apache-2.0
#include "http/definition_cache.h"

#include <optional>
#include <string>
#include <utility>

namespace attacca::http {

Result<std::shared_ptr<const core::Definition>> DefinitionCache::find(const Sha256& digest) {
    // Before the store is read: what is read now may be collected before it is remembered.
    const std::uint64_t collections = collections_ ? collections_() : 0;
    {
        const std::lock_guard lock(mutex_);
        forget_collected(collections);
        if (const auto it = index_.find(digest); it != index_.end()) {
            order_.splice(order_.begin(), order_, it->second);
            return *it->second;
        }
    }
    // Read and parsed without the lock: a large one must not hold up the others.
    ATTACCA_TRY(const std::optional<std::string> body, reader_.body(digest));
    if (!body) {
        return fail(Problem::corrupt, "the definition " + hex(digest) + " is missing");
    }
    ATTACCA_TRY(core::Definition loaded, core::load_definition(*body));
    auto definition = std::make_shared<const core::Definition>(std::move(loaded));
    const std::lock_guard lock(mutex_);
    if (collections == (collections_ ? collections_() : 0)) {
        insert(definition);
    }
    return definition;
}

void DefinitionCache::forget_collected(std::uint64_t collections) {
    if (collections > known_collections_) {
        known_collections_ = collections;
        index_.clear();
        order_.clear();
        nodes_ = 0;
    }
}

void DefinitionCache::put(std::shared_ptr<const core::Definition> definition) {
    const std::lock_guard lock(mutex_);
    insert(std::move(definition));
}

void DefinitionCache::insert(std::shared_ptr<const core::Definition> definition) {
    if (index_.contains(definition->digest)) {
        return;
    }
    nodes_ += definition->nodes.size();
    order_.push_front(std::move(definition));
    index_.emplace(order_.front()->digest, order_.begin());
    while (nodes_ > nodes_max_ && order_.size() > 1) {
        nodes_ -= order_.back()->nodes.size();
        index_.erase(order_.back()->digest);
        order_.pop_back();
    }
}

std::size_t DefinitionCache::size() const {
    const std::lock_guard lock(mutex_);
    return order_.size();
}

}  // namespace attacca::http
