// SPDX-License-Identifier: Apache-2.0
#include <optional>
#include <string>
#include <utility>

#include "core/audit/text.h"
#include "core/ledger/profile.h"
#include "engine/audit.h"
#include "http/conditions.h"
#include "http/evidence_view.h"

// Who did what, as rows for an auditor: JSON, JSON lines or CSV.

namespace attacca::http {
namespace {

constexpr std::uint64_t audit_rows_default = 100;

struct AuditWanted {
    core::AuditFilter filter;
    core::AuditView view = core::AuditView::plain;
    std::string format = "json";
    std::uint64_t after = ports::no_gseq;
    std::uint64_t limit = audit_rows_default;
};

// Who runs the server may ask for another tenant's rows, or `*` for everybody's.
Result<std::string> tenant_wanted(Call& call) {
    const std::optional<std::string> name = call.query.take("tenant");
    if (!name || *name == call.tenant) {
        return call.tenant;
    }
    if (call.tenant != core::default_tenant) {
        return fail(Problem::forbidden, "the rows of another tenant are not yours to see");
    }
    return *name == "*" ? std::string() : *name;
}

Result<AuditWanted> audit_wanted(Call& call) {
    AuditWanted wanted;
    ATTACCA_TRY(wanted.filter.tenant, tenant_wanted(call));
    wanted.filter.actor = call.query.take("actor").value_or("");
    wanted.filter.entity = call.query.take("entity").value_or("");
    wanted.filter.types = call.query.take_list("type");
    ATTACCA_TRY(wanted.filter.from, call.query.take_time("from"));
    ATTACCA_TRY(wanted.filter.to, call.query.take_time("to"));
    if (const std::optional<std::string> result = call.query.take("result")) {
        wanted.filter.is_success = core::success_of(*result);
        if (!wanted.filter.is_success) {
            return Query::refusal("result", "expected success or failure");
        }
    }
    const std::optional<core::AuditView> view =
        core::audit_view_of(call.query.take("view").value_or("plain"));
    wanted.format = call.query.take("format").value_or("json");
    if (!view) {
        return Query::refusal("view", "expected plain, pci-dss or soc2");
    }
    if (wanted.format != "json" && wanted.format != "jsonl" && wanted.format != "csv") {
        return Query::refusal("format", "expected json, jsonl or csv");
    }
    wanted.view = *view;
    ATTACCA_TRY(wanted.after,
                call.query.take_number("after", ports::no_gseq, 0, core::record_integer_max));
    ATTACCA_TRY(wanted.limit,
                call.query.take_number("limit", audit_rows_default, 1, page_max));
    if (Result<void> done = call.query.finish(); !done) {
        return done.error();
    }
    return wanted;
}

// The head stands on the first page only, so that pages can be put one behind another.
std::string text_of_page(const engine::AuditPage& page, const AuditWanted& wanted,
                         const std::string& note) {
    if (wanted.format == "json") {
        return engine::audit_json(page, wanted.view, note);
    }
    const bool is_csv = wanted.format == "csv";
    std::string out;
    if (wanted.after == ports::no_gseq && is_csv) {
        core::append_audit_csv_head(out, wanted.view, note);
    } else if (wanted.after == ports::no_gseq) {
        out += "{\"about\":";
        core::append_audit_about(out, wanted.view, note);
        out += "}\n";
    }
    for (const core::AuditRow& row : page.rows) {
        if (is_csv) {
            core::append_audit_csv(out, wanted.view, row);
        } else {
            core::append_audit_json(out, wanted.view, row);
            out += '\n';
        }
    }
    return out;
}

Result<Response> audit_of(const Api& api, Call& call) {
    ATTACCA_TRY(const AuditWanted wanted, audit_wanted(call));
    ATTACCA_TRY(const engine::Evidence evidence, evidence_of(api));
    ATTACCA_TRY(const engine::AuditPage page,
                engine::audit_page(api.gateway.reader(), wanted.filter, evidence.size(),
                                   wanted.after, wanted.limit));
    Response response;
    response.body = text_of_page(page, wanted, evidence.signed_tree().note);
    if (wanted.format == "csv") {
        response.content_type = "text/csv; charset=utf-8; header=present";
        response.headers.push_back(
            {"Content-Disposition", "attachment; filename=\"audit.csv\""});
    } else if (wanted.format == "jsonl") {
        response.content_type = "application/jsonl";
    }
    if (page.next) {
        response.headers.push_back(
            {"Link", next_link(call.request, "after", std::to_string(*page.next))});
    }
    return response;
}

}  // namespace

void list_audit(Api& api, Call call) {
    Result<Response> response = audit_of(api, call);
    if (!response) {
        call.reply.refuse(response.error());
        return;
    }
    call.reply.send(std::move(*response));
}

}  // namespace attacca::http
