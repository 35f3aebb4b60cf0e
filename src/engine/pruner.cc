// SPDX-License-Identifier: Apache-2.0
#include "engine/pruner.h"

#include <algorithm>
#include <chrono>
#include <future>
#include <memory>
#include <utility>
#include <vector>

#include "core/ledger/tree.h"
#include "engine/history.h"

namespace attacca::engine {
namespace {

constexpr Duration longest_wait = seconds(3600);
constexpr Duration shortest_wait = milliseconds(500);
constexpr std::size_t remembered_jobs_max = 1'000'000;
constexpr std::string_view entity_of_jobs = "job/";

}  // namespace

Pruner::Pruner(Gateway& gateway, Duration retention, std::function<void(const std::string&)> log)
    : gateway_(gateway), retention_(retention), log_(std::move(log)) {}

Pruner::~Pruner() {
    stop();
}

void Pruner::start() {
    thread_ = std::thread([this] {
        const Duration wait =
            std::clamp(Duration{retention_.us / 8}, shortest_wait, longest_wait);
        std::unique_lock lock(mutex_);
        while (!changed_.wait_for(lock, std::chrono::microseconds(wait.us),
                                  [this] { return is_stopping_; })) {
            lock.unlock();
            const Result<std::uint64_t> pruned = look();
            if (!pruned && pruned.error().problem != Problem::under_hold &&
                pruned.error().problem != Problem::shutting_down && log_) {
                log_("records whose retention has passed could not be pruned: " +
                     pruned.error().text());
            }
            lock.lock();
        }
    });
}

void Pruner::stop() {
    {
        const std::lock_guard lock(mutex_);
        is_stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) {
        thread_.join();
    }
}

void Pruner::begin_look() {
    before_ = gateway_.clock().now().wall + Duration{-retention_.us};
    const std::shared_ptr<const SignedTree> tree = gateway_.signed_tree();
    end_ = tree == nullptr ? 0 : tree->tree.size() - tree->tree.size() % core::tile_width;
    ended_.clear();
    holds_.clear();
}

Result<std::uint64_t> Pruner::look() {
    begin_look();
    ATTACCA_TRY(const std::optional<ports::EntityHead> server, gateway_.reader().entity("ledger"));
    newest_of_server_ = server ? server->last_gseq : 0;
    std::uint64_t pruned = 0;
    bool is_all_done = true;  // so far
    core::PruneEntries wanted;
    std::set<std::string> tenants;
    std::set<core::JobId> jobs;
    const auto send = [&]() -> Result<void> {
        wanted.tenants.assign(tenants.begin(), tenants.end());
        wanted.jobs.assign(jobs.begin(), jobs.end());
        ATTACCA_TRY(const std::uint64_t count, prune(wanted));
        pruned += count;
        wanted = {};
        tenants.clear();
        jobs.clear();
        return {};
    };
    for (std::uint64_t gseq = done_; gseq < end_;) {
        ATTACCA_TRY(const std::shared_ptr<const ports::LedgerBatch> batch,
                    gateway_.reader().batch_of(gseq));
        if (batch == nullptr) {
            return fail(Problem::corrupt, "record " + std::to_string(gseq) + " is missing");
        }
        ATTACCA_TRY(const Fate fate, fate_of(*batch));
        const bool is_whole =
            fate != Fate::prunable ||
            wanted.range.count + batch->count > core::pruned_at_once_max;
        if (is_whole && wanted.range.count > 0) {
            if (Result<void> sent = send(); !sent) {
                return sent.error();
            }
        }
        if (fate == Fate::too_young) {
            break;
        }
        gseq = batch->first_gseq + batch->count;
        is_all_done = is_all_done && fate == Fate::pruned;
        if (is_all_done) {
            done_ = gseq;
        }
        if (fate == Fate::prunable) {
            wanted.range.first = wanted.range.count == 0 ? batch->first_gseq : wanted.range.first;
            wanted.range.count += batch->count;
            wanted.range.root = batch->root;
            tenants.merge(tenants_);
            jobs.merge(jobs_);
        }
    }
    if (wanted.range.count > 0) {
        if (Result<void> sent = send(); !sent) {
            return sent.error();
        }
    }
    return pruned;
}

Result<Pruner::Fate> Pruner::fate_of(const ports::LedgerBatch& batch) {
    if (batch.is_pruned()) {
        return Fate::pruned;
    }
    const std::uint64_t end = batch.first_gseq + batch.count;
    if (batch.last_at >= before_ || end > end_) {
        return Fate::too_young;
    }
    if (newest_of_server_ >= batch.first_gseq && newest_of_server_ < end) {
        return Fate::kept;
    }
    ATTACCA_TRY(const bool may, may_go(batch));
    return may ? Fate::prunable : Fate::kept;
}

Result<bool> Pruner::may_go(const ports::LedgerBatch& batch) {
    tenants_.clear();
    jobs_.clear();
    ATTACCA_TRY(const std::vector<std::string_view> records, split_records(batch));
    for (const std::string_view bytes : records) {
        ATTACCA_TRY(const core::RecordHeader header, core::read_header(bytes));
        ATTACCA_TRY(const bool may, may_go(header));
        if (!may) {
            return false;
        }
    }
    return true;
}

Result<bool> Pruner::may_go(const core::RecordHeader& header) {
    if (core::is_kept_for_ever(header.type)) {
        return false;
    }
    const std::string tenant(header.tenant);
    ATTACCA_TRY(const core::Holds* const holds, holds_of(tenant));
    tenants_.insert(tenant);
    if (!header.entity.starts_with(entity_of_jobs)) {
        return std::none_of(holds->all().begin(), holds->all().end(),
                            [](const core::Hold& hold) { return !hold.job; });
    }
    const std::optional<Uuid> uuid = Uuid::parse(header.entity.substr(entity_of_jobs.size()));
    if (!uuid || holds->over(core::JobId{*uuid}) != nullptr) {
        return false;
    }
    jobs_.insert(core::JobId{*uuid});
    return has_ended(core::JobId{*uuid});
}

// And so long ago that its retention has passed.
Result<bool> Pruner::has_ended(const core::JobId& job) {
    if (const auto known = ended_.find(job); known != ended_.end()) {
        return known->second;
    }
    ATTACCA_TRY(const std::optional<ports::JobRow> row, gateway_.reader().job(job));
    const bool has = row && core::is_final(row->state) && row->ended_at < before_;
    if (ended_.size() >= remembered_jobs_max) {
        ended_.clear();
    }
    ended_[job] = has;
    return has;
}

Result<const core::Holds*> Pruner::holds_of(const std::string& tenant) {
    if (const auto known = holds_.find(tenant); known != holds_.end()) {
        return &known->second;
    }
    ATTACCA_TRY(const std::optional<ports::EntityHead> head,
                gateway_.reader().entity(core::hold_entity(tenant)));
    core::Holds holds;
    if (head) {
        ATTACCA_TRY(holds, core::load_holds(head->image));
    }
    return &(holds_[tenant] = std::move(holds));
}

Result<std::uint64_t> Pruner::prune(core::PruneEntries& wanted) {
    const core::EntriesPruned range = wanted.range;
    wanted.range.before = before_;
    auto answered = std::make_shared<std::promise<Result<void>>>();
    std::future<Result<void>> answer = answered->get_future();
    gateway_.submit(std::move(wanted), [answered](const core::Answer& given) {
        answered->set_value(given ? Result<void>() : Result<void>(given.error()));
    });
    if (Result<void> done = answer.get(); !done) {
        return done.error();
    }
    if (log_) {
        log_("pruned the records " + std::to_string(range.first) + " to " +
             std::to_string(range.first + range.count - 1) + ": their retention has passed");
    }
    return range.count;
}

}  // namespace attacca::engine
