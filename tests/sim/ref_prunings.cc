// SPDX-License-Identifier: Apache-2.0
#include "ref_prunings.h"

#include <algorithm>
#include <variant>

namespace attacca::sim {
namespace {

constexpr std::uint64_t hashes_of_tile = 256;
constexpr std::size_t batches_looked_at = 400;

// What a verifier or the law asks for in any year; told again here, without the product's list.
bool is_needed_for_ever(const core::Record& record) {
    return std::holds_alternative<core::HoldPlaced>(record.payload) ||
           std::holds_alternative<core::HoldReleased>(record.payload) ||
           std::holds_alternative<core::Erased>(record.payload) ||
           std::holds_alternative<core::EraseRefused>(record.payload) ||
           std::holds_alternative<core::EntriesPruned>(record.payload) ||
           std::holds_alternative<core::AnchorTimestamped>(record.payload) ||
           std::holds_alternative<core::KeyRotated>(record.payload) ||
           std::holds_alternative<core::LedgerRestored>(record.payload);
}

}  // namespace

void RefPrunings::take(const core::Record& record, std::uint64_t gseq, std::uint32_t job) {
    size_ = gseq + 1;
    bodies_.name(record.payload);
    if (open_.count == 0) {
        open_.first = gseq;
        open_.jobs_from = static_cast<std::uint32_t>(jobs_.size());
    }
    ++open_.count;
    if (job != core::no_index) {
        if (jobs_.size() == open_.jobs_from || jobs_.back() != job) {
            jobs_.push_back(job);
        }
        return;
    }
    open_.is_kept = open_.is_kept || is_needed_for_ever(record);
    if (open_.tenants.empty() || open_.tenants.back() != record.tenant) {
        open_.tenants.push_back(record.tenant);
    }
    if (record.entity.name == "ledger") {
        newest_of_server_ = gseq;
    }
    if (const auto* pruned = std::get_if<core::EntriesPruned>(&record.payload)) {
        take_pruning(*pruned, gseq);
    }
}

void RefPrunings::end_batch(WallTime last_at) {
    open_.last_at = last_at;
    batches_.push_back(std::move(open_));
    bodies_.end_batch();
    open_ = {};
}

std::size_t RefPrunings::batch_at(std::uint64_t gseq) const {
    const auto after = std::upper_bound(
        batches_.begin(), batches_.end(), gseq,
        [](std::uint64_t wanted, const RefBatch& batch) { return wanted < batch.first; });
    return static_cast<std::size_t>(after - batches_.begin()) - 1;
}

std::uint32_t RefPrunings::jobs_to(std::size_t batch) const {
    const bool is_last = batch + 1 == batches_.size();
    return is_last ? (open_.count == 0 ? static_cast<std::uint32_t>(jobs_.size())
                                       : open_.jobs_from)
                   : batches_[batch + 1].jobs_from;
}

const char* RefPrunings::why_kept(std::size_t number, WallTime before,
                                  std::uint64_t full_to) const {
    const RefBatch& batch = batches_[number];
    const std::uint64_t end = batch.first + batch.count;
    if (batch.is_pruned) {
        return "that were pruned before";
    }
    if (batch.is_kept) {
        return "that are needed for ever";
    }
    if (end > full_to) {
        return "whose hashes do not stand in full tiles";
    }
    if (batch.last_at >= before) {
        return "that are too young";
    }
    if (newest_of_server_ >= batch.first && newest_of_server_ < end) {
        return "of which one says how the server ended";
    }
    for (const std::string& tenant : batch.tenants) {
        if (retention_.is_held(tenant, std::nullopt)) {
            return "of a tenant that is under a hold";
        }
    }
    for (std::uint32_t i = batch.jobs_from; i < jobs_to(number); ++i) {
        const JobOf of = job_of(jobs_[i]);
        if (of.job == nullptr || !of.job->is_ended() || of.job->ended_at >= before) {
            return "of a job that lives, or has not been over for so long";
        }
        if (of.has_open_letter) {
            return "of a job whose dead letter is open";
        }
        if (retention_.is_held(*of.tenant, of.job->id)) {
            return "of a job that is under a hold";
        }
    }
    return nullptr;
}

void RefPrunings::take_pruning(const core::EntriesPruned& pruned, std::uint64_t gseq) {
    marks_.hit(Mark::entries_pruned);
    const std::uint64_t end = pruned.first + pruned.count;
    std::size_t batch = batches_.empty() ? 0 : batch_at(pruned.first);
    std::uint64_t at = pruned.first;
    while (at < end && batch < batches_.size() && batches_[batch].first == at) {
        if (const char* why = why_kept(batch, pruned.before, gseq - gseq % hashes_of_tile)) {
            violations_.report("I26", std::string("records were pruned ") + why);
            return;
        }
        batches_[batch].is_pruned = true;
        bodies_.forget(batch);
        at += batches_[batch].count;
        ++batch;
    }
    if (at != end || pruned.count == 0) {
        violations_.report("I26", "a pruning names something else than whole batches");
    }
    prunings_.push_back(pruned);
}

std::optional<core::PruneEntries> RefPrunings::look(WallTime before, std::size_t batches_max) {
    while (done_ < batches_.size() && (batches_[done_].is_pruned || batches_[done_].is_kept)) {
        ++done_;
    }
    core::PruneEntries wanted;
    wanted.range.before = before;
    const std::size_t to = std::min(batches_.size(), done_ + batches_looked_at);
    std::size_t found = 0;
    for (std::size_t i = done_; i < to && found < batches_max; ++i) {
        if (why_kept(i, before, size_ - size_ % hashes_of_tile) != nullptr) {
            if (found > 0) {
                break;
            }
            continue;
        }
        wanted.range.first = found == 0 ? batches_[i].first : wanted.range.first;
        wanted.range.count += batches_[i].count;
        ++found;
        add_names(i, wanted);
    }
    if (found == 0) {
        return std::nullopt;
    }
    std::sort(wanted.tenants.begin(), wanted.tenants.end());
    wanted.tenants.erase(std::unique(wanted.tenants.begin(), wanted.tenants.end()),
                         wanted.tenants.end());
    std::sort(wanted.jobs.begin(), wanted.jobs.end());
    wanted.jobs.erase(std::unique(wanted.jobs.begin(), wanted.jobs.end()), wanted.jobs.end());
    return wanted;
}

void RefPrunings::add_names(std::size_t batch, core::PruneEntries& wanted) const {
    const std::vector<std::string>& tenants = batches_[batch].tenants;
    wanted.tenants.insert(wanted.tenants.end(), tenants.begin(), tenants.end());
    for (std::uint32_t i = batches_[batch].jobs_from; i < jobs_to(batch); ++i) {
        const JobOf of = job_of(jobs_[i]);
        wanted.jobs.push_back(of.job->id);
        wanted.tenants.push_back(*of.tenant);
    }
}

}  // namespace attacca::sim
