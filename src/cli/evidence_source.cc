// SPDX-License-Identifier: Apache-2.0
#include "cli/evidence_source.h"

#include <optional>
#include <utility>

#include "cli/job_source.h"
#include "cli/stored_job.h"
#include "core/ledger/hash.h"
#include "core/ledger/profile.h"
#include "engine/bundle.h"
#include "engine/entity_check.h"
#include "engine/entity_records.h"
#include "engine/history.h"

namespace attacca::cli {
namespace {

constexpr std::string_view evidence_prefix = "/api/v1/evidence";

std::string evidence_target(std::string_view job, std::string_view rest) {
    return std::string{evidence_prefix} + "/job/" + url_part(job) + std::string{rest};
}

class ServerEvidence final : public EvidenceSource {
  public:
    explicit ServerEvidence(Client client) : client_(std::move(client)) {}

    Result<std::string> checkpoint() override {
        return client_.get_text(std::string{evidence_prefix} + "/checkpoint");
    }
    Result<Json::Array> records(const std::string& job) override {
        Json::Array all;
        std::string after;
        while (true) {
            ATTACCA_TRY(const Json page,
                        client_.get(std::string{evidence_prefix} + "/records?limit=1000&entity=" +
                                    url_part("job/" + job) + after));
            const Json* items = page.find("items");
            if (items == nullptr || !items->is_array()) {
                return fail(Problem::internal, "the server's answer holds no records");
            }
            all.insert(all.end(), items->as_array().begin(), items->as_array().end());
            const Json* next = page.find("next_after");
            if (next == nullptr || items->as_array().empty()) {
                return all;
            }
            after = "&after=" + next->text();
        }
    }
    Result<Json> verify(const std::string& job) override {
        return client_.get(evidence_target(job, "/verify"));
    }
    Result<void> bundle(const std::string& job, const std::vector<std::uint64_t>& old_sizes,
                        const std::function<bool(std::string_view)>& take) override {
        std::string query;
        for (const std::uint64_t size : old_sizes) {
            query += (query.empty() ? "?old=" : ",") + std::to_string(size);
        }
        return client_.stream(evidence_target(job, "/bundle" + query), {}, take);
    }

  private:
    Client client_;
};

class StoredEvidence final : public EvidenceSource {
  public:
    explicit StoredEvidence(std::unique_ptr<Stored> stored) : stored_(std::move(stored)) {}

    Result<std::string> checkpoint() override {
        ATTACCA_TRY(const auto tree, signed_tree());
        return tree->note;
    }
    Result<Json::Array> records(const std::string& job) override {
        ATTACCA_TRY(const ports::JobRow row, stored_row(stored_->reader(), job));
        ATTACCA_TRY(const std::vector<std::uint64_t> positions,
                    engine::entity_positions(stored_->reader(), row.last_gseq, ports::no_gseq));
        Json::Array all;
        for (const std::uint64_t gseq : positions) {
            ATTACCA_TRY(const std::string bytes, engine::record_bytes(stored_->reader(), gseq));
            ATTACCA_TRY(const core::RecordHeader header, core::read_header(bytes));
            ATTACCA_TRY(Json record, parse_json(bytes));
            Json item = Json::object();
            item.set("gseq", static_cast<std::int64_t>(header.gseq));
            item.set("eseq", static_cast<std::int64_t>(header.eseq));
            item.set("entity", header.entity);
            item.set("type", header.type);
            item.set("time", rfc3339_ms(header.at));
            item.set("link", hex(core::leaf_hash(bytes)));
            item.set("record", std::move(record));
            all.push_back(std::move(item));
        }
        return all;
    }
    Result<Json> verify(const std::string& job) override {
        ATTACCA_TRY(const ports::JobRow row, stored_row(stored_->reader(), job));
        ATTACCA_TRY(const auto tree, signed_tree());
        ATTACCA_TRY(const engine::EntityCheck check,
                    engine::check_entity(stored_->reader(), stored_->content(), tree,
                                         "job/" + row.id.text(), row.last_gseq));
        return engine::json_of(check);
    }
    Result<void> bundle(const std::string& job, const std::vector<std::uint64_t>& old_sizes,
                        const std::function<bool(std::string_view)>& take) override {
        ATTACCA_TRY(const ports::JobRow row, stored_row(stored_->reader(), job));
        ATTACCA_TRY(const auto tree, signed_tree());
        ATTACCA_TRY(const auto bundle,
                    engine::Bundle::collect(stored_->reader(), stored_->content(), tree,
                                            {"job/" + row.id.text(), row.last_gseq, old_sizes}));
        while (true) {
            ATTACCA_TRY(const std::string piece, bundle->next());
            if (piece.empty() || !take(piece)) {
                return {};
            }
        }
    }

  private:
    Result<std::shared_ptr<const engine::SignedTree>> signed_tree() {
        ATTACCA_TRY(const core::NoteKey key, stored_->key());
        ATTACCA_TRY(auto tree, engine::load_signed_tree(stored_->reader(), key));
        if (tree == nullptr) {
            return fail(Problem::not_found, "nothing is signed yet");
        }
        return tree;
    }

    std::unique_ptr<Stored> stored_;
};

}  // namespace

Result<std::unique_ptr<EvidenceSource>> EvidenceSource::find(const Context& context) {
    ATTACCA_TRY(Place place, find_place(context));
    if (place.server) {
        return std::unique_ptr<EvidenceSource>(std::make_unique<ServerEvidence>(*place.server));
    }
    return std::unique_ptr<EvidenceSource>(
        std::make_unique<StoredEvidence>(std::move(place.stored)));
}

}  // namespace attacca::cli
