// SPDX-License-Identifier: Apache-2.0
#include "engine/definitions.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "engine/unsealing.h"

namespace attacca::engine {
namespace {

// At least this many are kept before entries that no live job uses are dropped.
constexpr std::size_t interned_min = 4096;

}  // namespace

void Definitions::know(std::shared_ptr<const core::Definition>& definition) {
    const auto [it, is_added] = interned_.try_emplace(definition->digest);
    if (is_added) {
        it->second.definition = definition;
    } else {
        definition = it->second.definition;
    }
}

void Definitions::know_command(core::Command& command) {
    if (auto* submit = std::get_if<core::SubmitJobs>(&command)) {
        for (core::NewJob& job : submit->jobs) {
            know(job.definition);
        }
    } else if (auto* apply = std::get_if<core::ApplyWorkflow>(&command)) {
        know(apply->definition);
    } else if (auto* set = std::get_if<core::SetSchedule>(&command);
               set != nullptr && set->definition != nullptr) {
        know(set->definition);
    } else {
        return;
    }
    make_room();
}

void Definitions::make_room() {
    if (interned_.size() <= std::max(interned_min, 2 * used_)) {
        return;
    }
    for (auto it = interned_.begin(); it != interned_.end();) {
        const bool is_unused = it->second.definition.use_count() == 1;
        it = is_unused ? interned_.erase(it) : std::next(it);
    }
    used_ = interned_.size();
}

bool Definitions::is_stored(const Sha256& digest) const {
    const auto it = interned_.find(digest);
    return it != interned_.end() && it->second.is_stored;
}

void Definitions::note_stored(const Sha256& digest) {
    const auto it = interned_.find(digest);
    if (it != interned_.end()) {
        it->second.is_stored = true;
    }
}

void Definitions::forget_stored(const Sha256& digest) {
    const auto it = interned_.find(digest);
    if (it != interned_.end()) {
        it->second.is_stored = false;
    }
}

Result<std::shared_ptr<const core::Definition>> Definitions::definition(const Sha256& digest) {
    const auto it = interned_.find(digest);
    if (it != interned_.end()) {
        return it->second.definition;
    }
    // What comes with the command itself (a child job's) is not stored yet.
    const bool is_new = bodies_ != nullptr &&
                        std::any_of(bodies_->begin(), bodies_->end(), [&](const core::Body& one) {
                            return one.digest == digest;
                        });
    ATTACCA_TRY(const std::string body, text(digest));
    ATTACCA_TRY(core::Definition loaded, core::load_definition(body));
    auto shared = std::make_shared<const core::Definition>(std::move(loaded));
    interned_[digest] = Entry{shared, !is_new};
    make_room();
    return shared;
}

Result<std::string> Definitions::text(const Sha256& digest) {
    if (bodies_ != nullptr) {
        for (const core::Body& body : *bodies_) {
            if (body.digest == digest) {
                return opened(body.bytes, keys_);
            }
        }
    }
    ATTACCA_TRY(std::optional<std::string> stored, reader_.body(digest));
    if (!stored) {
        return fail(Problem::corrupt, "the body " + hex(digest) + " is missing");
    }
    return opened(std::move(*stored), keys_);
}

Result<core::SealKey> Definitions::seal_key(const core::JobId& job) {
    return keys_ == nullptr ? Bodies::seal_key(job) : keys_->load(job);
}

}  // namespace attacca::engine
