// SPDX-License-Identifier: Apache-2.0
#include "cli/stored_job.h"

#include <algorithm>

#include "core/job/image.h"
#include "engine/history.h"
#include "engine/unsealing.h"

namespace attacca::cli {
namespace {

constexpr std::size_t nodes_shown_max = 1000;

Json counts_of(const ports::JobRow& row) {
    Json counts = Json::object();
    counts.set("total", static_cast<std::int64_t>(row.total));
    counts.set("done", static_cast<std::int64_t>(row.done));
    counts.set("failed", static_cast<std::int64_t>(row.failed));
    counts.set("running", static_cast<std::int64_t>(row.running));
    return counts;
}

// The text of a member that stands in the record itself or as a body.
Result<Json> text_or_body(ports::StoreReader& reader, const Json& data, std::string_view key) {
    const std::string text = text_member(data, key);
    if (!text.empty()) {
        return parse_json(text);
    }
    const std::optional<Sha256> digest = body_digest(text_member(data, std::string{key} + "_body"));
    if (!digest) {
        return Json{};
    }
    ATTACCA_TRY(const std::optional<std::string> body, reader.body(*digest));
    if (!body) {
        return fail(Problem::corrupt, "a body of a record is missing");
    }
    return parse_json(*body);
}

Result<Json> nodes_of(ports::StoreReader& reader, const ports::JobRow& row) {
    ATTACCA_TRY(const std::optional<std::string> body, reader.body(row.definition));
    if (!body) {
        return engine::missing_error(reader, row, row.definition);
    }
    ATTACCA_TRY(const core::Definition definition, core::load_definition(*body));
    std::vector<ports::NodeChunk> chunks;
    if (definition.nodes.size() > core::chunk_instances) {
        ATTACCA_TRY(chunks, reader.chunks(row.id));
    }
    Json nodes = Json::array();
    const std::size_t count = std::min(definition.nodes.size(), nodes_shown_max);
    for (std::size_t i = 0; i < count; ++i) {
        const auto chunk = static_cast<std::uint32_t>(i / core::chunk_instances);
        std::string_view images = chunk == 0 ? std::string_view{row.instances} : "";
        for (const ports::NodeChunk& one : chunks) {
            images = one.chunk == chunk && chunk > 0 ? std::string_view{one.instances} : images;
        }
        const std::size_t at = i % core::chunk_instances;
        const core::InstanceImage image =
            at < core::image_count(images) ? core::image_at(images, at) : core::InstanceImage{};
        Json node = Json::object();
        node.set("id", definition.nodes[i].id);
        node.set("status", core::name_of(image.state));
        node.set("attempts", static_cast<std::int64_t>(image.attempts));
        nodes.push(std::move(node));
    }
    return nodes;
}

// How an item calls itself, when its map gives no key.
std::string own_name(const Json& item) {
    if (item.is_string()) {
        return item.as_string();
    }
    if (item.is_integer()) {
        return item.text();
    }
    for (const char* key : {"key", "id", "name", "address"}) {
        const std::string text = text_member(item, key);
        if (!text.empty()) {
            return text;
        }
    }
    return {};
}

// What a map's key can see here: the item and the parameters.
class ItemNames final : public core::Names {
  public:
    ItemNames(const std::string& name, const Json& item, const Json& params)
        : name_(name), item_(item), params_(params) {}

    Result<Json> find(std::string_view root, std::string_view member) const override {
        if (root != name_ && root != "params") {
            return fail(Problem::expression_invalid, "not known here");
        }
        const Json& value = root == name_ ? item_ : params_;
        if (member.empty()) {
            return value;
        }
        const Json* found = value.find(member);
        return found == nullptr ? Json{} : *found;
    }
    [[nodiscard]] bool needs_succeeded() const override { return true; }
    [[nodiscard]] bool needs_failed() const override { return false; }

