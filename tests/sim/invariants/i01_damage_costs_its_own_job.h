// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include "durable.h"
#include "engine/recovery.h"
#include "invariants/violations.h"

// Of I01 and I08, at a start: a row or record that cannot be read costs its own job and no other,
// and each one is named; an orderly stop that waited for its attempts lost none of them.

namespace attacca::sim {

inline void check_set_aside(Violations& violations, const Durable& durable,
                            const std::vector<engine::Quarantine>& quarantined) {
    std::set<std::string> named;
    for (const engine::Quarantine& found : quarantined) {
        named.insert(found.what);
        if (!durable.is_set_aside(found.what)) {
            violations.report("I01", "set aside " + found.what + ": " + found.why);
        }
    }
    for (const core::JobId& id : durable.newly_set_aside()) {
        if (!named.contains("job/" + id.text()) && !named.contains(id.text())) {
            violations.report("I01", "job/" + id.text() + " cannot be read and was not named");
        }
    }
}

// Attempts of workers outside the server outlive it: their leases do.
inline void check_orderly_start(Violations& violations, bool has_stopped_clean,
                                std::uint32_t slots_used) {
    if (has_stopped_clean && slots_used != 0) {
        violations.report("I08", "an orderly stop left attempts that run");
    }
}

}  // namespace attacca::sim
