// SPDX-License-Identifier: Apache-2.0
#include "engine/audit.h"

#include <algorithm>
#include <memory>
#include <string_view>
#include <utility>

#include "core/ledger/hash.h"
#include "engine/entity_records.h"
#include "engine/history.h"

namespace attacca::engine {
namespace {

constexpr std::uint64_t looked_at_max = 20'000;
constexpr std::string_view job_prefix = "job/";

// The first record that may be of `from` or later.
Result<std::uint64_t> first_at(ports::StoreReader& reader, WallTime from, std::uint64_t size) {
    std::uint64_t low = 0;
    std::uint64_t high = size;
    while (low < high) {
        const std::uint64_t middle = low + (high - low) / 2;
        ATTACCA_TRY(const auto batch, reader.batch_of(middle));
        if (batch == nullptr) {
            return fail(Problem::corrupt, "record " + std::to_string(middle) + " is missing");
        }
        if (batch->last_at < from) {
            low = batch->first_gseq + batch->count;
        } else {
            high = batch->first_gseq;
        }
    }
    return low;
}

class Pager {
  public:
    Pager(ports::StoreReader& reader, const core::AuditFilter& filter, std::size_t limit)
        : reader_(reader), filter_(filter), limit_(limit) {}

    // False when the page is full or nothing behind can match.
    Result<bool> look_at(std::uint64_t gseq) {
        if (batch_ == nullptr || gseq < batch_->first_gseq ||
            gseq >= batch_->first_gseq + batch_->count) {
            ATTACCA_TRY(batch_, reader_.batch_of(gseq));
            if (batch_ == nullptr) {
                return fail(Problem::corrupt, "record " + std::to_string(gseq) + " is missing");
            }
            records_.clear();
            if (!batch_->is_pruned()) {
                ATTACCA_TRY(records_, split_records(*batch_));
            }
        }
        if (batch_->is_pruned()) {
            last_ = gseq;
            return ++looked_at_ < looked_at_max;
        }
        const std::string_view bytes = records_[gseq - batch_->first_gseq];
        ATTACCA_TRY(core::AuditRow row, core::audit_row(bytes));
        if (filter_.to && row.at >= *filter_.to) {
            is_past_end_ = true;
            return false;
        }
        last_ = gseq;
        if (core::matches(filter_, row)) {
            row.link = core::leaf_hash(bytes);
            page_.rows.push_back(std::move(row));
        }
        return page_.rows.size() < limit_ && ++looked_at_ < looked_at_max;
    }
    [[nodiscard]] AuditPage finish(bool has_more) {
        if (has_more && !is_past_end_ && last_) {
            page_.next = last_;
        }
        return std::move(page_);
    }

  private:
    ports::StoreReader& reader_;
    const core::AuditFilter& filter_;
    const std::size_t limit_;
    std::shared_ptr<const ports::LedgerBatch> batch_;
    std::vector<std::string_view> records_;
    std::uint64_t looked_at_ = 0;
    std::optional<std::uint64_t> last_;
    bool is_past_end_ = false;
    AuditPage page_;
};

// Where the entity's chain ends; none when there is no such entity.
Result<std::optional<std::uint64_t>> end_of(ports::StoreReader& reader, const std::string& name) {
    if (name.starts_with(job_prefix)) {
        const std::optional<Uuid> id =
            Uuid::parse(std::string_view(name).substr(job_prefix.size()));
        if (!id) {
            return std::optional<std::uint64_t>();
        }
        ATTACCA_TRY(const std::optional<ports::JobRow> row, reader.job(core::JobId{*id}));
        return row ? std::optional(row->last_gseq) : std::nullopt;
    }
    ATTACCA_TRY(const std::optional<ports::EntityHead> head, reader.entity(name));
    return head ? std::optional(head->last_gseq) : std::nullopt;
}

Result<AuditPage> entity_page(ports::StoreReader& reader, const core::AuditFilter& filter,
                              std::uint64_t size, std::uint64_t after, std::size_t limit) {
    ATTACCA_TRY(const std::optional<std::uint64_t> end, end_of(reader, filter.entity));
    if (!end) {
        return AuditPage{};
    }
    ATTACCA_TRY(std::vector<std::uint64_t> positions,
                entity_positions(reader, *end, after, Pruned::ends_the_list));
    std::erase_if(positions, [&](std::uint64_t gseq) { return gseq >= size; });
    Pager pager(reader, filter, limit);
    std::size_t taken = 0;
    bool is_going_on = true;
    while (is_going_on && taken < positions.size()) {
        ATTACCA_TRY(is_going_on, pager.look_at(positions[taken++]));
    }
    return pager.finish(taken < positions.size());
}

}  // namespace

Result<AuditPage> audit_page(ports::StoreReader& reader, const core::AuditFilter& filter,
                             std::uint64_t size, std::uint64_t after, std::size_t limit) {
    if (core::is_exact(filter.entity)) {
        return entity_page(reader, filter, size, after, limit);
    }
    std::uint64_t gseq = after == ports::no_gseq ? 0 : after + 1;
    if (after == ports::no_gseq && filter.from) {
        ATTACCA_TRY(gseq, first_at(reader, *filter.from, size));
    }
    Pager pager(reader, filter, limit);
    bool is_going_on = true;
    while (is_going_on && gseq < size) {
        ATTACCA_TRY(is_going_on, pager.look_at(gseq++));
    }
    return pager.finish(gseq < size);
}

std::string audit_json(const AuditPage& page, core::AuditView view, std::string_view checkpoint) {
    std::string out = "{\"about\":";
    core::append_audit_about(out, view, checkpoint);
    out += ",\"items\":[";
    bool is_first = true;
    for (const core::AuditRow& row : page.rows) {
        out += is_first ? "" : ",";
        is_first = false;
        core::append_audit_json(out, view, row);
    }
    out += "]";
    if (page.next) {
        out += ",\"next_after\":" + std::to_string(*page.next);
    }
    return out + "}";
}

}  // namespace attacca::engine
