// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "core/job/attempt_spec.h"
#include "core/job/ids.h"
#include "core/reservation/reservation.h"

// The commands of workers outside the server, and what they are answered. Part of command.h.

namespace attacca::core {

// How long a lease lasts without a heartbeat; local ones renew while the process lives.
inline constexpr std::int64_t local_ttl_ms = 30000;

// The first task that waits in one of the lanes, as a lease for this worker. The engine decides it
// again until there are `max` leases, and keeps it waiting while there is none.
struct Claim {
    std::string tenant;
    std::string actor;
    std::vector<std::string> lanes;  // the first one that has work is served
    std::vector<std::string> capabilities = {};  // what the worker has: ascending, each once
    std::string worker;
    std::uint32_t max = 1;
    std::int64_t ttl_ms = local_ttl_ms;
    Duration wait;
};
// An attempt at a worker, by the names that its lease gave.
struct AttemptName {
    JobId job;
    std::string node;
    std::optional<std::uint32_t> item;
    std::uint32_t attempt = 1;
    FenceToken fence;
};
struct Heartbeat {
    AttemptName attempt;
    std::string tenant;
};
// `report` without job, instance and fence: those are in the name.
struct ReportTask {
    AttemptName attempt;
    std::string tenant;
    std::string actor;
    AttemptReport report;
    std::uint64_t seed = 0;
};
// The workers of a tenant: who holds leases, who waits, and what lanes are kept.
struct ListWorkers {
    std::string tenant;
};
// Claims that wait are answered with nothing, and later ones do not wait: the edge is closing.
struct EndClaims {};

// --- Answers ---

// What a worker is told about an attempt that it claimed.
struct LeaseOffer {
    AttemptName attempt;
    std::string lane;
    std::vector<std::string> capabilities;
    std::string job_name;
    std::string item_key;
    std::int64_t ttl_ms = 0;
    std::optional<Duration> timeout;
    bool stays = false;
    std::string spec;  // JSON text
};
struct Leased {
    std::vector<LeaseOffer> offers;
};
struct Alive {
    bool must_stop = false;  // the job is being cancelled, or was paused at once
    std::int64_t ttl_ms = 0;
};
struct WorkerList {
    struct Held {
        AttemptName attempt;
        std::string worker;
        std::string lane;
        WallTime started_at;
        Duration left;  // until it expires without a heartbeat
    };
    struct Waiting {
        std::string worker;
        std::vector<std::string> lanes;
        std::vector<std::string> capabilities = {};
    };
    std::vector<Held> held;        // by worker
    std::vector<Waiting> waiting;  // in the order in which they will be served
    std::vector<Reservation> kept = {};  // lanes, by name
};

}  // namespace attacca::core
