// SPDX-License-Identifier: Apache-2.0
#include "http/job_view.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

#include "core/job/image.h"
#include "core/ledger/codec.h"
#include "engine/history.h"
#include "http/json_out.h"

namespace attacca::http {
namespace {

void append_counts(std::string& out, const ports::JobRow& row) {
    ObjectOut counts(out);
    counts.number("total", row.total);
    counts.number("done", row.done);
    counts.number("failed", row.failed);
    counts.number("running", row.running);
    counts.end();
}

void append_progress(ObjectOut& job, const ports::JobRow& row, bool is_created) {
    job.text("status", core::name_of(is_created ? core::JobState::queued : row.state));
    if (!is_created && row.reason != core::JobReason::none) {
        job.text("reason", core::name_of(row.reason));
    }
    job.number("progress", is_created ? 0 : progress_of(row));
    job.text("priority", core::name_of(row.priority));
    job.time("created_at", row.created_at);
    if (is_created) {
        return;
    }
    if (row.started_at.us != 0) {
        job.time("started_at", row.started_at);
    }
    if (row.ended_at.us != 0) {
        job.time("ended_at", row.ended_at);
    }
    append_counts(job.key("counts"), row);
    job.boolean("cancelling", row.is_cancelling && !core::is_final(row.state));
    if (row.awaits_approval) {
        job.boolean("awaits_approval", true);
    }
}

// Something failed, and waits for its next attempt.
bool has_retrying(std::string_view images) {
    for (std::size_t i = 0; i < core::image_count(images); ++i) {
        if (core::image_at(images, i).state == core::NodeState::retrying) {
            return true;
        }
    }
    return false;
}

}  // namespace

std::uint64_t progress_of(const ports::JobRow& row) {
    if (core::is_final(row.state)) {
        return 100;
    }
    const std::uint64_t total = std::max<std::uint64_t>(row.total, 1);
    return std::min<std::uint64_t>(99, row.done * std::uint64_t{100} / total);
}

Result<ports::JobRow> JobView::find(std::string_view tenant, std::string_view id) const {
    const std::optional<Uuid> uuid = Uuid::parse(id);
    if (!uuid) {
        return fail(Problem::not_found, "there is no such job");
    }
    return find(tenant, core::JobId{*uuid});
}

Result<ports::JobRow> JobView::find(std::string_view tenant, const core::JobId& id) const {
    ATTACCA_TRY(std::optional<ports::JobRow> row, reader_.job(id));
    if (!row || row->tenant != tenant) {
        return fail(Problem::not_found, "there is no such job");
    }
    return std::move(*row);
}

Result<std::string> JobView::text_of(const core::TextOrBody& text) const {
    if (!text.body) {
        return text.text;
    }
    ATTACCA_TRY(std::optional<std::string> body, reader_.body(*text.body));
    if (!body) {
        return fail(Problem::corrupt, "the body " + hex(*text.body) + " is missing");
    }
    return std::move(*body);
}

Result<std::string> JobView::details_of(const ports::JobRow& row) const {
    if (!row.details.body) {
        return row.details.text;
    }
    ATTACCA_TRY(std::optional<std::string> body, reader_.body(*row.details.body));
    if (!body) {
        return engine::missing_error(reader_, row, *row.details.body);
    }
    return std::move(*body);
}

Result<std::shared_ptr<const core::Definition>> JobView::definition_of(
    const ports::JobRow& row) const {
    auto found = definitions_.find(row.definition);
    if (found || found.error().problem != Problem::corrupt) {
        return found;
    }
    ATTACCA_TRY(const std::optional<std::string> body, reader_.body(row.definition));
    return body ? found : engine::missing_error(reader_, row, row.definition);
}

Result<std::optional<std::string>> JobView::text_unless_erased(
    const core::TextOrBody& text) const {
    Result<std::string> found = text_of(text);
    if (!found && found.error().problem == Problem::erased) {
        return std::optional<std::string>();
    }
    return found ? Result<std::optional<std::string>>(std::move(*found)) : found.error();
}

Result<std::optional<core::JobId>> JobView::seal_of(const ports::JobRow& row) const {
    ports::JobRow root = row;
    // Ends: jobs are nested a few deep at most.
    while (root.parent) {
        ATTACCA_TRY(std::optional<ports::JobRow> above, reader_.job(*root.parent));
        if (!above) {
            return fail(Problem::corrupt, "the job " + root.parent->text() + " is missing");
        }
        root = std::move(*above);
    }
    ATTACCA_TRY(const std::shared_ptr<const core::Definition> of_root, definition_of(root));
    return of_root->is_sealed ? std::optional(root.id) : std::nullopt;
}

Result<core::Erasure> JobView::erasure_of(const core::JobId& seal) const {
    ATTACCA_TRY(const std::optional<ports::EntityHead> head,
                reader_.entity(core::erasure_entity(seal)));
    return head ? core::load_erasure(head->image) : Result<core::Erasure>(core::Erasure{});
}

// What there is to say of a sealed job beside its content.
Result<void> JobView::append_seal(ObjectOut& job, const ports::JobRow& row) const {
    ATTACCA_TRY(const std::optional<core::JobId> seal, seal_of(row));
    if (!seal) {
        return {};
    }
    job.boolean("sealed", true);
    ATTACCA_TRY(const core::Erasure erasure, erasure_of(*seal));
    if (erasure.erased_at) {
        ObjectOut erased(job.key("erased"));
        erased.time("at", *erasure.erased_at);
        erased.text("by", erasure.by);
        erased.text("reason", erasure.reason);
        erased.end();
    }
    return {};
}

Result<std::string> JobView::images_of(const ports::JobRow& row) const {
    std::string images = row.instances;
    if (row.total <= core::chunk_instances) {
        return images;
    }
    ATTACCA_TRY(const std::vector<ports::NodeChunk> chunks, reader_.chunks(row.id));
    std::string pending;
    core::append_image(pending, core::NodeState::pending, 0);
    while (images.size() < std::size_t{row.total} * core::image_bytes) {
        images += pending;
    }
    for (const ports::NodeChunk& chunk : chunks) {
        const std::size_t at = std::size_t{chunk.chunk} * core::chunk_instances * core::image_bytes;
        if (at + chunk.instances.size() <= images.size()) {
            images.replace(at, chunk.instances.size(), chunk.instances);
        }
    }
    return images;
}

Result<void> JobView::append_nodes(std::string& out,
                                   const ports::JobRow& row,
                                   const core::Definition& definition,
                                   bool is_created) const {
    std::string images;
    if (!is_created) {
        ATTACCA_TRY(images, images_of(row));
    }
    ArrayOut nodes(out);
    const std::size_t count = std::min(definition.nodes.size(), nodes_in_job_max);
    for (std::size_t i = 0; i < count; ++i) {
        const core::InstanceImage image =
            i < core::image_count(images) ? core::image_at(images, i) : core::InstanceImage{};
        ObjectOut node(nodes.element());
        node.text("id", definition.nodes[i].id);
        node.text("status", core::name_of(image.state));
        node.number("attempts", image.attempts);
        node.end();
    }
    nodes.end();
    return {};
}

// What the last record of an ended job says; empty when the definition has no outputs, and when the
// words of that record are pruned: the row still tells the rest.
Result<std::string> JobView::outputs_of(const ports::JobRow& row,
                                        const core::Definition& definition) const {
    if (definition.outputs.empty() || row.state != core::JobState::completed) {
        return std::string();
    }
    const Result<std::string> bytes = engine::record_bytes(reader_, row.last_gseq);
    if (!bytes && bytes.error().problem == Problem::pruned) {
        return std::string();
    }
    if (!bytes) {
        return bytes.error();
    }
    ATTACCA_TRY(const core::StoredRecord stored, core::decode_record(*bytes));
    const auto* ended = std::get_if<core::JobEnded>(&stored.record.payload);
    if (ended == nullptr) {
        return std::string();
    }
    ATTACCA_TRY(std::optional<std::string> outputs, text_unless_erased(ended->output));
    return std::move(outputs).value_or(std::string());
}

Result<void> JobView::append(std::string& out, const ports::JobRow& row, JobForm form) const {
    const std::string id = row.id.text();
    const bool is_created = form == JobForm::created;
    ObjectOut job(out);
    job.text("id", id);
    job.text("name", row.name);
    append_progress(job, row, is_created);
    if (form != JobForm::listed && !is_created && !core::is_final(row.state)) {
        ATTACCA_TRY(const std::string images, images_of(row));
        if (has_retrying(images)) {
            job.text("reason", "retrying");
        }
    }
    if (row.retry_of) {
        job.text("retry_of", row.retry_of->text());
    }
    if (row.parent) {
        job.text("parent", row.parent->text());
    }
    // The details have the names of the API's members.
    const Result<std::string> details = details_of(row);
    if (!details && details.error().problem != Problem::erased &&
        details.error().problem != Problem::pruned) {
        return details.error();
    }
    job.splice(details ? *details : std::string());
    if (form == JobForm::listed) {
        job.text("nodes_url", "/api/v1/orchestration/jobs/" + id + "/nodes");
        job.end();
        return {};
    }
    if (Result<void> done = append_content(job, row, is_created); !done) {
        return done;
    }
    job.end();
    return {};
}

// What its definition tells. Where that was collected the row alone tells what it can.
Result<void> JobView::append_content(ObjectOut& job, const ports::JobRow& row,
                                     bool is_created) const {
    const Result<std::shared_ptr<const core::Definition>> found = definition_of(row);
    if (!found) {
        return found.error().problem == Problem::pruned ? Result<void>() : found.error();
    }
    const core::Definition& definition = **found;
    if (Result<void> done = append_seal(job, row); !done) {
        return done;
    }
    if (Result<void> done = append_nodes(job.key("nodes"), row, definition, is_created); !done) {
        return done;
    }
    ATTACCA_TRY(const std::string outputs,
                is_created ? Result<std::string>(std::string()) : outputs_of(row, definition));
    if (!outputs.empty()) {
        job.raw("outputs", outputs);
    }
    // The nodes that are not here, map items among them, have a page of their own.
    if ((is_created ? definition.nodes.size() : row.total) > nodes_in_job_max) {
        job.text("nodes_url", "/api/v1/orchestration/jobs/" + row.id.text() + "/nodes");
    }
    return {};
}

Result<std::string> JobView::json(const ports::JobRow& row, JobForm form) const {
    std::string out;
    out.reserve(1024);
    if (Result<void> done = append(out, row, form); !done) {
        return done.error();
    }
    return out;
}

}  // namespace attacca::http
