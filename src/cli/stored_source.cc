// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "cli/job_source.h"
#include "cli/stored_job.h"
#include "engine/history.h"
#include "engine/unsealing.h"

namespace attacca::cli {
namespace {

std::uint32_t kind_bit(const std::string& name) {
    const std::optional<core::NodeKind> kind = core::node_kind_of(name);
    return kind ? 1U << static_cast<std::uint32_t>(*kind) : 0U;
}

Json event_json(const JobEvent& event) {
    Json out = Json::object();
    out.set("id", static_cast<std::int64_t>(event.gseq));
    out.set("type", event.type);
    out.set("time", rfc3339_ms(event.at));
    out.set("actor", event.actor);
    out.set("job", event.job);
    out.set("data", event.data);
    return out;
}

class StoredSource final : public JobSource {
  public:
    StoredSource(std::unique_ptr<Stored> stored, std::string tenant)
        : stored_(std::move(stored)), tenant_(std::move(tenant)) {}

    Result<Json> list(const JobQuery& query) override {
        ports::JobFilter filter;
        filter.tenant = tenant_;
        for (const std::string& status : query.statuses) {
            if (const auto state = core::job_state_of(status)) {
                filter.states.push_back(*state);
            }
        }
        filter.kinds = kind_bit(query.type);
        filter.awaits_approval = !query.waiting_for.empty();
        filter.tag = query.tag;
        filter.text = query.text;
        filter.created_after = query.created_after;
        filter.limit = query.limit;
        if (!query.cursor.empty()) {
            const std::optional<Uuid> after = Uuid::parse(query.cursor);
            if (!after) {
                return fail(Problem::cursor_invalid, "\"" + quoted(query.cursor) + "\"");
            }
            filter.after = core::JobId{*after};
        }
        ATTACCA_TRY(const ports::JobPage page, stored_->opening_reader().jobs(filter));
        Json items = Json::array();
        for (const ports::JobRow& row : page.rows) {
            items.push(job_summary(row));
        }
        Json answer = Json::object();
        answer.set("items", std::move(items));
        answer.set("total", static_cast<std::int64_t>(page.total));
        answer.set("limit", std::int64_t{query.limit});
        answer.set("offset", std::int64_t{0});
        if (page.has_more && !page.rows.empty()) {
            answer.set("next_cursor", page.rows.back().id.text());
        }
        return answer;
    }

    Result<Json> job(const std::string& id) override {
        ATTACCA_TRY(const ports::JobRow row, own_row(id));
        return stored_job(stored_->opening_reader(), row);
    }

    Result<Json> events(const std::string& id) override {
        ATTACCA_TRY(const std::vector<JobEvent> all, history(id));
        Json items = Json::array();
        for (const JobEvent& event : all) {
            items.push(event_json(event));
        }
        Json answer = Json::object();
        answer.set("items", std::move(items));
        return answer;
    }

    Result<std::vector<Instance>> instances(const std::string& id) override {
        ATTACCA_TRY(const ports::JobRow row, own_row(id));
        ATTACCA_TRY(const std::optional<std::string> body,
                    stored_->opening_reader().body(row.definition));
        if (!body) {
            return engine::missing_error(stored_->opening_reader(), row, row.definition);
        }
        ATTACCA_TRY(const core::Definition definition, core::load_definition(*body));
        std::vector<Instance> all;
        for (const core::NodeDef& node : definition.nodes) {
            all.push_back({node.id, std::nullopt, ""});
        }
        ATTACCA_TRY(const std::vector<JobEvent> events,
                    stored_events(stored_->opening_reader(), row));
        Json params = Json::object();
        for (const JobEvent& event : events) {
            if (event.type == "job_created") {
                params = params_of(stored_->opening_reader(), event);
            } else if (event.type == "map_expanded") {
                ATTACCA_TRY(std::vector<Instance> items, items_of(definition, event, params));
                std::move(items.begin(), items.end(), std::back_inserter(all));
            }
        }
        return all;
    }

    Result<std::string> log(const std::string& id, const LogWanted& wanted) override {
        ATTACCA_TRY(const std::vector<JobEvent> all, history(id));
        if (!has_attempt(all, wanted)) {
            return fail(Problem::not_found, "the node has no such attempt");
        }
        const std::optional<StoredLog> log = stored_log(all, wanted);
        if (!log) {
            return std::string{};
        }
        return log_end(stored_->content(), stored_->seal_keys(), *log, log->bytes);
    }

