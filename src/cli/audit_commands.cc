// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "cli/audit_source.h"
#include "cli/commands.h"
#include "cli/job_event.h"
#include "cli/text.h"
#include "core/audit/text.h"

// audit list, export.

namespace attacca::cli {
namespace {

constexpr std::uint64_t listed_default = 100;
constexpr std::uint64_t rows_at_once = 1000;

// An instant, or a day of UTC, which is its beginning.
Result<std::optional<WallTime>> instant_of(const Context& context, std::string_view flag) {
    const std::optional<std::string> text = context.in.value(flag);
    if (!text) {
        return std::optional<WallTime>();
    }
    const Result<WallTime> at = parse_rfc3339(text->size() == 10 ? *text + "T00:00:00Z" : *text);
    if (!at) {
        return fail(Problem::usage, "--" + std::string{flag} +
                                        " is an instant like 2026-03-01T12:00:00Z, or a day");
    }
    return std::optional<WallTime>(*at);
}

Result<AuditQuery> audit_query_of(const Context& context) {
    AuditQuery query;
    query.view = context.in.value("view").value_or("plain");
    query.actor = context.in.value("actor").value_or("");
    query.entity = context.in.value("entity").value_or("");
    query.types = context.in.values("type");
    query.result = context.in.value("result").value_or("");
    query.is_of_all_tenants = context.in.has("all-tenants");
    ATTACCA_TRY(query.from, instant_of(context, "from"));
    ATTACCA_TRY(query.to, instant_of(context, "to"));
    return query;
}

Result<const Json*> audit_items(const Json& page) {
    const Json* items = page.find("items");
    if (items == nullptr || !items->is_array() || page.find("about") == nullptr) {
        return fail(Problem::internal, "the answer holds no rows");
    }
    return items;
}

std::optional<std::uint64_t> next_of(const Json& page) {
    const Json* next = page.find("next_after");
    return next != nullptr && next->is_integer()
               ? std::optional(static_cast<std::uint64_t>(next->as_integer()))
               : std::nullopt;
}

std::string cell_of(const Json& value) {
    return value.is_string() ? value.as_string() : value.text();
}

std::string table_of(const Json::Array& rows, const TimeWords& times, bool has_header) {
    TextTable table({"GSEQ", "TIME", "ACTOR", "TYPE", "RESULT", "TARGET"});
    for (const Json& row : rows) {
        table.add({std::to_string(number_member(row, "gseq", 0)),
                   times.instant(text_member(row, "time")), printable(text_member(row, "actor")),
                   printable(text_member(row, "type")), printable(text_member(row, "result")),
                   printable(text_member(row, "target"))});
    }
    return table.text(has_header);
}

// Writes pages one behind another in the form that was asked for.
class AuditWriter {
  public:
    AuditWriter(std::string format, std::string_view view) : format_(std::move(format)) {
        view_ = core::audit_view_of(view).value_or(core::AuditView::plain);
    }

    [[nodiscard]] std::string page(const Json& about, const Json::Array& rows) {
        std::string out = std::exchange(has_begun_, true) ? std::string() : head(about);
        for (const Json& row : rows) {
            if (format_ == "csv") {
                append_csv_row(out, row);
            } else if (format_ == "jsonl") {
                out += row.text() + "\n";
            } else {
                out += std::exchange(has_rows_, true) ? ",\n" : "\n";
                out += row.text();
            }
        }
        return out;
    }
    [[nodiscard]] std::string end() const { return format_ == "json" ? "\n]}\n" : std::string(); }

  private:
    [[nodiscard]] std::string head(const Json& about) const {
        if (format_ == "csv") {
            std::string out;
            core::append_audit_csv_head(out, view_, text_member(about, "checkpoint"));
            return out;
        }
        return "{\"about\":" + about.text() + (format_ == "jsonl" ? "}\n" : ",\"items\":[");
    }
    static void append_csv_row(std::string& out, const Json& row) {
        bool is_first = true;
        for (const Json::Member& member : row.as_object()) {
            out += std::exchange(is_first, false) ? "" : ",";
            core::append_csv_cell(out, cell_of(member.value));
        }
        out += "\r\n";
    }