  private:
    const std::string& name_;
    const Json& item_;
    const Json& params_;
};

}  // namespace

std::optional<Sha256> body_digest(const std::string& text) {
    constexpr std::string_view prefix = "sha256:";
    const std::string_view bare =
        text.starts_with(prefix) ? std::string_view{text}.substr(prefix.size()) : text;
    if (const auto digest = sha256_of_hex(bare)) {
        return digest;
    }
    const std::optional<std::string> bytes = unbase64(text);
    if (!bytes || bytes->size() != 32) {
        return std::nullopt;
    }
    Sha256 digest;
    std::transform(bytes->begin(), bytes->end(), digest.bytes.begin(),
                   [](char byte) { return static_cast<std::uint8_t>(byte); });
    return digest;
}

Result<ports::JobRow> stored_row(ports::StoreReader& reader, std::string_view id) {
    const std::optional<Uuid> uuid = Uuid::parse(id);
    std::optional<ports::JobRow> row;
    if (uuid) {
        ATTACCA_TRY(row, reader.job(core::JobId{*uuid}));
    }
    if (!row) {
        return fail(Problem::not_found, "there is no job \"" + quoted(id) + "\"");
    }
    return std::move(*row);
}

Result<std::vector<JobEvent>> stored_events(ports::StoreReader& reader,
                                            const ports::JobRow& row) {
    ATTACCA_TRY(const std::vector<core::StoredRecord> history,
                engine::entity_history(reader, row.last_gseq));
    std::vector<JobEvent> events;
    for (const core::StoredRecord& record : history) {
        ATTACCA_TRY(const std::string bytes, engine::record_bytes(reader, record.place.gseq));
        ATTACCA_TRY(JobEvent event, event_of_record(bytes));
        events.push_back(std::move(event));
    }
    std::sort(events.begin(), events.end(),
              [](const JobEvent& a, const JobEvent& b) { return a.gseq < b.gseq; });
    return events;
}

Json job_summary(const ports::JobRow& row) {
    Json job = Json::object();
    job.set("id", row.id.text());
    job.set("name", row.name);
    job.set("status", core::name_of(row.state));
    if (row.reason != core::JobReason::none) {
        job.set("reason", core::name_of(row.reason));
    }
    const std::int64_t total = std::max<std::int64_t>(1, row.total);
    job.set("progress", std::int64_t{row.done} * 100 / total);
    job.set("priority", core::name_of(row.priority));
    if (row.retry_of) {
        job.set("retry_of", row.retry_of->text());
    }
    job.set("created_at", rfc3339_ms(row.created_at));
    if (row.started_at.us != 0) {
        job.set("started_at", rfc3339_ms(row.started_at));
    }
    if (row.ended_at.us != 0) {
        job.set("ended_at", rfc3339_ms(row.ended_at));
    }
    job.set("counts", counts_of(row));
    job.set("cancelling", row.is_cancelling && !core::is_final(row.state));
    return job;
}

Result<Json> stored_job(ports::StoreReader& reader, const ports::JobRow& row) {
    Json job = job_summary(row);
    Result<Json> nodes = nodes_of(reader, row);
    if (nodes) {
        job.set("nodes", std::move(*nodes));
    } else if (nodes.error().problem != Problem::pruned) {
        return nodes.error();
    }
    if (!core::is_final(row.state)) {
        return job;
    }
    const Result<std::string> bytes = engine::record_bytes(reader, row.last_gseq);
    if (!bytes && bytes.error().problem == Problem::pruned) {
        return job;  // the row alone tells what it can
    }
    if (!bytes) {
        return bytes.error();
    }
    ATTACCA_TRY(const JobEvent last, event_of_record(*bytes));
    Result<Json> outputs = text_or_body(reader, last.data, "output");
    if (!outputs && outputs.error().problem == Problem::erased) {
        job.set("erased", true);
        return job;
    }
    if (!outputs) {
        return outputs.error();
    }
    if (outputs->is_object()) {
        job.set("outputs", std::move(*outputs));
    }
    return job;
}

bool is_of_sealed_job(const JobEvent& created) {
    return !text_member(created.data, "seal").empty();
}

std::optional<StoredLog> stored_log(const std::vector<JobEvent>& events,
                                    const LogWanted& wanted) {
    std::optional<StoredLog> found;
    bool is_sealed = false;
    for (const JobEvent& event : events) {
        is_sealed = is_sealed || (event.type == "job_created" && is_of_sealed_job(event));
        const std::int64_t item = wanted.item ? std::int64_t{*wanted.item} : -1;
        if (event.type != "attempt_ended" || text_member(event.data, "node") != wanted.node ||
            number_member(event.data, "item", -1) != item ||
            (wanted.attempt > 0 && number_member(event.data, "attempt") != wanted.attempt)) {
            continue;
        }
        found.reset();  // of an attempt without this stream nothing older is shown
        const Json* artifacts = event.data.find("artifacts");
        if (artifacts == nullptr || !artifacts->is_array()) {
            continue;
        }
        for (const Json& artifact : artifacts->as_array()) {
            const std::optional<Sha256> digest = body_digest(text_member(artifact, "d"));
            if (text_member(artifact, "n") == wanted.stream && digest) {
                found = {*digest, static_cast<std::uint64_t>(number_member(artifact, "s")),
                         is_sealed};
            }
        }
    }
    return found;
}

bool has_attempt(const std::vector<JobEvent>& events, const LogWanted& wanted) {
    const std::int64_t item = wanted.item ? std::int64_t{*wanted.item} : -1;
    return wanted.attempt == 0 ||
           std::any_of(events.begin(), events.end(), [&](const JobEvent& event) {
               return text_member(event.data, "node") == wanted.node &&
                      number_member(event.data, "item", -1) == item &&
                      number_member(event.data, "attempt") == wanted.attempt;
           });
}

Json::Array stored_artifacts(const std::vector<JobEvent>& events) {
    Json::Array files;
    const bool is_sealed = std::any_of(events.begin(), events.end(), [](const JobEvent& event) {
        return event.type == "job_created" && is_of_sealed_job(event);
    });
    const auto add = [&](const JobEvent& event, const Json& artifact) {
        const std::optional<Sha256> digest = body_digest(text_member(artifact, "d"));
        if (!digest) {
            return;
        }
        Json file = Json::object();
        file.set("name", text_member(artifact, "n"));
        file.set("node", text_member(event.data, "node"));
        if (const std::int64_t item = number_member(event.data, "item", -1); item >= 0) {
            file.set("item", item);
        }
        file.set("attempt", number_member(event.data, "attempt"));
        file.set("sha256", hex(*digest));
        file.set("bytes", number_member(artifact, "s"));
        file.set("media_type", text_member(artifact, "m"));
        if (artifact.find("t") != nullptr) {
            file.set("truncated", true);
        }
        if (is_sealed) {
            file.set("sealed", true);
        }
        files.push_back(std::move(file));
    };
    for (const JobEvent& event : events) {
        if (event.type != "attempt_ended") {
            continue;
        }
        const Json* artifacts = event.data.find("artifacts");
        if (artifacts != nullptr && artifacts->is_array()) {
            for (const Json& artifact : artifacts->as_array()) {
                add(event, artifact);
            }
        }
        if (const Json* output = event.data.find("output_file")) {
            add(event, *output);
        }
    }
    return files;
}

Result<std::string> log_end(const ports::Content& content, ports::SealKeys* keys,
                            const StoredLog& log, std::uint64_t bytes_max) {
    if (log.is_sealed) {
        ATTACCA_TRY(const std::string text,
                    engine::opened_file(content, keys, log.digest, log.bytes));
        return text.substr(text.size() - std::min<std::uint64_t>(text.size(), bytes_max));
    }
    const std::uint64_t length = std::min(log.bytes, bytes_max);
    return content.read(log.digest, log.bytes - length, length);
}

Json params_of(ports::StoreReader& reader, const JobEvent& created) {
    const Result<Json> details = text_or_body(reader, created.data, "details");
    const Json* params = details ? details->find("params") : nullptr;
    return params != nullptr && params->is_object() ? *params : Json::object();
}

std::vector<std::string> item_names(const core::NodeDef& node, const Json::Array& items,
                                    const Json& params) {
    std::vector<std::string> names;
    for (const Json& item : items) {
        std::string name;
        if (node.map && node.map->key) {
            const ItemNames known(node.map->as, item, params);
            Result<std::string> key = node.map->key->render(known);
            name = key ? std::move(*key) : std::string{};
        }
        names.push_back(name.empty() ? own_name(item) : std::move(name));
    }
    return names;
}

}  // namespace attacca::cli
