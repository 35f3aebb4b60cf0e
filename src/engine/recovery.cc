// SPDX-License-Identifier: Apache-2.0
#include "engine/recovery.h"

#include <algorithm>
#include <memory>
#include <set>
#include <string_view>
#include <variant>

#include "base/seeded_bug.h"
#include "core/apply.h"
#include "core/tenant/accounts.h"
#include "engine/history.h"

namespace attacca::engine {
namespace {

// One record to fold: where it stands, and which live job it belongs to.
struct Wanted {
    std::uint64_t gseq = 0;
    std::uint32_t job = 0;  // position among the live rows
    friend auto operator<=>(const Wanted&, const Wanted&) = default;
};

class Recovery {
  public:
    Recovery(ports::StoreReader& reader, Definitions& definitions)
        : reader_(reader), definitions_(definitions) {}

    Result<Recovered> run() {
        ATTACCA_TRY(out_.tail, reader_.tail());
        ATTACCA_TRY(out_.entities, reader_.entities());
        ATTACCA_TRY(tenants_, reader_.tenants());
        ATTACCA_TRY(core::FairLedger lags, reader_.fair_ledger());
        // Where no job was live, every row would be read in vain.
        if (out_.tail.oldest_live != core::JobId{}) {
            const Result<void> looked = look_for_stop();
            if (!looked) {
                return looked.error();
            }
            ATTACCA_TRY(rows_, reader_.live_jobs(out_.tail.oldest_live,
                                                 [this](std::string what, std::string why) {
                                                     quarantine(std::move(what), std::move(why));
                                                 }));
        }
        is_dropped_.assign(rows_.size(), false);
        const Result<void> collected = collect();
        if (!collected) {
            return collected.error();
        }
        const Result<void> folded = fold();
        if (!folded) {
            return folded.error();
        }
        finish();
        out_.state.fair_ledger = std::move(lags);
        return std::move(out_);
    }

  private:
    // Every process begins with a record of its own: the newest one of the ledger itself tells how
    // the last process ended.
    Result<void> look_for_stop() {
        const auto head = std::find_if(
            out_.entities.begin(), out_.entities.end(),
            [](const ports::EntityHead& entity) { return entity.entity == "ledger"; });
        if (head == out_.entities.end()) {
            return {};
        }
        ATTACCA_TRY(const auto batch, reader_.batch_of(head->last_gseq));
        if (batch == nullptr || batch->is_pruned() ||
            head->last_gseq - batch->first_gseq >= batch->count) {
            return {};
        }
        ATTACCA_TRY(const std::vector<std::string_view> records, split_records(*batch));
        const Result<core::StoredRecord> last =
            core::decode_record(records[head->last_gseq - batch->first_gseq]);
        out_.was_stopped_in_order =
            last && std::holds_alternative<core::LedgerStopped>(last->record.payload);
        return {};
    }

    void quarantine(std::string what, std::string why) {
        out_.quarantined.push_back({std::move(what), std::move(why)});
    }

    void drop(std::uint32_t job, std::string why) {
        if (!is_dropped_[job]) {
            is_dropped_[job] = true;
            quarantine("job/" + rows_[job].id.text(), std::move(why));
        }
    }

    // Walks the chains of all live jobs back at once, from the newest batch to the oldest, so that
    // each batch is read once.
    Result<void> collect() {
        std::set<Wanted> open;
        for (std::uint32_t job = 0; job < rows_.size(); ++job) {
            open.insert({rows_[job].last_gseq, job});
        }
        while (!open.empty()) {
            const Wanted newest = *open.rbegin();
            Result<std::shared_ptr<const ports::LedgerBatch>> read = reader_.batch_of(newest.gseq);
            if (!read) {
                return read.error();
            }
            const auto& batch = *read;
            if (batch == nullptr) {
                drop(newest.job, "its last record lies beyond the ledger's end");
                open.erase(newest);
                continue;
            }
            if (batch->is_pruned()) {
                drop(newest.job, "its records are pruned, and it lives");
                open.erase(newest);
                continue;
            }
            while (!open.empty() && open.rbegin()->gseq >= batch->first_gseq) {
                const Wanted wanted = *open.rbegin();
                open.erase(wanted);
                wanted_.push_back(wanted);
                const std::uint64_t previous =
                    batch->previous[wanted.gseq - batch->first_gseq];
                if (previous != ports::no_gseq && previous < wanted.gseq) {
                    open.insert({previous, wanted.job});
                }
            }
        }
        std::sort(wanted_.begin(), wanted_.end());
        return {};
    }

