// SPDX-License-Identifier: Apache-2.0
#include "http/evidence_view.h"

#include <memory>
#include <optional>
#include <utility>

#include "base/bytes.h"
#include "core/ledger/hash.h"
#include "core/ledger/profile.h"
#include "engine/assurance.h"
#include "engine/entity_records.h"
#include "engine/history.h"
#include "http/json_out.h"

namespace attacca::http {
namespace {

constexpr std::string_view job_prefix = "job/";

// What was set for a tenant is also the affair of who set it.
bool may_see_entity(const Call& call, std::string_view tenant, std::string_view entity) {
    return may_see(call, tenant) ||
           (call.tenant == core::default_tenant && entity.starts_with("tenant/"));
}

Error no_record() {
    return fail(Problem::not_found, "there is no such record");
}

}  // namespace

Result<engine::Evidence> evidence_of(const Api& api) {
    std::shared_ptr<const engine::SignedTree> signed_tree = api.gateway.signed_tree();
    if (signed_tree == nullptr) {
        return fail(Problem::unavailable, "nothing is signed yet");
    }
    return engine::Evidence(api.gateway.reader(), std::move(signed_tree));
}

bool may_see(const Call& call, std::string_view tenant) {
    return tenant == call.tenant || tenant == core::system_tenant;
}

Result<std::string> visible_record(const Api& api, const Call& call, std::string_view gseq) {
    const std::optional<std::uint64_t> position = parse_u64(gseq);
    ATTACCA_TRY(const engine::Evidence evidence, evidence_of(api));
    if (!position || *position >= evidence.size()) {
        return no_record();
    }
    ATTACCA_TRY(std::string bytes, engine::record_bytes(api.gateway.reader(), *position));
    ATTACCA_TRY(const RecordView view, view_record(bytes));
    if (!may_see_entity(call, view.tenant, view.entity)) {
        return no_record();
    }
    return bytes;
}

std::string receipt_link(const core::JobId& id, std::uint64_t eseq) {
    std::string link = "</api/v1/evidence/job/" + id.text() + "/receipt";
    if (eseq > 0) {
        link += "?eseq=" + std::to_string(eseq);
    }
    return link + ">; rel=\"receipt\"";
}

Header newest_receipt(std::string_view entity) {
    std::string link = "</api/v1/evidence/";
    if (entity.starts_with(job_prefix)) {
        link += std::string(entity) + "/receipt?eseq=last";
    } else {
        for (const char c : entity) {
            link += c == '/' ? "%2F" : std::string(1, c);
        }
        link += "/receipt";
    }
    return {"Link", link + ">; rel=\"receipt\""};
}

Result<std::string> receipt_member(const Api& api, const ports::JobRow& row) {
    ports::StoreReader& reader = api.gateway.reader();
    ATTACCA_TRY(const std::vector<std::uint64_t> positions,
                engine::entity_positions(reader, row.last_gseq, ports::no_gseq));
    ATTACCA_TRY(engine::Evidence evidence, evidence_of(api));
    ATTACCA_TRY(const std::string bytes, engine::record_bytes(reader, positions.front()));
    ATTACCA_TRY(const core::RecordHeader header, core::read_header(bytes));
    ATTACCA_TRY(const std::string receipt, evidence.receipt(positions.front()));
    ATTACCA_TRY(const std::string assurance,
                engine::assurance_of(reader, evidence.signed_tree(), header.gseq));
    std::string member;
    ObjectOut out(member);
    out.number("gseq", header.gseq);
    out.number("eseq", header.eseq);
    out.text("link", base64(core::leaf_hash(bytes).view()));
    out.text("prev", base64(header.prev.view()));
    out.text("checkpoint", evidence.signed_tree().note);
    out.text("proof", receipt);
    out.text("record", bytes);
    out.text("assurance", assurance);
    out.end();
    return member;
}

Result<EntityEnd> find_entity(const Api& api, const Call& call, std::string_view name) {
    const bool is_job = name.starts_with(job_prefix);
    const std::string_view id = is_job ? name.substr(job_prefix.size()) : name;
    if (is_job || Uuid::parse(id)) {
        ATTACCA_TRY(ports::JobRow row, api.jobs.find(call.tenant, id));
        return EntityEnd{std::string(job_prefix) + row.id.text(), std::move(row.tenant),
                         row.last_gseq};
    }
    ATTACCA_TRY(const std::optional<ports::EntityHead> head,
                api.gateway.reader().entity(std::string(name)));
    if (head && may_see_entity(call, head->tenant, name)) {
        return EntityEnd{head->entity, head->tenant, head->last_gseq};
    }
    return fail(Problem::not_found, "there is no such entity");
}

}  // namespace attacca::http
