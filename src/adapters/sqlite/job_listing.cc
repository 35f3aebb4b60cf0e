// SPDX-License-Identifier: Apache-2.0
#include "adapters/sqlite/job_listing.h"

#include <algorithm>
#include <vector>

#include "adapters/sqlite/job_rows.h"

namespace attacca::sqlite {

namespace {

// Positions of the values. A statement that does not use one has no such position.
enum Value : int {
    tenant_value = 1,
    kinds_value,
    text_value,
    tag_value,
    created_after_value,
    created_before_value,
    after_value,
    limit_value,
    offset_value,
    oldest_live_value,
    parent_value,
};

std::string lower_case(std::string_view text) {
    std::string out(text);
    for (char& letter : out) {
        if (letter >= 'A' && letter <= 'Z') {
            letter = static_cast<char>(letter - 'A' + 'a');
        }
    }
    return out;
}

std::string states_condition(std::vector<core::JobState> states) {
    std::ranges::sort(states);
    // 2026-11: Clang 14 cannot use the subrange that std::ranges::unique returns.
    states.erase(std::unique(states.begin(), states.end()), states.end());
    if (states.size() == 1) {
        return " AND state = " + std::to_string(stored_state(states.front()));
    }
    std::string list;
    for (const core::JobState state : states) {
        list += (list.empty() ? "" : ", ") + std::to_string(stored_state(state));
    }
    return " AND state IN (" + list + ")";
}

}  // namespace

JobListing::JobListing(const ports::JobFilter& filter)
    : filter_(filter), lower_text_(lower_case(filter.text)), conditions_("tenant = ?1") {
    if (!filter.states.empty()) {
        conditions_ += states_condition(filter.states);
    }
    if (filter.kinds != 0) {
        conditions_ += " AND (kinds & ?2) != 0";
    }
    if (!filter.text.empty()) {
        // No LIKE: it ends at a NUL and gives `%` and `_` a meaning.
        conditions_ += " AND instr(lower(name), ?3) != 0";
    }
    if (!filter.tag.empty()) {
        // CASE, because damaged JSON is an error that would hide every other row.
        conditions_ +=
            " AND CASE WHEN json_valid(tags) THEN EXISTS("
            "SELECT 1 FROM json_each(tags) AS tag WHERE tag.value = ?4 AND tag.type = 'text'"
            ") ELSE 0 END";
    }
    if (filter.awaits_approval) {
        conditions_ += " AND awaits = 1";
    }
    if (filter.parent) {
        conditions_ += " AND parent = ?11";
    }
    if (filter.created_after) {
        conditions_ += " AND created_at >= ?5";
    }
    if (filter.created_before) {
        conditions_ += " AND created_at < ?6";
    }
}

bool JobListing::is_of_live_jobs() const {
    return !filter_.states.empty() && std::ranges::none_of(filter_.states, [](auto state) {
        return core::is_final(state);
    });
}

void JobListing::begin_at(const core::JobId& oldest_live) {
    if (oldest_live != core::JobId{}) {
        oldest_live_ = oldest_live;
        conditions_ += " AND id >= ?10";
    }
}

std::string JobListing::page_sql() const {
    return "SELECT " + std::string(job_columns()) + " FROM jobs WHERE " + conditions_ +
           (filter_.after ? " AND id < ?7" : "") + " ORDER BY id DESC LIMIT ?8 OFFSET ?9";
}

std::string JobListing::count_sql() const {
    return "SELECT count(*) FROM jobs WHERE " + conditions_;
}

void JobListing::bind_count(Statement& statement) const {
    statement.bind_text(tenant_value, filter_.tenant);
    if (filter_.kinds != 0) {
        statement.bind(kinds_value, filter_.kinds);
    }
    if (!filter_.text.empty()) {
        statement.bind_text(text_value, lower_text_);
    }
    if (!filter_.tag.empty()) {
        statement.bind_text(tag_value, filter_.tag);
    }
    if (filter_.created_after) {
        statement.bind(created_after_value, filter_.created_after->us);
    }
    if (filter_.created_before) {
        statement.bind(created_before_value, filter_.created_before->us);
    }
    if (filter_.parent) {
        statement.bind_blob(parent_value, filter_.parent->uuid.view());
    }
    if (oldest_live_ != core::JobId{}) {
        statement.bind_blob(oldest_live_value, oldest_live_.uuid.view());
    }
}

void JobListing::bind_page(Statement& statement) const {
    bind_count(statement);
    if (filter_.after) {
        statement.bind_blob(after_value, filter_.after->uuid.view());
    }
    statement.bind(limit_value, std::int64_t{filter_.limit} + 1);
    statement.bind(offset_value, filter_.offset);
}

}  // namespace attacca::sqlite
