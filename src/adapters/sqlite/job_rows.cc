// SPDX-License-Identifier: Apache-2.0
#include "adapters/sqlite/job_rows.h"

#include <cstring>
#include <optional>

namespace attacca::sqlite {

using core::JobReason;
using core::JobState;
using ports::JobRow;

namespace {

// These numbers are stored: a new enumerator goes to the end.
static_assert(static_cast<int>(JobState::cancelled) == 6 && core::job_state_count == 7);
static_assert(static_cast<int>(JobReason::user) == 3);
static_assert(static_cast<int>(core::Priority::low) == 2);
// schema.cc names these two.
static_assert(stored_state(JobState::paused) == 5 && stored_state(JobState::failed) == 7);

constexpr std::size_t image_bytes = 82;
constexpr int reason_count = 4;
constexpr int priority_count = 3;

enum Column : int {
    id_column,
    state_column,
    image_column,
    instances_column,
    tenant_column,
    name_column,
    priority_column,
    kinds_column,
    created_at_column,
    definition_column,
    details_column,
    details_body_column,
    tags_column,
    retry_of_column,
    awaits_column,
    parent_column,
};

void pack_image(const JobRow& row, std::string& out) {
    out.clear();
    append_u64(out, row.eseq);
    append_u64(out, row.last_gseq);
    append_u64(out, loaded_u64(row.started_at.us));
    append_u64(out, loaded_u64(row.ended_at.us));
    append_u32(out, row.total);
    append_u32(out, row.done);
    append_u32(out, row.failed);
    append_u32(out, row.running);
    out += static_cast<char>(row.reason);
    out += static_cast<char>(row.is_cancelling ? 1 : 0);
    out += row.last_link.view();
}

// False when the bytes are no image.
bool unpack_image(std::string_view image, JobRow& row) {
    if (image.size() != image_bytes) {
        return false;
    }
    row.eseq = read_u64(image, 0);
    row.last_gseq = read_u64(image, 8);
    row.started_at.us = stored_u64(read_u64(image, 16));
    row.ended_at.us = stored_u64(read_u64(image, 24));
    row.total = read_u32(image, 32);
    row.done = read_u32(image, 36);
    row.failed = read_u32(image, 40);
    row.running = read_u32(image, 44);
    const auto reason = static_cast<std::uint8_t>(image[48]);
    const auto is_cancelling = static_cast<std::uint8_t>(image[49]);
    if (reason >= reason_count || is_cancelling > 1) {
        return false;
    }
    row.reason = static_cast<JobReason>(reason);
    row.is_cancelling = is_cancelling == 1;
    std::memcpy(row.last_link.bytes.data(), image.data() + 50, row.last_link.bytes.size());
    return true;
}

void bind_text_or_null(Statement& statement, int position, std::string_view text) {
    if (text.empty()) {
        statement.bind_null(position);
    } else {
        statement.bind_text(position, text);
    }
}

Error damaged(const Statement& statement, std::string_view column) {
    return fail(Problem::corrupt, "the row of job " + loaded_id_text(statement) +
                                      " cannot be read: column " + std::string(column));
}

bool load_number_below(const Statement& statement, int column, std::int64_t limit,
                       std::int64_t& out) {
    out = statement.number(column);
    return out >= 0 && out < limit;
}

// False when the column holds something that is no id.
bool load_id(const Statement& statement, int column, std::optional<core::JobId>& out) {
    if (statement.is_null(column)) {
        return true;
    }
    const std::string_view id = statement.bytes(column);
    if (id.size() == 16) {
        out = core::JobId{Uuid::of_bytes(id)};
    }
    return id.size() == 16;
}

void bind_id(Statement& statement, int position, const std::optional<core::JobId>& id) {
    if (id) {
        statement.bind_blob(position, id->uuid.view());
    } else {
        statement.bind_null(position);
    }
}

// The columns that never change. Returns the name of a damaged one, or nothing.
std::string_view load_immutable(const Statement& statement, JobRow& row) {
    row.tenant = statement.bytes(tenant_column);
    row.name = statement.bytes(name_column);
    std::int64_t number = 0;
    if (!load_number_below(statement, priority_column, priority_count, number)) {
        return "priority";
    }
    row.priority = static_cast<core::Priority>(number);
    if (!load_number_below(statement, kinds_column, std::int64_t{1} << 32, number)) {
        return "kinds";
    }
    row.kinds = static_cast<std::uint32_t>(number);
    row.created_at.us = statement.number(created_at_column);
    if (!statement.digest(definition_column, row.definition)) {
        return "definition";
    }
    row.details.text = statement.bytes(details_column);
    if (!statement.is_null(details_body_column) &&
        !statement.digest(details_body_column, row.details.body.emplace())) {
        return "details_body";
    }
    row.tags = statement.bytes(tags_column);
    if (!load_id(statement, retry_of_column, row.retry_of)) {
        return "retry_of";
    }
    if (!load_id(statement, parent_column, row.parent)) {
        return "parent";
    }
    return {};
}

}  // namespace

std::string_view job_insert_sql() {
    return "INSERT INTO jobs(id, state, image, instances, tenant, name, priority, kinds, "
           "created_at, definition, details, details_body, tags, retry_of, awaits, parent) "
           "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
}

std::string_view job_update_sql() {
    return "UPDATE jobs SET state = ?2, image = ?3, instances = ?4, awaits = ?15 WHERE id = ?1";
}

std::string_view job_columns() {
    return "id, state, image, instances, tenant, name, priority, kinds, created_at, definition, "
           "details, details_body, tags, retry_of, awaits, parent";
}

void bind_update(Statement& statement, const JobRow& row, std::string& image) {
    pack_image(row, image);
    statement.bind_blob(id_column + 1, row.id.uuid.view());
    statement.bind(state_column + 1, stored_state(row.state));
    statement.bind_blob(image_column + 1, image);
    statement.bind_blob(instances_column + 1, row.instances);
    statement.bind(awaits_column + 1, row.awaits_approval ? 1 : 0);
}

void bind_insert(Statement& statement, const JobRow& row, std::string& image) {
    bind_update(statement, row, image);
    statement.bind_text(tenant_column + 1, row.tenant);
    statement.bind_text(name_column + 1, row.name);
    statement.bind(priority_column + 1, static_cast<int>(row.priority));
    statement.bind(kinds_column + 1, row.kinds);
    statement.bind(created_at_column + 1, row.created_at.us);
    statement.bind_blob(definition_column + 1, row.definition.view());
    bind_text_or_null(statement, details_column + 1, row.details.text);
    if (row.details.body) {
        statement.bind_blob(details_body_column + 1, row.details.body->view());
    } else {
        statement.bind_null(details_body_column + 1);
    }
    bind_text_or_null(statement, tags_column + 1, row.tags);
    bind_id(statement, retry_of_column + 1, row.retry_of);
    bind_id(statement, parent_column + 1, row.parent);
}

std::string loaded_id_text(const Statement& statement) {
    const std::string_view id = statement.bytes(id_column);
    return id.size() == 16 ? Uuid::of_bytes(id).text() : "x'" + hex(id.substr(0, 64)) + "'";
}

Result<JobRow> load_job(const Statement& statement) {
    JobRow row;
    const std::string_view id = statement.bytes(id_column);
    if (id.size() != 16) {
        return damaged(statement, "id");
    }
    row.id = core::JobId{Uuid::of_bytes(id)};
    std::int64_t state = 0;
    if (!load_number_below(statement, state_column, stored_state(JobState::cancelled) + 1, state) ||
        state < stored_state(JobState::queued)) {
        return damaged(statement, "state");
    }
    row.state = static_cast<JobState>(state - stored_state(JobState::queued));
    if (!unpack_image(statement.bytes(image_column), row)) {
        return damaged(statement, "image");
    }
    row.instances = statement.bytes(instances_column);
    std::int64_t awaits = 0;
    if (!load_number_below(statement, awaits_column, 2, awaits)) {
        return damaged(statement, "awaits");
    }
    row.awaits_approval = awaits == 1;
    const std::string_view column = load_immutable(statement, row);
    if (!column.empty()) {
        return damaged(statement, column);
    }
    return row;
}

}  // namespace attacca::sqlite
