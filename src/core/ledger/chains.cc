// SPDX-License-Identifier: Apache-2.0
#include "core/ledger/chains.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "core/ledger/hash.h"

namespace attacca::core {
namespace {

constexpr std::size_t newest_max = 4096;
constexpr std::string_view job_prefix = "job/";

std::optional<JobId> job_of(std::string_view entity) {
    if (entity.substr(0, job_prefix.size()) != job_prefix) {
        return std::nullopt;
    }
    const std::optional<Uuid> uuid = Uuid::parse(entity.substr(job_prefix.size()));
    return uuid ? std::optional(JobId{*uuid}) : std::nullopt;
}

}  // namespace

void EndedJobs::add(const JobId& id) {
    if (contains(id)) {
        return;
    }
    ++size_;
    newest_.insert(newest_.end(), id);  // ids ascend in time, and so do most ends
    if (newest_.size() < newest_max) {
        return;
    }
    std::vector<JobId> run(newest_.begin(), newest_.end());
    newest_.clear();
    // Each id is merged O(log n) times in all.
    while (!runs_.empty() && runs_.back().size() < 2 * run.size()) {
        std::vector<JobId> merged;
        merged.reserve(run.size() + runs_.back().size());
        std::merge(run.begin(), run.end(), runs_.back().begin(), runs_.back().end(),
                   std::back_inserter(merged));
        runs_.pop_back();
        run = std::move(merged);
    }
    runs_.push_back(std::move(run));
}

bool EndedJobs::contains(const JobId& id) const {
    const bool may_be_newest = !newest_.empty() && !(*newest_.rbegin() < id);
    return (may_be_newest && newest_.contains(id)) ||
           std::any_of(runs_.begin(), runs_.end(), [&id](const std::vector<JobId>& run) {
               return !(run.back() < id) && std::binary_search(run.begin(), run.end(), id);
           });
}

std::uint32_t Chains::tenant_number(std::string_view tenant) {
    const auto it = tenants_.find(tenant);
    if (it != tenants_.end()) {
        return it->second;
    }
    const auto number = static_cast<std::uint32_t>(tenants_.size());
    tenants_.emplace(tenant, number);
    return number;
}

std::optional<Fault> Chains::follow(const RecordHeader& header, const Sha256& link) {
    const std::optional<JobId> job = job_of(header.entity);
    if (!job) {
        auto it = named_.find(header.entity);
        if (it == named_.end()) {
            it = named_.emplace(header.entity, Head{}).first;
        }
        const std::optional<Fault> fault = advance(it->second, header, link);
        it->second.is_ended = it->second.is_ended || header.is_final;
        return fault;
    }
    auto it = jobs_.lower_bound(*job);
    if (it == jobs_.end() || it->first != *job) {
        if (ended_jobs_.contains(*job)) {
            return Fault::final;
        }
        it = jobs_.emplace_hint(it, *job, Head{});
    }
    const std::optional<Fault> fault = advance(it->second, header, link);
    if (header.is_final) {
        jobs_.erase(it);
        ended_jobs_.add(*job);
    }
    return fault;
}

void Chains::resume(const RecordHeader& header) {
    const std::optional<JobId> job = job_of(header.entity);
    if (job && ended_jobs_.contains(*job)) {
        return;
    }
    Head& head = job ? jobs_[*job] : named_[std::string(header.entity)];
    if (header.eseq == 0 || header.eseq < head.next_eseq) {
        return;
    }
    if (head.next_eseq == 0) {
        head.tenant = tenant_number(header.tenant);
    }
    head.next_eseq = header.eseq;
    head.link = header.prev;
}

std::optional<Fault> Chains::advance(Head& head, const RecordHeader& header, const Sha256& link) {
    const std::uint32_t tenant = tenant_number(header.tenant);
    const bool is_first = head.next_eseq == 0;
    std::optional<Fault> fault;
    if (head.is_ended) {
        fault = Fault::final;
    } else if (!is_first && head.tenant != tenant) {
        fault = Fault::tenant;
    } else if (header.eseq != head.next_eseq) {
        fault = Fault::chain;
    } else {
        const Sha256 expected =
            is_first ? genesis_hash(header.origin, header.tenant, header.entity) : head.link;
        if (header.prev != expected) {
            fault = Fault::chain;
        }
    }
    if (is_first) {
        head.tenant = tenant;
    }
    head.next_eseq = header.eseq + 1;
    head.link = link;
    return fault;
}

}  // namespace attacca::core
