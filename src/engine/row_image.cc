// SPDX-License-Identifier: Apache-2.0
#include "engine/row_image.h"

#include <algorithm>
#include <utility>

#include "core/job/image.h"

namespace attacca::engine {
namespace {

std::string images(const core::Job& job, std::uint32_t chunk) {
    const std::size_t from = std::size_t{chunk} * core::chunk_instances;
    const std::size_t to = std::min(job.instances.size(), from + core::chunk_instances);
    std::string out((to - from) * core::image_bytes, '\0');
    char* at = out.data();
    for (std::size_t i = from; i < to; ++i, at += core::image_bytes) {
        core::write_image(at, job.instances[i].state, job.instances[i].attempts);
    }
    return out;
}

std::uint32_t kinds_of(const core::Definition& definition) {
    std::uint32_t kinds = 0;
    for (const core::NodeDef& node : definition.nodes) {
        kinds |= 1U << static_cast<unsigned>(node.kind);
    }
    return kinds;
}

}  // namespace

ports::JobRow job_row(const core::Job& job) {
    ports::JobRow row;
    row.id = job.id;
    row.is_new = job.is_new;
    row.tenant = job.tenant;
    row.name = job.name;
    row.priority = job.priority;
    row.definition = job.definition->digest;
    row.details = job.details;
    if (job.tags) {
        row.tags = *job.tags;
    }
    row.kinds = job.is_new ? kinds_of(*job.definition) : 0;
    row.created_at = job.created_at;
    row.retry_of = job.retry_of.as_optional();
    if (job.parent) {
        row.parent = job.parent->job;
    }
    row.state = job.state;
    row.reason = job.reason;
    row.is_cancelling = job.is_cancelling;
    row.awaits_approval = job.awaiting > 0;
    row.started_at = job.started_at;
    row.ended_at = job.ended_at;
    row.total = static_cast<std::uint32_t>(job.instances.size());
    row.done = job.done;
    row.failed = job.failed;
    row.running = job.running;
    row.instances = images(job, 0);
    row.eseq = job.eseq - 1;
    return row;
}

ports::TenantRow tenant_row(const core::Tenant& tenant) {
    return {tenant.name, tenant.created_at, tenant.changed_at, tenant.settings, tenant.usage};
}

std::vector<ports::NodeChunk> take_dirty_chunks(core::Job& job) {
    std::vector<std::uint32_t>& dirty = job.dirty_chunks;
    std::sort(dirty.begin(), dirty.end());
    dirty.erase(std::unique(dirty.begin(), dirty.end()), dirty.end());
    std::vector<ports::NodeChunk> chunks;
    chunks.reserve(dirty.size());
    for (const std::uint32_t chunk : dirty) {
        chunks.push_back({job.id, chunk, images(job, chunk)});
    }
    dirty.clear();
    return chunks;
}

std::vector<ports::NodeChunk> all_chunks(const core::Job& job) {
    std::vector<ports::NodeChunk> chunks;
    const std::size_t count =
        (job.instances.size() + core::chunk_instances - 1) / core::chunk_instances;
    for (std::uint32_t chunk = 1; chunk < count; ++chunk) {
        chunks.push_back({job.id, chunk, images(job, chunk)});
    }
    return chunks;
}

}  // namespace attacca::engine
