// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "core/ledger/entity_verify.h"
#include "engine/signed_tree.h"
#include "ports/content.h"
#include "ports/store.h"

// One entity's whole evidence, checked against the newest signed state: for the API and the command
// line. Everything is read and hashed again, the files that its records name too.

namespace attacca::engine {

struct EntityCheck {
    core::EntitySummary summary;
    core::Checkpoint checkpoint;
    std::vector<std::string> signatures;  // names of the keys whose lines the checkpoint has
    std::string assurance;                // of its newest signed record: assurance.h
    core::Verdict verdict = core::Verdict::good;
    std::vector<core::Failure> failures;  // at most failures_kept
    std::uint64_t failures_omitted = 0;
    std::uint64_t unsigned_records = 0;  // of the entity, beyond the checkpoint
    std::uint64_t not_understood = 0;    // records of another version: what they name is not known
};
inline constexpr std::size_t failures_kept = 100;

// `last_gseq` is where the entity's chain ends. What is wrong with the evidence is in the answer.
// Errors: io_error; corrupt, when the index of records cannot be followed.
[[nodiscard]] Result<EntityCheck> check_entity(ports::StoreReader& reader,
                                               const ports::Content& content,
                                               std::shared_ptr<const SignedTree> signed_tree,
                                               std::string_view entity,
                                               std::uint64_t last_gseq);

// {ok, entity, records, …, checks: [{name, ok}], failures: [{code, gseq, detail}]}
[[nodiscard]] Json json_of(const EntityCheck& check);

}  // namespace attacca::engine
