// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/job/record.h"
#include "core/state.h"

// What records mean for the tenant of a job: its usage, and the counts of what is live. Called by
// apply only.

namespace attacca::core {

// A new job; gives it the number of its tenant.
void account_created(State& state, Job& job, WallTime at);
// An attempt that takes a slot begins, or ends.
void account_started(State& state, const Job& job, WallTime at);
void account_ended(State& state, const Job& job, const Instance& instance, WallTime at);
void account_first_start(State& state, const Job& job);
void account_left(State& state, const Job& job);
void account_set(State& state, Tenant& tenant, const TenantSettings& settings, WallTime at);

// Tells the ready queue what the tenant may start, anew.
void limit_starts(State& state, const Tenant& tenant, WallTime at);
// The queue holds back what would start before the tenant's rate lets it; whether there is such.
bool slow_starts(State& state, const Tenant& tenant, WallTime at);

// Makes the counts of live things anew, from the live jobs.
void recount_tenants(State& state);

}  // namespace attacca::core