    const std::string format_;
    core::AuditView view_ = core::AuditView::plain;
    bool has_begun_ = false;
    bool has_rows_ = false;
};

// Gives the whole export to `take` in pieces; the number of its rows.
Result<std::uint64_t> export_rows(AuditSource& source, const AuditQuery& query,
                                  const std::string& format,
                                  const std::function<Result<void>(std::string_view)>& take) {
    AuditWriter writer(format, query.view);
    std::uint64_t rows = 0;
    std::optional<std::uint64_t> after;
    do {
        ATTACCA_TRY(const Json page, source.page(query, after, rows_at_once));
        ATTACCA_TRY(const Json* const items, audit_items(page));
        rows += items->as_array().size();
        if (Result<void> done = take(writer.page(*page.find("about"), items->as_array())); !done) {
            return done.error();
        }
        after = next_of(page);
    } while (after);
    if (Result<void> done = take(writer.end()); !done) {
        return done.error();
    }
    return rows;
}

Result<std::uint64_t> export_to(Context& context, AuditSource& source, const AuditQuery& query) {
    const std::string format = context.in.value("format").value_or("csv");
    const std::string path = context.in.value("out").value_or("-");
    if (path == "-") {
        return export_rows(source, query, format, [&](std::string_view piece) {
            context.out(piece);
            return Result<void>();
        });
    }
    ATTACCA_TRY(const std::unique_ptr<OutputFile> file,
                context.env.create_file(path, context.in.has("force")));
    ATTACCA_TRY(const std::uint64_t rows,
                export_rows(source, query, format,
                            [&](std::string_view piece) { return file->write(piece); }));
    if (Result<void> done = file->commit(); !done) {
        return done.error();
    }
    context.note("wrote " + printable(path) + ", " + std::to_string(rows) + " rows\n");
    return rows;
}

}  // namespace

int audit_list_command(Context& context) {
    const Result<AuditQuery> query = audit_query_of(context);
    const Result<std::optional<std::uint64_t>> limit =
        context.in.number("limit", 1, rows_at_once);
    const Result<std::optional<std::uint64_t>> after =
        context.in.number("after", 0, INT64_MAX);
    for (const Error* error : {query ? nullptr : &query.error(), limit ? nullptr : &limit.error(),
                               after ? nullptr : &after.error()}) {
        if (error != nullptr) {
            return context.refuse(*error);
        }
    }
    const Result<std::unique_ptr<AuditSource>> source = AuditSource::find(context);
    const Result<Json> page =
        source ? (*source)->page(*query, *after, limit->value_or(listed_default))
               : Result<Json>(source.error());
    const Result<const Json*> items = page ? audit_items(*page) : Result<const Json*>(page.error());
    if (!items) {
        return context.refuse(items.error());
    }
    if (context.output() == Output::jsonl) {
        for (const Json& row : (*items)->as_array()) {
            context.answer(row);
        }
    } else if (!context.is_human()) {
        context.answer(*page);
    } else {
        context.out(table_of((*items)->as_array(), context.times(), !context.in.has("no-headers")));
    }
    if (const auto next = next_of(*page); next && context.is_human()) {
        context.note("there is more: --after " + std::to_string(*next) + "\n");
    }
    return 0;
}

int audit_export_command(Context& context) {
    const Result<AuditQuery> query = audit_query_of(context);
    const Result<std::unique_ptr<AuditSource>> source =
        query ? AuditSource::find(context)
              : Result<std::unique_ptr<AuditSource>>(query.error());
    if (!source) {
        return context.refuse(source.error());
    }
    const Result<std::uint64_t> rows = export_to(context, **source, *query);
    return rows ? 0 : context.refuse(rows.error());
}

}  // namespace attacca::cli
