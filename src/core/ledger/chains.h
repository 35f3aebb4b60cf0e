// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "core/job/ids.h"
#include "core/ledger/fault.h"
#include "core/ledger/profile.h"

// The chains of all entities, followed record by record: genesis, contiguous eseq, prev, one
// tenant, nothing after the end.
//
// Memory: a head for each live entity, and 16 bytes for each job that ended. All containers are
// ordered, so that nothing depends on the order of a hash table and no choice of ids can slow it.

namespace attacca::core {

// The jobs that ended: sorted runs, each at least twice as long as the next, and the newest few in
// a set. Ids ascend in time, so that most questions are answered by a run's last id.
class EndedJobs {
  public:
    void add(const JobId& id);
    [[nodiscard]] bool contains(const JobId& id) const;
    [[nodiscard]] std::uint64_t size() const { return size_; }

  private:
    std::vector<std::vector<JobId>> runs_;
    std::set<JobId> newest_;
    std::uint64_t size_ = 0;
};

class Chains {
  public:
    // Follows the next record; `link` is its leaf hash. A fault is reported once: the chain goes on
    // from this record as if it were right.
    [[nodiscard]] std::optional<Fault> follow(const RecordHeader& header, const Sha256& link);

    // The record before this one of its entity is pruned, and `prev` is its hash: the caller knows.
    void resume(const RecordHeader& header);

    // Entities seen, live or ended.
    [[nodiscard]] std::uint64_t entities() const {
        return jobs_.size() + ended_jobs_.size() + named_.size();
    }

  private:
    struct Head {
        std::uint64_t next_eseq = 0;
        Sha256 link;
        std::uint32_t tenant = 0;  // position in tenants_
        bool is_ended = false;
    };

    [[nodiscard]] std::optional<Fault> advance(Head& head,
                                               const RecordHeader& header,
                                               const Sha256& link);
    [[nodiscard]] std::uint32_t tenant_number(std::string_view tenant);

    std::map<JobId, Head> jobs_;
    EndedJobs ended_jobs_;
    std::map<std::string, Head, std::less<>> named_;
    std::map<std::string, std::uint32_t, std::less<>> tenants_;
};

}  // namespace attacca::core
