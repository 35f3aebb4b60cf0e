// SPDX-License-Identifier: Apache-2.0
#include "engine/pruning_search.h"

#include <algorithm>
#include <memory>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/seeded_bug.h"
#include "core/dead_letter/dead_letter.h"
#include "core/ledger/tree.h"
#include "engine/history.h"

namespace attacca::engine {
namespace {

constexpr std::size_t remembered_jobs_max = 1'000'000;
constexpr std::size_t remembered_definitions_max = 100'000;
// Of batches that wait together: as many are read again when the first of them is due.
constexpr std::uint64_t waiting_records_max = 4096;
constexpr std::string_view entity_of_jobs = "job/";

// The first moment at which something of that time is older than its retention.
WallTime older_than(Duration retention, WallTime at) {
    return at + retention + Duration{1};
}

}  // namespace

Result<void> PruningSearch::begin(WallTime now, std::uint64_t signed_size) {
    now_ = now;
    before_ = now + Duration{-shortest_.value_or(Duration{0}).us};
    gseq_ = done_;
    end_ = shortest_ ? signed_size - signed_size % core::tile_width : 0;
    is_all_pruned_ = true;
    due_.clear();
    asked_.clear();
    holds_.clear();
    // A look that an error ended has found less than the one before it.
    if (is_whole_) {
        waited_ = std::move(waiting_);
    }
    is_whole_ = false;
    waiting_.clear();
    next_waited_ = 0;
    (void)take();  // what an error left of the last look
    ATTACCA_TRY(const std::optional<ports::EntityHead> server, reader_.entity("ledger"));
    newest_of_server_ = server ? server->last_gseq : 0;
    return {};
}

Result<std::optional<core::PruneEntries>> PruningSearch::next() {
    while (gseq_ < end_) {
        if (pass_waiting()) {
            is_all_pruned_ = false;
            if (run_.count > 0) {
                return take();
            }
            continue;
        }
        ATTACCA_TRY(const std::shared_ptr<const ports::LedgerBatch> batch,
                    reader_.batch_of(gseq_));
        if (batch == nullptr) {
            return fail(Problem::corrupt, "record " + std::to_string(gseq_) + " is missing");
        }
        ATTACCA_TRY(const Fate fate, fate_of(*batch));
        const bool ends_the_run =
            fate != Fate::prunable || run_.count + batch->count > core::pruned_at_once_max;
        if (ends_the_run && run_.count > 0) {
            return take();  // the batch at hand is looked at again
        }
        if (fate == Fate::too_young) {
            gseq_ = end_;
            break;
        }
        gseq_ = batch->first_gseq + batch->count;
        is_all_pruned_ = is_all_pruned_ && fate == Fate::pruned;
        if (is_all_pruned_) {
            done_ = gseq_;
        }
        if (fate == Fate::prunable) {
            add(*batch);
        }
    }
    is_whole_ = true;
    return run_.count > 0 ? take() : std::nullopt;
}

bool PruningSearch::pass_waiting() {
    while (next_waited_ < waited_.size() && waited_[next_waited_].first < gseq_) {
        ++next_waited_;
    }
    if (next_waited_ == waited_.size() || waited_[next_waited_].first != gseq_ ||
        waited_[next_waited_].due <= now_) {
        return false;
    }
    waiting_.push_back(waited_[next_waited_]);
    gseq_ = waited_[next_waited_].end;
    return true;
}

void PruningSearch::add_waiting(const Waiting& batches) {
    if (!waiting_.empty() && waiting_.back().end == batches.first &&
        batches.end - waiting_.back().first <= waiting_records_max) {
        waiting_.back().end = batches.end;
        waiting_.back().due = std::min(waiting_.back().due, batches.due);
    } else {
        waiting_.push_back(batches);
    }
}

void PruningSearch::add(const ports::LedgerBatch& batch) {
    run_.first = run_.count == 0 ? batch.first_gseq : run_.first;
    run_.count += batch.count;
    run_.root = batch.root;
    run_tenants_.merge(batch_tenants_);
    run_jobs_.merge(batch_jobs_);
}

std::optional<core::PruneEntries> PruningSearch::take() {
    core::PruneEntries found;
    found.range = run_;
    found.range.before = before_;
    found.tenants.assign(run_tenants_.begin(), run_tenants_.end());
    found.jobs.assign(run_jobs_.begin(), run_jobs_.end());
    run_ = {};
    run_tenants_.clear();
    run_jobs_.clear();
    return found;
}

Result<PruningSearch::Fate> PruningSearch::fate_of(const ports::LedgerBatch& batch) {
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
Result<WallTime> PruningSearch::due(const ports::LedgerBatch& batch) {
    batch_tenants_.clear();
    batch_jobs_.clear();
    const Result<std::vector<std::string_view>> records = split_records(batch);
    if (!records) {
        return never;
    }
    for (const std::string_view bytes : *records) {
        const Result<core::RecordHeader> header = core::read_header(bytes);
        if (!header) {
            return never;
        }
        ATTACCA_TRY(const WallTime time, due(*header, batch.last_at));
        if (time > now_) {
            return time;
        }
    }
    return at_once;
}

Result<WallTime> PruningSearch::due(const core::RecordHeader& header, WallTime at) {
    if (core::is_kept_for_ever(header.type)) {
        return never;
    }
    const std::string tenant(header.tenant);
    ATTACCA_TRY(const core::Holds* const holds, holds_of(tenant));
    batch_tenants_.insert(tenant);
    if (!header.entity.starts_with(entity_of_jobs)) {
        const bool is_held = std::any_of(holds->all().begin(), holds->all().end(),
                                         [](const core::Hold& hold) { return !hold.job; });
        return is_held || !policy_.usual ? never : older_than(*policy_.usual, at);
    }
    const std::optional<Uuid> uuid = Uuid::parse(header.entity.substr(entity_of_jobs.size()));
    if (!uuid || holds->over(core::JobId{*uuid}) != nullptr) {
        return never;
    }
    batch_jobs_.insert(core::JobId{*uuid});
    return ATTACCA_BUG(BUG_LIVE_PRUNED) ? Result<WallTime>(at_once) : due(core::JobId{*uuid});
}

Result<WallTime> PruningSearch::due(const core::JobId& job) {
    if (const auto known = due_.find(job); known != due_.end()) {
        return known->second;
    }
    ATTACCA_TRY(const std::optional<ports::JobRow> row, readable_row(job));
    WallTime time = never;
    if (row && core::is_final(row->state)) {
        ATTACCA_TRY(time, due(*row));
    }
    if (due_.size() >= remembered_jobs_max) {
        due_.clear();
    }
    due_[job] = time;
    return time;
}

// Nothing where it is missing or damaged.
Result<std::optional<ports::JobRow>> PruningSearch::readable_row(const core::JobId& job) {
    Result<std::optional<ports::JobRow>> row = reader_.job(job);
    if (!row && row.error().problem == Problem::corrupt) {
        return std::optional<ports::JobRow>();
    }
    return row;
}

// Of a job that has ended.
Result<WallTime> PruningSearch::due(const ports::JobRow& row) {
    if (row.state == core::JobState::failed) {
        ATTACCA_TRY(const bool has_none, has_no_open_letter(row));
        if (!has_none) {
            return never;
        }
    }
    ATTACCA_TRY(std::string asked, asked_by(row.definition));
    for (std::optional<core::JobId> parent = row.parent; asked.empty() && parent;) {
        ATTACCA_TRY(const std::optional<ports::JobRow> above, readable_row(*parent));
        if (!above) {
            return never;
        }
        ATTACCA_TRY(asked, asked_by(above->definition));
        parent = above->parent;
    }
    const std::optional<Duration> retention = core::retention_of(policy_, asked);
    return retention ? older_than(*retention, row.ended_at) : never;
}

// What cannot be read asks for all time.
Result<std::string> PruningSearch::asked_by(const Sha256& definition) {
    if (const auto known = asked_.find(definition); known != asked_.end()) {
        return known->second;
    }
    const Result<std::optional<std::string>> body = reader_.body(definition);
    if (!body && body.error().problem != Problem::corrupt) {
        return body.error();
    }
    std::string asked = "forever";
    if (const Result<Json> parsed = body && *body ? parse_json(**body) : fail(Problem::corrupt)) {
        const Json* const text = parsed->find("retention");
        asked = text == nullptr ? "" : text->as_string();
    }
    if (asked_.size() >= remembered_definitions_max) {
        asked_.clear();
    }
    return asked_[definition] = std::move(asked);
}

// One that is open waits to be replayed, from the records.
Result<bool> PruningSearch::has_no_open_letter(const ports::JobRow& row) {
    const std::string entity = core::dead_letter_entity(row.tenant, row.id);
    ATTACCA_TRY(const std::optional<ports::EntityHead> letter, reader_.entity(entity));
    return !letter || core::is_closed_dead_letter(entity, letter->image);
}

Result<const core::Holds*> PruningSearch::holds_of(const std::string& tenant) {
    if (const auto known = holds_.find(tenant); known != holds_.end()) {
        return &known->second;
    }
    ATTACCA_TRY(const std::optional<ports::EntityHead> head,
                reader_.entity(core::hold_entity(tenant)));
    core::Holds holds;
    if (head) {
        ATTACCA_TRY(holds, core::load_holds(head->image));
    }
    return &(holds_[tenant] = std::move(holds));
}

}  // namespace attacca::engine