    Result<void> follow_log(const std::string& id, const LogWanted& wanted,
                            const std::function<bool(std::string_view)>& take) override {
        // Without a server nothing runs: what is there is all there will be.
        const Result<std::string> text = log(id, wanted);
        if (!text) {
            return text.error();
        }
        if (text->size() > wanted.from) {
            static_cast<void>(take(std::string_view(*text).substr(wanted.from)));
        }
        return {};
    }

    Result<Json::Array> artifacts(const std::string& id, const ArtifactsWanted& wanted) override {
        ATTACCA_TRY(const std::vector<JobEvent> all, history(id));
        ATTACCA_TRY(const std::vector<Instance> known, instances(id));
        std::map<std::string, std::size_t> places;
        for (const Instance& instance : known) {
            places.try_emplace(instance.node, places.size());
        }
        Json::Array files;
        for (Json& file : stored_artifacts(all)) {
            const auto fits = [&](const char* key, const std::optional<std::uint64_t>& number) {
                return !number ||
                       number_member(file, key, -1) == static_cast<std::int64_t>(*number);
            };
            const bool is_node = wanted.node.empty() || text_member(file, "node") == wanted.node;
            if (is_node && fits("item", wanted.item) && fits("attempt", wanted.attempt)) {
                files.push_back(std::move(file));
            }
        }
        const auto place_of = [&](const Json& file) {
            return std::tuple(places[text_member(file, "node")], number_member(file, "item", -1),
                              number_member(file, "attempt"));
        };
        std::stable_sort(files.begin(), files.end(), [&](const Json& a, const Json& b) {
            return place_of(a) < place_of(b);
        });
        return files;
    }

    Result<void> artifact(const std::string&, const Json& artifact,
                          const std::function<bool(std::string_view)>& take) override {
        constexpr std::uint64_t piece_bytes = std::uint64_t{1} << 20U;
        const std::optional<Sha256> digest = body_digest(text_member(artifact, "sha256"));
        const auto bytes = static_cast<std::uint64_t>(number_member(artifact, "bytes"));
        if (digest && artifact.find("sealed") != nullptr) {
            ATTACCA_TRY(const std::string text,
                        engine::opened_file(stored_->content(), stored_->seal_keys(), *digest,
                                            bytes));
            static_cast<void>(take(text));
            return {};
        }
        for (std::uint64_t at = 0; digest && at < bytes; at += piece_bytes) {
            ATTACCA_TRY(const std::string piece,
                        stored_->content().read(*digest, at, std::min(piece_bytes, bytes - at)));
            if (piece.empty() || !take(piece)) {
                break;  // whoever takes it sees by the digest that something is missing
            }
        }
        return {};
    }

  private:
    Result<ports::JobRow> own_row(const std::string& id) {
        ATTACCA_TRY(ports::JobRow row, stored_row(stored_->opening_reader(), id));
        if (row.tenant != tenant_) {
            return fail(Problem::not_found, "there is no job \"" + quoted(id) + "\"");
        }
        return row;
    }

    Result<std::vector<JobEvent>> history(const std::string& id) {
        ATTACCA_TRY(const ports::JobRow row, own_row(id));
        return stored_events(stored_->opening_reader(), row);
    }

    Result<std::vector<Instance>> items_of(const core::Definition& definition,
                                           const JobEvent& event, const Json& params) {
        std::vector<Instance> all;
        const std::string node = text_member(event.data, "node");
        const core::NodeIndex index = definition.find(node);
        const std::optional<Sha256> digest = body_digest(text_member(event.data, "body"));
        if (index == core::no_index || !digest) {
            return all;
        }
        ATTACCA_TRY(const std::optional<std::string> body, stored_->opening_reader().body(*digest));
        ATTACCA_TRY(const Json items, parse_json(body.value_or("[]")));
        if (!items.is_array()) {
            return all;
        }
        std::uint32_t item = 0;
        for (std::string& name : item_names(definition.nodes[index], items.as_array(), params)) {
            all.push_back({node, item++, std::move(name)});
        }
        return all;
    }

    std::unique_ptr<Stored> stored_;
    std::string tenant_;
};

}  // namespace

std::unique_ptr<JobSource> stored_source(std::unique_ptr<Stored> stored, std::string tenant) {
    return std::make_unique<StoredSource>(std::move(stored), std::move(tenant));
}

}  // namespace attacca::cli
