// SPDX-License-Identifier: Apache-2.0
#include "http/evidence_view.h"

#include <memory>
#include <optional>
#include <utility>

#include "base/bytes.h"
#include "engine/history.h"

namespace attacca::http {
namespace {

constexpr std::string_view job_prefix = "job/";

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
    if (!may_see(call, view.tenant)) {
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

Result<EntityEnd> find_entity(const Api& api, const Call& call, std::string_view name) {
    const bool is_job = name.starts_with(job_prefix);
    const std::string_view id = is_job ? name.substr(job_prefix.size()) : name;
    if (is_job || Uuid::parse(id)) {
        ATTACCA_TRY(ports::JobRow row, api.jobs.find(call.tenant, id));
        return EntityEnd{std::string(job_prefix) + row.id.text(), std::move(row.tenant),
                         row.last_gseq};
    }
    ATTACCA_TRY(const std::vector<ports::EntityHead> heads, api.gateway.reader().entities());
    for (const ports::EntityHead& head : heads) {
        if (head.entity == name && may_see(call, head.tenant)) {
            return EntityEnd{head.entity, head.tenant, head.last_gseq};
        }
    }
    return fail(Problem::not_found, "there is no such entity");
}

}  // namespace attacca::http
