// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>
#include <variant>
#include <vector>

#include "engine/host.h"

// The keys of sealed jobs in their order: a key is durable before its job is asked for, and is
// destroyed only when the record of the erasure is.

namespace attacca::engine {
namespace {

// Those whose jobs were not made: refused, or an earlier request with the same key had made them.
void take_back(ports::SealKeys& keys, const std::vector<core::JobId>& made,
               const core::Answer& given) {
    const core::Submitted* submitted = given ? std::get_if<core::Submitted>(&*given) : nullptr;
    for (const core::JobId& job : made) {
        const bool is_kept =
            submitted != nullptr &&
            std::find(submitted->ids.begin(), submitted->ids.end(), job) != submitted->ids.end();
        if (!is_kept) {
            (void)keys.destroy(job);  // else the next start does
        }
    }
}

}  // namespace

Result<AnswerHandler> Host::with_keys(core::Command& command, AnswerHandler handler) {
    ports::SealKeys* const keys = options_.engine.seal_keys;
    if (const auto* erase = std::get_if<core::EraseJob>(&command); erase && keys != nullptr) {
        return AnswerHandler([keys, job = erase->job,
                              handler = std::move(handler)](core::Answer given) {
            const Result<void> destroyed = given ? keys->destroy(job) : Result<void>();
            handler(destroyed ? std::move(given) : core::Answer(destroyed.error()));
        });
    }
    auto* const submit = std::get_if<core::SubmitJobs>(&command);
    if (submit == nullptr) {
        return handler;
    }
    std::vector<core::JobId> made;
    for (core::NewJob& job : submit->jobs) {
        if (!job.definition->is_sealed) {
            continue;
        }
        Result<core::SealKey> key =
            keys == nullptr ? Result<core::SealKey>(fail(Problem::not_supported,
                                                         "no job can be sealed here"))
                            : keys->create(job.id);
        if (!key) {
            if (keys != nullptr) {
                take_back(*keys, made, key.error());
            }
            return key.error();
        }
        made.push_back(job.id);
        job.seal = std::move(*key);
    }
    if (made.empty()) {
        return handler;
    }
    return AnswerHandler([keys, made = std::move(made),
                          handler = std::move(handler)](core::Answer given) {
        take_back(*keys, made, given);
        handler(std::move(given));
    });
}

Result<void> Host::destroy_erased_keys() {
    ports::SealKeys* const keys = options_.engine.seal_keys;
    if (keys == nullptr) {
        return {};
    }
    ATTACCA_TRY(const std::vector<core::JobId> jobs, keys->list());
    for (const core::JobId& job : jobs) {
        const core::Erasure* erasure = engine_->state().registry.erasure(job);
        if (erasure != nullptr && erasure->erased_at) {
            if (Result<void> done = keys->destroy(job); !done) {
                return done;
            }
        }
    }
    return {};
}

}  // namespace attacca::engine
