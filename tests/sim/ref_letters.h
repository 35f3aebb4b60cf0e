// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "core/registry.h"
#include "invariants/violations.h"
#include "marks.h"
#include "reference.h"

// The reference model of dead letters, told from durable records (I16): a job that failed with a
// parked node leaves exactly one, and that is closed once.

namespace attacca::sim {

class RefLetters {
  public:
    RefLetters(Violations& violations, Marks& marks) : violations_(violations), marks_(marks) {}

    // Jobs whose letters are open, with their tenants.
    [[nodiscard]] const std::map<core::JobId, std::string>& open() const { return open_; }

    using JobOf = std::function<const RefJob*(const core::JobId&)>;
    // A durable record of a dead letter.
    void take(const core::Record& record, const JobOf& job_of);
    // A job was made; here that is a replay exactly when it says what it is made of.
    void created(const core::JobId& job, const std::optional<core::JobId>& retry_of);
    // The job's nodes are final, and it ends so; `is_limited`: its tenant has limits of new jobs.
    void check_end(const RefJob& job, const core::JobEnded& ended, bool is_limited);
    [[nodiscard]] bool has(const core::JobId& job) const { return known_.contains(job); }
    // At the end of a batch: each job that was made of a letter has closed it.
    void check_replays();
    void check_state(const core::Registry& registry) const;

  private:
    void add(const core::Record& record, const core::DeadLettered& what, const RefJob* job);
    void close(const core::JobId& job);
    void report(const std::string& what) { violations_.report("I16", what); }

    Violations& violations_;
    Marks& marks_;
    std::map<core::JobId, std::string> open_;
    std::set<core::JobId> known_;                     // that ever had a letter
    std::map<core::JobId, core::JobId> replays_;      // of the batch at hand: new job, old job
};

}  // namespace attacca::sim