    Result<void> fold() {
        std::shared_ptr<const ports::LedgerBatch> batch;
        std::vector<std::string_view> records;
        for (const Wanted& wanted : wanted_) {
            if (is_dropped_[wanted.job]) {
                continue;
            }
            if (batch == nullptr || wanted.gseq - batch->first_gseq >= batch->count) {
                Result<std::shared_ptr<const ports::LedgerBatch>> read =
                    reader_.batch_of(wanted.gseq);
                if (!read) {
                    return read.error();
                }
                batch = *read;
                Result<std::vector<std::string_view>> split = split_records(*batch);
                if (!split) {
                    return split.error();
                }
                records = std::move(*split);
            }
            fold_one(wanted, records[wanted.gseq - batch->first_gseq]);
        }
        return {};
    }

    void fold_one(const Wanted& wanted, std::string_view bytes) {
        Result<core::StoredRecord> stored = core::decode_record(bytes);
        if (!stored) {
            drop(wanted.job, stored.error().text());
            return;
        }
        const Result<void> applied = core::apply(out_.state, stored->record, definitions_);
        if (!applied) {
            drop(wanted.job, applied.error().text());
        }
    }

    // Jobs that were dropped half-way leave the state; what the whole ledger tells replaces what
    // the live part of it told.
    void finish() {
        core::State& state = out_.state;
        for (std::uint32_t job = 0; job < rows_.size(); ++job) {
            core::Job* live = state.find(rows_[job].id);
            if (live == nullptr) {
                drop(job, "its records do not make a live job");
                continue;
            }
            if (is_dropped_[job]) {
                state.drop_job(*live);
                continue;
            }
            out_.heads.push_back({live->slot, rows_[job].last_gseq, rows_[job].last_link});
            for (core::InstanceIndex i = 0; i < live->instances.size(); ++i) {
                if (live->instances[i].state == core::NodeState::running) {
                    out_.running.emplace_back(live->id, i);
                }
            }
        }
        adopt_tail(state, out_.tail, out_.entities);
        adopt_tenants(state, tenants_);
        for (const ports::EntityHead& entity : out_.entities) {
            if (entity.image.empty()) {
                continue;
            }
            const Result<void> loaded =
                state.registry.load(entity.entity, entity.image, definitions_);
            if (!loaded) {
                quarantine(entity.entity, loaded.error().text());
            }
        }
    }

    ports::StoreReader& reader_;
    Definitions& definitions_;
    Recovered out_;
    std::vector<ports::JobRow> rows_;
    std::vector<ports::TenantRow> tenants_;
    std::vector<bool> is_dropped_;
    std::vector<Wanted> wanted_;
};

}  // namespace

void adopt_tail(core::State& state,
                const ports::LedgerTail& tail,
                const std::vector<ports::EntityHead>& entities) {
    state.ended.clear();
    if (!ATTACCA_BUG(BUG_TOKEN_RESET_ON_RESTART)) {
        state.last_fence = core::FenceToken{tail.last_fence};
    }
    state.last_at = tail.last_at;
    state.size = tail.size;
    // A key whose jobs have ended in part would be folded in part: the edge asks the store instead.
    state.keys.clear();
    state.key_order.clear();
    state.key_ids = 0;
    state.new_keys.clear();
    state.newest_dropped_key_at = state.size;
    for (const ports::EntityHead& entity : entities) {
        if (!core::is_closed_dead_letter(entity.entity, entity.image)) {
            state.entity_eseq[entity.entity] = entity.eseq + 1;
        }
    }
}

void adopt_tenants(core::State& state, const std::vector<ports::TenantRow>& rows) {
    // A tenant without a row has used nothing.
    for (const auto& [name, number] : state.tenants.by_name()) {
        state.tenants.at(number).usage = {};
    }
    for (const ports::TenantRow& row : rows) {
        core::Tenant& tenant = state.tenants.of(row.name);
        tenant.settings = row.settings;
        tenant.created_at = row.created_at;
        tenant.changed_at = row.changed_at;
        tenant.usage = row.usage;
    }
    core::recount_tenants(state);
}

Result<Recovered> recover(ports::StoreReader& reader, Definitions& definitions) {
    return Recovery(reader, definitions).run();
}

}  // namespace attacca::engine
