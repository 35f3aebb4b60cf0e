// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "cli/job_source.h"

namespace attacca::cli {
namespace {

std::string log_target(const std::string& id, const LogWanted& wanted) {
    std::string target = job_target(id, "/nodes/" + url_part(wanted.node) + "/logs?stream=" +
                                            url_part(wanted.stream));
    if (wanted.attempt > 0) {
        target += "&attempt=" + std::to_string(wanted.attempt);
    }
    if (wanted.item) {
        target += "&item=" + std::to_string(*wanted.item);
    }
    return target;
}

class ServerSource final : public JobSource {
  public:
    explicit ServerSource(const Client& client) : client_(client) {}

    Result<Json> list(const JobQuery& query) override {
        return client_.get(std::string{api_prefix} + "/jobs?" + query_text(query));
    }
    Result<Json> job(const std::string& id) override { return client_.get(job_target(id)); }
    Result<Json> events(const std::string& id) override {
        ATTACCA_TRY(Json::Array items, client_.events(id, ""));
        Json answer = Json::object();
        answer.set("items", std::move(items));
        return answer;
    }

    Result<std::vector<Instance>> instances(const std::string& id) override {
        constexpr std::size_t page = 1000;
        std::vector<Instance> all;
        for (std::size_t offset = 0;; offset += page) {
            ATTACCA_TRY(const Json answer,
                        client_.get(job_target(id, "/nodes?limit=" + std::to_string(page) +
                                                       "&offset=" + std::to_string(offset))));
            const Json* items = answer.find("items");
            if (items == nullptr || !items->is_array()) {
                return fail(Problem::internal, "the server's answer holds no nodes");
            }
            for (const Json& node : items->as_array()) {
                Instance instance;
                instance.node = text_member(node, "id");
                instance.key = text_member(node, "key");
                const std::int64_t item = number_member(node, "item", -1);
                if (item >= 0) {
                    instance.item = static_cast<std::uint32_t>(item);
                }
                instance.attempts = number_member(node, "attempts");
                all.push_back(std::move(instance));
            }
            if (items->as_array().size() < page) {
                return all;
            }
        }
    }

    Result<std::string> log(const std::string& id, const LogWanted& wanted) override {
        return client_.get_text(log_target(id, wanted));
    }
    Result<void> follow_log(const std::string& id, const LogWanted& wanted,
                            const std::function<bool(std::string_view)>& take) override {
        const std::string from = wanted.from == 0 ? "" : "&from=" + std::to_string(wanted.from);
        return client_.stream(log_target(id, wanted) + "&follow=true" + from, {}, take);
    }

    Result<Json::Array> artifacts(const std::string& id, const ArtifactsWanted& wanted) override {
        constexpr std::size_t page_size = 1000;
        std::string query = wanted.node.empty() ? "" : "node=" + url_part(wanted.node) + "&";
        query += wanted.item ? "item=" + std::to_string(*wanted.item) + "&" : "";
        query += wanted.attempt ? "attempt=" + std::to_string(*wanted.attempt) + "&" : "";
        for (Json::Array all;;) {
            ATTACCA_TRY(const Json page,
                        client_.get(job_target(id, "/artifacts?" + query + "limit=" +
                                                       std::to_string(page_size) + "&offset=" +
                                                       std::to_string(all.size()))));
            const Json* items = page.find("items");
            if (items == nullptr || !items->is_array()) {
                return fail(Problem::internal, "the server's answer holds no files");
            }
            all.insert(all.end(), items->as_array().begin(), items->as_array().end());
            if (items->as_array().size() < page_size) {
                return all;
            }
        }
    }
    Result<void> artifact(const std::string& id, const Json& artifact,
                          const std::function<bool(std::string_view)>& take) override {
        return client_.stream(job_target(id, "/artifacts/" + text_member(artifact, "sha256")), {},
                              take);
    }

  private:
    Client client_;
};

}  // namespace

std::string query_text(const JobQuery& query) {
    std::string text = "limit=" + std::to_string(query.limit);
    const auto add = [&](const char* name, const std::string& value) {
        if (!value.empty()) {
            text += std::string{"&"} + name + "=" + url_part(value);
        }
    };
    for (const std::string& status : query.statuses) {
        add("status", status);
    }
    add("type", query.type);
    add("waiting_for", query.waiting_for);
    add("tag", query.tag);
    add("text", query.text);
    add("created_after", query.created_after ? rfc3339_ms(*query.created_after) : "");
    add("cursor", query.cursor);
    return text;
}

std::unique_ptr<JobSource> server_source(const Client& client) {
    return std::make_unique<ServerSource>(client);
}

Result<Place> find_place(const Context& context) {
    const Result<Client> client = Client::find(context);
    const bool is_named = !context.settings.value("server").empty();
    if (client) {
        // A server that was killed leaves its file behind.
        const bool is_there =
            is_named || client->get("/api/v1/version").has_value() ||
            client->get("/livez").has_value();
        if (is_there) {
            return Place{*client, nullptr};
        }
    } else if (is_named || client.error().problem != Problem::unreachable) {
        return client.error();
    }
    Result<std::unique_ptr<Stored>> stored =
        context.env.open_stored(context.settings.value("data"));
    if (!stored) {
        return client ? fail(Problem::unreachable, client->server() + " does not answer")
                      : client.error();
    }
    return Place{std::nullopt, std::move(*stored)};
}

Result<std::unique_ptr<JobSource>> JobSource::find(const Context& context) {
    ATTACCA_TRY(Place place, find_place(context));
    return place.server ? server_source(*place.server) : stored_source(std::move(place.stored),
                                        context.settings.value("tenant"));
}

}  // namespace attacca::cli
