// SPDX-License-Identifier: Apache-2.0
#include "cli/audit_source.h"

#include <utility>

#include "cli/job_source.h"
#include "core/audit/text.h"
#include "engine/audit.h"
#include "engine/signed_tree.h"

namespace attacca::cli {
namespace {

class ServerAudit final : public AuditSource {
  public:
    explicit ServerAudit(Client client) : client_(std::move(client)) {}

    Result<Json> page(const AuditQuery& query, std::optional<std::uint64_t> after,
                      std::uint64_t limit) override {
        std::string target = "/api/v1/audit?view=" + query.view +
                             "&limit=" + std::to_string(limit);
        const auto add = [&](std::string_view name, const std::string& value) {
            if (!value.empty()) {
                target += "&" + std::string{name} + "=" + url_part(value);
            }
        };
        add("actor", query.actor);
        add("entity", query.entity);
        for (const std::string& type : query.types) {
            add("type", type);
        }
        add("result", query.result);
        add("from", query.from ? rfc3339_ms(*query.from) : "");
        add("to", query.to ? rfc3339_ms(*query.to) : "");
        add("tenant", query.is_of_all_tenants ? "*" : "");
        add("after", after ? std::to_string(*after) : "");
        return client_.get(target);
    }

  private:
    Client client_;
};

class StoredAudit final : public AuditSource {
  public:
    StoredAudit(std::unique_ptr<Stored> stored, std::string tenant)
        : stored_(std::move(stored)), tenant_(std::move(tenant)) {}

    Result<Json> page(const AuditQuery& query, std::optional<std::uint64_t> after,
                      std::uint64_t limit) override {
        if (tree_ == nullptr) {
            ATTACCA_TRY(const core::NoteKey key, stored_->key());
            ATTACCA_TRY(tree_, engine::load_signed_tree(stored_->reader(), key));
        }
        if (tree_ == nullptr) {
            return fail(Problem::not_found, "nothing is signed yet");
        }
        core::AuditFilter filter;
        filter.tenant = query.is_of_all_tenants ? std::string() : tenant_;
        filter.actor = query.actor;
        filter.entity = query.entity;
        filter.types = query.types;
        filter.is_success = core::success_of(query.result);
        filter.from = query.from;
        filter.to = query.to;
        ATTACCA_TRY(const engine::AuditPage found,
                    engine::audit_page(stored_->reader(), filter, tree_->tree.size(),
                                       after.value_or(ports::no_gseq), limit));
        return parse_json(engine::audit_json(
            found, core::audit_view_of(query.view).value_or(core::AuditView::plain),
            tree_->note));
    }

  private:
    std::unique_ptr<Stored> stored_;
    const std::string tenant_;
    std::shared_ptr<const engine::SignedTree> tree_;
};

}  // namespace

Result<std::unique_ptr<AuditSource>> AuditSource::find(const Context& context) {
    ATTACCA_TRY(Place place, find_place(context));
    if (place.server) {
        return std::unique_ptr<AuditSource>(std::make_unique<ServerAudit>(*place.server));
    }
    return std::unique_ptr<AuditSource>(std::make_unique<StoredAudit>(
        std::move(place.stored), context.settings.value("tenant")));
}

}  // namespace attacca::cli
