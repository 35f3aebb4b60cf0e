// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/command.h"
#include "core/state.h"

// Whether new jobs of a tenant are let in. The one gate for submissions, batches and retries alike;
// what was let in is never thrown out, it waits.
//
// In this order: the rate of new jobs, the jobs and slot time of the day, the tenant's own queue,
// and last the water level (water_level.h): when too many jobs wait, only those tenants are refused
// that have more than their share of them. Who has little waiting gets in at any load. Before all
// of these, because waiting may not help: the sets of capabilities that tasks on one lane ask for.

namespace attacca::core {

// Nothing when the jobs may enter, else why not and what to do.
[[nodiscard]] std::optional<Throttled> admission_refusal(const State& state,
                                                         const Tenant& tenant,
                                                         std::span<const NewJob> jobs,
                                                         WallTime at);

// What is left of the limits of new jobs when `count` more have entered, for the answer's headers.
[[nodiscard]] std::vector<LimitNotice> notices_of(const Tenant& tenant, std::uint32_t count,
                                                  WallTime at);

// The slot time that the tenant may use on a day (UTC) is used up.
[[nodiscard]] bool is_slot_time_used_up(const Tenant& tenant, WallTime at);

}  // namespace attacca::core
