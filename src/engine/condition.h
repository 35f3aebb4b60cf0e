// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/job/ids.h"

// What the caller of a command wants an entity to be when the command is decided: so he changes
// what he has seen, and not what somebody else made of it meanwhile (RFC 9110, 13.1).

namespace attacca::engine {

struct Condition {
    std::optional<core::JobId> job = {};  // the entity: a job,
    std::string entity = {};              // or what has this name in the ledger
    bool wants_match = true;              // false: it is none of what follows
    bool is_any = false;                  // it exists, in any version
    std::vector<std::uint64_t> versions = {};  // it is one of these: the eseq of its last record

    // `version` of the entity; nothing when there is none.
    [[nodiscard]] bool is_met_by(std::optional<std::uint64_t> version) const {
        const bool is_among =
            version && (is_any || std::find(versions.begin(), versions.end(), *version) !=
                                      versions.end());
        return is_among == wants_match;
    }
};

inline constexpr const char* unmet_hint =
    "the resource is not what `If-Match` or `If-None-Match` asks for; nothing was changed. Read it "
    "again";

}  // namespace attacca::engine
