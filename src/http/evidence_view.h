// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "engine/evidence.h"
#include "http/api.h"

// What the handlers of evidence have in common: the signed state that they answer from, and whose
// records the caller may see.

namespace attacca::http {

// Errors: unavailable, before anything is signed.
[[nodiscard]] Result<engine::Evidence> evidence_of(const Api& api);

// The record's bytes. Errors: not_found, also for a text that is no position, for a record that no
// signature covers yet, and for one of another tenant.
[[nodiscard]] Result<std::string> visible_record(const Api& api, const Call& call,
                                                 std::string_view gseq);

// Whether the caller may see records of this tenant; those of the server itself are everybody's
// who may see the server.
[[nodiscard]] bool may_see(const Call& call, std::string_view tenant);

// The value of a `Link` header: where the receipt of a job's record number `eseq` is.
[[nodiscard]] std::string receipt_link(const core::JobId& id, std::uint64_t eseq);

// The same of the newest record of a job, or of what has a name of its own: its chain covers all
// before it. For answers that would have to read to know a number.
[[nodiscard]] Header newest_receipt(std::string_view entity);

// The receipt of the job's first record as a JSON object, for the answer that created it:
// {gseq, eseq, link, prev, checkpoint, proof, record, assurance}.
// Errors: corrupt, io_error, unavailable.
[[nodiscard]] Result<std::string> receipt_member(const Api& api, const ports::JobRow& row);

// An entity by its name: `job/ID`, a job's bare id, or another one's name.
struct EntityEnd {
    std::string name;
    std::string tenant;
    std::uint64_t last_gseq = 0;
};
// Errors: not_found, also for an entity of another tenant.
[[nodiscard]] Result<EntityEnd> find_entity(const Api& api, const Call& call,
                                            std::string_view name);

}  // namespace attacca::http
