// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>

#include "core/registry.h"
#include "invariants/violations.h"
#include "marks.h"
#include "reference.h"

// The reference model of holds and erasures, told from durable records (I01): what a hold covers is
// never erased, nothing is erased that lives, and what was erased once stays erased.

namespace attacca::sim {

class RefRetention {
  public:
    RefRetention(Violations& violations, Marks& marks) : violations_(violations), marks_(marks) {}

    using JobOf = std::function<const RefJob*(const core::JobId&)>;
    // A durable record; others than those of holds and erasures tell nothing.
    void take(const core::Record& record, const JobOf& job_of) {
        if (const auto* placed = std::get_if<core::HoldPlaced>(&record.payload)) {
            if (!holds_[record.tenant].emplace(placed->job, placed->matter).second) {
                report("a hold was placed twice");
            }
        } else if (const auto* released = std::get_if<core::HoldReleased>(&record.payload)) {
            if (holds_[record.tenant].erase({released->job, released->matter}) == 0) {
                report("a hold was released that did not stand");
            }
        } else if (const auto* erased = std::get_if<core::Erased>(&record.payload)) {
            marks_.hit(Mark::job_erased);
            const RefJob* job = job_of(erased->job);
            if (job == nullptr || !job->is_ended()) {
                report("a job was erased that has not ended");
            }
            if (is_held(record.tenant, erased->job)) {
                report("a job was erased under a hold");
            }
            if (!erased_.insert(erased->job).second) {
                report("a job was erased twice");
            }
        } else if (const auto* refused = std::get_if<core::EraseRefused>(&record.payload)) {
            marks_.hit(Mark::erasure_refused);
            if (!is_held(record.tenant, refused->job) || erased_.contains(refused->job)) {
                report("an erasure was refused, and no hold stands");
            }
            ++refused_[refused->job];
        }
    }

    [[nodiscard]] bool is_erased(const core::JobId& job) const { return erased_.contains(job); }
    [[nodiscard]] bool was_refused(const core::JobId& job) const { return refused_.contains(job); }
    // Of the tenant, in their order; nothing when none stands.
    using Hold = std::pair<std::optional<core::JobId>, std::string>;
    [[nodiscard]] std::optional<Hold> first_hold(const std::string& tenant) const {
        const auto holds = holds_.find(tenant);
        const bool has_one = holds != holds_.end() && !holds->second.empty();
        return has_one ? std::optional(*holds->second.begin()) : std::nullopt;
    }

    void check_state(const core::Registry& registry) const {
        for (const auto& [tenant, holds] : holds_) {
            const core::Holds& told = registry.holds(tenant);
            bool is_same = told.all().size() == holds.size();
            for (const auto& [job, matter] : holds) {
                is_same = is_same && told.find(job, matter) != nullptr;
            }
            if (!is_same) {
                report("the state's holds are not the ledger's");
            }
        }
        for (const core::JobId& job : erased_) {
            const core::Erasure* told = registry.erasure(job);
            if (told == nullptr || !told->erased_at) {
                report("the state has forgotten an erasure");
            }
        }
        for (const auto& [job, times] : refused_) {
            const core::Erasure* told = registry.erasure(job);
            if (told == nullptr || told->refused != times) {
                report("the state counts other refusals to erase than the ledger");
            }
        }
    }

    // The job, or all of the tenant.
    [[nodiscard]] bool is_held(const std::string& tenant,
                               const std::optional<core::JobId>& job) const {
        const auto holds = holds_.find(tenant);
        if (holds == holds_.end()) {
            return false;
        }
        for (const auto& [scope, matter] : holds->second) {
            if (!scope || scope == job) {
                return true;
            }
        }
        return false;
    }

  private:
    void report(const std::string& what) const { violations_.report("I01", what); }

    Violations& violations_;
    Marks& marks_;
    // By tenant: the job, or nothing for all of the tenant, and the matter.
    std::map<std::string, std::set<Hold>> holds_;
    std::set<core::JobId> erased_;
    std::map<core::JobId, std::uint32_t> refused_;
};

}  // namespace attacca::sim
