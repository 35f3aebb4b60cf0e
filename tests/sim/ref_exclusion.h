// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "invariants/violations.h"
#include "reference.h"

// The reference model of concurrency keys and locks, from durable records alone.
//
// I23: of a tenant's jobs with one key one has started and not ended, and nobody overtakes who came
// before; of its attempts with one lock one is open.

namespace attacca::sim {

using TenantsName = std::pair<std::string, std::string>;

class RefExclusion {
  public:
    // `is_at_once`: it asked for no later time.
    void created(Violations& violations, const TenantsName& key, const RefJob& job,
                 bool is_at_once, WallTime at) {
        if (key.second != key_text(*job.blueprint)) {
            violations.report("I23", "a job was made with the key `" + key.second + "`");
        }
        if (!key.second.empty()) {
            keys_[key].push_back({&job, at, is_at_once});
        }
    }
    // Its first attempt started.
    void begun(Violations& violations, const std::string& tenant, const RefJob& job) {
        std::vector<Member>& members = members_of(tenant, job);
        const auto own = find(members, job);
        for (const Member& other : members) {
            if (other.job != &job && other.job->is_started) {
                violations.report("I23", "two jobs with the key " + key_text(*job.blueprint) +
                                             " run at the same time");
            }
            if (other.job != &job && other.is_in_line && own->is_in_line && other.at < own->at) {
                violations.report("I23", "a job overtook another one with its key");
            }
        }
    }
    // Cancelled before it began: it is no longer in line.
    void gave_up(const std::string& tenant, const RefJob& job) {
        std::vector<Member>& members = members_of(tenant, job);
        if (const auto own = find(members, job); own != members.end()) {
            own->is_in_line = false;
        }
    }
    void left(const std::string& tenant, const RefJob& job) {
        std::vector<Member>& members = members_of(tenant, job);
        std::erase_if(members, [&](const Member& member) { return member.job == &job; });
    }

    void started(Violations& violations, const TenantsName& lock, std::uint64_t fence,
                 const std::string& expected) {
        if (lock.second != expected) {
            violations.report("I23", "an attempt takes the lock `" + lock.second + "`");
        }
        if (lock.second.empty()) {
            return;
        }
        for (const auto& [other, held] : locks_) {
            if (held == lock) {
                violations.report("I23", "two attempts hold the lock " + lock.second);
            }
        }
        locks_[fence] = lock;
    }
    void ended(std::uint64_t fence) { locks_.erase(fence); }
    // How many attempts hold a lock.
    [[nodiscard]] std::size_t held() const { return locks_.size(); }

  private:
    struct Member {
        const RefJob* job = nullptr;
        WallTime at;
        bool is_in_line = true;
    };

    std::vector<Member>& members_of(const std::string& tenant, const RefJob& job) {
        return keys_[{tenant, key_text(*job.blueprint)}];
    }
    static std::vector<Member>::iterator find(std::vector<Member>& members, const RefJob& job) {
        return std::find_if(members.begin(), members.end(),
                            [&](const Member& member) { return member.job == &job; });
    }

    std::map<TenantsName, std::vector<Member>> keys_;  // of live jobs
    std::map<std::uint64_t, TenantsName> locks_;       // by the fence tokens of open attempts
};

}  // namespace attacca::sim
