// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "base/digest.h"
#include "base/signature.h"
#include "engine/history.h"
#include "http/api.h"
#include "http/conditions.h"
#include "http/json_out.h"
#include "http/node_view.h"
#include "http/query.h"

// Jobs, their definitions and their nodes, from the store.

namespace attacca::http {
namespace {

constexpr std::uint64_t page_default = 50;
constexpr std::uint64_t offset_max = 10'000'000;
constexpr std::size_t id_bytes = 16;
constexpr std::size_t mark_bytes = 8;

// What the filter selects, as text: a cursor is good for that only.
std::string filter_text(const ports::JobFilter& filter) {
    std::string text = filter.tenant + '\n' + filter.tag + '\n' + filter.text + '\n' +
                       std::to_string(filter.kinds) + (filter.awaits_approval ? "w" : "") +
                       (filter.parent ? filter.parent->text() : std::string());
    for (const core::JobState state : filter.states) {
        text += '\n';
        text += core::name_of(state);
    }
    text += '\n' + std::to_string(filter.created_after.value_or(WallTime{-1}).us) + '\n' +
            std::to_string(filter.created_before.value_or(WallTime{-1}).us);
    return text;
}

// A cursor is the last id and a mark that only this server can make.
std::string mark_of(const Api& api, const ports::JobFilter& filter, std::string_view id) {
    const Sha256 digest =
        sha256({api.options.secret.view(), "cursor\n", filter_text(filter), "\n", id});
    return std::string(digest.view().substr(0, mark_bytes));
}

std::string cursor_of(const Api& api, const ports::JobFilter& filter, const core::JobId& last) {
    return hex(std::string(last.uuid.view()) + mark_of(api, filter, last.uuid.view()));
}

Result<void> apply_cursor(const Api& api, const std::string& text, ports::JobFilter& filter) {
    const std::optional<std::string> bytes = unhex(text);
    const bool is_whole = bytes && bytes->size() == id_bytes + mark_bytes;
    const std::string_view view = is_whole ? std::string_view(*bytes) : std::string_view();
    if (!is_whole || !equal_in_constant_time(view.substr(id_bytes),
                                             mark_of(api, filter, view.substr(0, id_bytes)))) {
        return fail(Problem::cursor_invalid, "the cursor is not one of this listing");
    }
    filter.after = core::JobId{Uuid::of_bytes(view.substr(0, id_bytes))};
    return {};
}

Result<void> take_names(Query& query, ports::JobFilter& filter) {
    for (const std::string& name : query.take_list("status")) {
        const std::optional<core::JobState> state = core::job_state_of(name);
        if (!state) {
            return Query::refusal("status", "`" + quoted(name) + "` is no state of a job");
        }
        filter.states.push_back(*state);
    }
    for (const std::string& name : query.take_list("type")) {
        const std::optional<core::NodeKind> kind = core::kind_of_type(name);
        if (!kind) {
            return Query::refusal("type", "`" + quoted(name) + "` is no kind of node");
        }
        filter.kinds |= 1U << static_cast<unsigned>(*kind);
    }
    return {};
}

Result<ports::JobFilter> filter_of(const Api& api, Call& call) {
    Query& query = call.query;
    ports::JobFilter filter;
    filter.tenant = call.tenant;
    if (Result<void> done = take_names(query, filter); !done) {
        return done.error();
    }
    if (const std::optional<std::string> what = query.take("waiting_for")) {
        if (*what != "approval") {
            return Query::refusal("waiting_for", "the only thing to ask for is `approval`");
        }
        filter.awaits_approval = true;
    }
    if (const std::optional<std::string> parent = query.take("parent")) {
        const std::optional<Uuid> id = Uuid::parse(*parent);
        if (!id) {
            return Query::refusal("parent", "`" + quoted(*parent) + "` is no id of a job");
        }
        filter.parent = core::JobId{*id};
    }
    filter.tag = query.take("tag").value_or("");
    filter.text = query.take("text").value_or("");
    ATTACCA_TRY(filter.created_after, query.take_time("created_after"));
    ATTACCA_TRY(filter.created_before, query.take_time("created_before"));
    ATTACCA_TRY(const std::uint64_t limit, query.take_number("limit", page_default, 1, page_max));
    ATTACCA_TRY(const std::uint64_t offset, query.take_number("offset", 0, 0, offset_max));
    filter.limit = static_cast<std::uint32_t>(limit);
    filter.offset = static_cast<std::uint32_t>(offset);
    const std::optional<std::string> cursor = query.take("cursor");
    if (Result<void> done = query.finish(); !done) {
        return done.error();
    }
    if (cursor) {
        if (Result<void> done = apply_cursor(api, *cursor, filter); !done) {
            return done.error();
        }
    }
    return filter;
}

// `next`: the cursor of the page behind this one; stays empty at the last one.
Result<std::string> page_of(const Api& api, Call& call, std::string& next) {
    ATTACCA_TRY(const ports::JobFilter filter, filter_of(api, call));
    ATTACCA_TRY(const ports::JobPage page, api.gateway.reader().jobs(filter));
    std::string body;
    ObjectOut out(body);
    ArrayOut items(out.key("items"));
    for (const ports::JobRow& row : page.rows) {
        if (Result<void> done = api.jobs.append(items.element(), row, JobForm::listed); !done) {
            return done.error();
        }
    }
    items.end();
    out.number("total", page.total);
    out.number("limit", filter.limit);
    out.number("offset", filter.offset);
    if (page.has_more && !page.rows.empty()) {
        next = cursor_of(api, filter, page.rows.back().id);
        out.text("next_cursor", next);
    }
    out.end();
    return body;
}

// `next`: the offset of the page behind this one; stays empty at the last one.
Result<std::string> nodes_of(const Api& api, Call& call, std::string& next) {
    ATTACCA_TRY(const std::uint64_t limit, call.query.take_number("limit", page_max, 1, page_max));
    ATTACCA_TRY(const std::uint64_t offset, call.query.take_number("offset", 0, 0, offset_max));
    if (Result<void> done = call.query.finish(); !done) {
        return done.error();
    }
    ATTACCA_TRY(const ports::JobRow row, api.jobs.find(call.tenant, call.path.front()));
    ATTACCA_TRY(const NodeView view, NodeView::load(api.jobs, row));
    std::string body;
    ObjectOut out(body);
    ArrayOut items(out.key("items"));
    const std::size_t end = std::min<std::size_t>(view.instance_count(), offset + limit);
    for (std::size_t i = offset; i < end; ++i) {
        if (Result<void> done = view.append(items.element(), i); !done) {
            return done.error();
        }
    }
    items.end();
    out.number("total", view.instance_count());
    out.number("limit", limit);
    out.number("offset", offset);
    out.end();
    if (end < view.instance_count()) {
        next = std::to_string(offset + limit);
    }
    return body;
}

Result<std::string> definition_of(const Api& api, const Call& call) {
    if (Result<void> done = call.query.finish(); !done) {
        return done.error();
    }
    ATTACCA_TRY(const ports::JobRow row, api.jobs.find(call.tenant, call.path.front()));
    ATTACCA_TRY(std::optional<std::string> body,
                api.jobs.reader().body(row.definition));
    return body ? Result<std::string>(std::move(*body))
                : engine::missing_error(api.jobs.reader(), row, row.definition);
}

Result<ports::JobRow> row_of(const Api& api, const Call& call) {
    if (Result<void> done = call.query.finish(); !done) {
        return done.error();
    }
    return api.jobs.find(call.tenant, call.path.front());
}

// A job changes with its records, so the number of the last one tells its versions apart.
Response job_response(const Api& api, const Call& call) {
    const Result<ports::JobRow> row = row_of(api, call);
    if (!row) {
        return call.reply.response_of(200, row.error());
    }
    Response response = call.reply.response_of(200, api.jobs.json(*row, JobForm::current));
    response.version = version_of_tag(row->eseq);
    return response;
}

void send_page(const Call& call,
               Result<std::string> body,
               std::string_view parameter,
               const std::string& next) {
    Response response = call.reply.response_of(200, std::move(body));
    if (!next.empty()) {
        response.headers.push_back({"Link", next_link(call.request, parameter, next)});
    }
    call.reply.send(std::move(response));
}

}  // namespace

void list_jobs(Api& api, Call call) {
    std::string next;
    Result<std::string> body = page_of(api, call, next);
    send_page(call, std::move(body), "cursor", next);
}

void get_job(Api& api, Call call) {
    call.reply.send(job_response(api, call));
}

void get_definition(Api& api, Call call) {
    call.reply.send(call.reply.response_of(200, definition_of(api, call)));
}

void list_nodes(Api& api, Call call) {
    std::string next;
    Result<std::string> body = nodes_of(api, call, next);
    send_page(call, std::move(body), "offset", next);
}

}  // namespace attacca::http
