// SPDX-License-Identifier: Apache-2.0
#include "core/job/why.h"

#include "base/check.h"

namespace attacca::core {

std::string_view name_of(WaitCause cause) {
    switch (cause) {
        case WaitCause::paused: return "paused";
        case WaitCause::scheduled: return "scheduled";
        case WaitCause::concurrency_key: return "concurrency-key";
        case WaitCause::dependency: return "dependency";
        case WaitCause::items: return "items";
        case WaitCause::map_parallel: return "map-parallel";
        case WaitCause::job_parallel: return "job-parallel";
        case WaitCause::tenant_concurrency: return "tenant-concurrency";
        case WaitCause::tenant_rate: return "tenant-rate";
        case WaitCause::tenant_slot_time: return "tenant-slot-seconds";
        case WaitCause::lock: return "lock";
        case WaitCause::slot: return "slot";
        case WaitCause::lane: return "lane";
        case WaitCause::breaker: return "breaker";
        case WaitCause::retry: return "retry";
        case WaitCause::time: return "time";
        case WaitCause::person: return "approval";
        case WaitCause::child: return "child-job";
    }
    ATTACCA_CHECK(false);
}

std::string_view release_of(WaitCause cause) {
    switch (cause) {
        case WaitCause::paused: return "resuming the job";
        case WaitCause::scheduled: return "the job's scheduled_at";
        case WaitCause::concurrency_key: return "the end of the job that holds the key";
        case WaitCause::dependency: return "the end of the nodes that it needs";
        case WaitCause::items: return "the end of the map's items";
        case WaitCause::map_parallel: return "the end of another item of the map";
        case WaitCause::job_parallel: return "the end of another attempt of the job";
        case WaitCause::tenant_concurrency: return "the end of an attempt of the tenant";
        case WaitCause::tenant_rate: return "the instant at which the tenant's rate has room";
        case WaitCause::tenant_slot_time: return "the end of the day (UTC), or a larger quota";
        case WaitCause::lock: return "the end of the attempt that holds the lock";
        case WaitCause::slot: return "a free slot, when its turn comes";
        case WaitCause::lane: return "a worker that claims from the lane";
        case WaitCause::breaker: return "its breaker, when a probe succeeds or somebody closes it";
        case WaitCause::retry: return "the instant of the next attempt";
        case WaitCause::time: return "the instant that the node waits for";
        case WaitCause::person: return "a person who approves or rejects";
        case WaitCause::child: return "the end of the job that the node made";
    }
    ATTACCA_CHECK(false);
}

}  // namespace attacca::core
