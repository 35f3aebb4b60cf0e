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
constexpr std::size_t remembered_definitions_max = 100'000;
// Of batches that wait together: as many are read again when the first of them is due.
constexpr std::uint64_t waiting_records_max = 4096;
constexpr std::string_view entity_of_jobs = "job/";

}  // namespace

Pruner::Pruner(Gateway& gateway, const core::RetentionPolicy& policy,
               std::function<void(const std::string&)> log)
    : gateway_(gateway),
      policy_(policy),
      shortest_(core::shortest(policy)),
      log_(std::move(log)) {}

Pruner::~Pruner() {
    stop();
}

void Pruner::start() {
    if (!shortest_) {
        return;
    }
    thread_ = std::thread([this] {
        const Duration wait =
            std::clamp(Duration{shortest_->us / 8}, shortest_wait, longest_wait);
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
    now_ = gateway_.clock().now().wall;
    before_ = now_ + Duration{-shortest_->us};
    const std::shared_ptr<const SignedTree> tree = gateway_.signed_tree();
    end_ = tree == nullptr ? 0 : tree->tree.size() - tree->tree.size() % core::tile_width;
    due_.clear();
    asked_.clear();
    holds_.clear();
    // A look that failed has found less than the one before it.
    if (!waiting_.empty()) {
        waited_ = std::exchange(waiting_, {});
    }
    next_waited_ = 0;
}

std::uint64_t Pruner::pass_waiting(std::uint64_t gseq) {
    while (next_waited_ < waited_.size() && waited_[next_waited_].first < gseq) {
        ++next_waited_;
    }
    while (next_waited_ < waited_.size() && waited_[next_waited_].first == gseq &&
           waited_[next_waited_].due > now_) {
        waiting_.push_back(waited_[next_waited_]);
        gseq = waited_[next_waited_++].end;
    }
    return gseq;
}

void Pruner::add_waiting(const Waiting& batches) {
    if (!waiting_.empty() && waiting_.back().end == batches.first &&
        batches.end - waiting_.back().first <= waiting_records_max) {
        waiting_.back().end = batches.end;
        waiting_.back().due = std::min(waiting_.back().due, batches.due);
    } else {
        waiting_.push_back(batches);
    }
}

Result<std::uint64_t> Pruner::look() {
    if (!shortest_) {
        return std::uint64_t{0};
    }
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
        if (const std::uint64_t next = pass_waiting(gseq); next != gseq) {
            gseq = next;
            is_all_done = false;
            if (wanted.range.count > 0) {
                if (Result<void> sent = send(); !sent) {
                    return sent.error();
                }
            }
            continue;
        }
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
    ATTACCA_TRY(const WallTime time, due(batch));
    if (time > now_ && time != never) {
        add_waiting({batch.first_gseq, end, time});
    }
    return time > now_ ? Fate::kept : Fate::prunable;
}

// The first record that stands against it tells.
Result<WallTime> Pruner::due(const ports::LedgerBatch& batch) {
    tenants_.clear();
    jobs_.clear();
    ATTACCA_TRY(const std::vector<std::string_view> records, split_records(batch));
    for (const std::string_view bytes : records) {
        ATTACCA_TRY(const core::RecordHeader header, core::read_header(bytes));
        ATTACCA_TRY(const WallTime time, due(header, batch.last_at));
        if (time > now_) {
            return time;
        }
    }
    return at_once;
}

Result<WallTime> Pruner::due(const core::RecordHeader& header, WallTime at) {
    if (core::is_kept_for_ever(header.type)) {
        return never;
    }
    const std::string tenant(header.tenant);
    ATTACCA_TRY(const core::Holds* const holds, holds_of(tenant));
    tenants_.insert(tenant);
    if (!header.entity.starts_with(entity_of_jobs)) {
        const bool is_held = std::any_of(holds->all().begin(), holds->all().end(),
                                         [](const core::Hold& hold) { return !hold.job; });
        return is_held || !policy_.usual ? never : at + *policy_.usual;
    }
    const std::optional<Uuid> uuid = Uuid::parse(header.entity.substr(entity_of_jobs.size()));
    if (!uuid || holds->over(core::JobId{*uuid}) != nullptr) {
        return never;
    }
    jobs_.insert(core::JobId{*uuid});
    return due(core::JobId{*uuid});
}

Result<WallTime> Pruner::due(const core::JobId& job) {
    if (const auto known = due_.find(job); known != due_.end()) {
        return known->second;
    }
    ATTACCA_TRY(const std::optional<ports::JobRow> row, gateway_.reader().job(job));
    WallTime time = never;
    if (row && core::is_final(row->state)) {
        ATTACCA_TRY(const std::optional<Duration> retention, retention_of(*row));
        time = retention ? row->ended_at + *retention : never;
    }
    if (due_.size() >= remembered_jobs_max) {
        due_.clear();
    }
    due_[job] = time;
    return time;
}

Result<std::optional<Duration>> Pruner::retention_of(const ports::JobRow& row) {
    ATTACCA_TRY(std::string asked, asked_by(row.definition));
    std::optional<core::JobId> parent = row.parent;
    while (asked.empty() && parent) {
        ATTACCA_TRY(const std::optional<ports::JobRow> above, gateway_.reader().job(*parent));
        if (!above) {
            break;
        }
        ATTACCA_TRY(asked, asked_by(above->definition));
        parent = above->parent;
    }
    return core::retention_of(policy_, asked);
}

Result<std::string> Pruner::asked_by(const Sha256& definition) {
    if (const auto known = asked_.find(definition); known != asked_.end()) {
        return known->second;
    }
    ATTACCA_TRY(const std::optional<std::string> body, gateway_.reader().body(definition));
    if (!body) {
        return fail(Problem::corrupt, "a definition is missing");
    }
    ATTACCA_TRY(const Json parsed, parse_json(*body));
    const Json* const asked = parsed.find("retention");
    if (asked_.size() >= remembered_definitions_max) {
        asked_.clear();
    }
    return asked_[definition] = asked == nullptr ? std::string() : asked->as_string();
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
