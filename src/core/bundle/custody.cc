// SPDX-License-Identifier: Apache-2.0
#include "core/bundle/custody.h"

#include <string_view>

#include "base/bytes.h"
#include "base/json.h"
#include "core/ledger/hash.h"
#include "core/ledger/profile.h"
#include "core/ledger/scalar.h"

namespace attacca::core {
namespace {

void append_escaped(std::string& out, std::string_view text) {
    for (const char c : text) {
        switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += "&quot;"; break;
            default: out += c;
        }
    }
}

void append_cell(std::string& out, std::string_view text) {
    out += "<td>";
    append_escaped(out, text);
    out += "</td>";
}

std::string text_of(std::string_view raw) {
    std::string text;
    return read_text(raw, text) ? text : std::string(raw);
}

// One record as both forms need it.
struct Row {
    RawRecord raw;
    RecordHeader header;
    std::string link;
};

template <typename Take>
void for_each_row(const RecordBytes& records, const Take& take) {
    for (const auto& [gseq, bytes] : records) {
        const Result<RawRecord> raw = read_raw_record(bytes);
        const Result<RecordHeader> header =
            raw ? header_of(*raw) : Result<RecordHeader>(raw.error());
        if (header) {
            take(Row{*raw, *header, hex(leaf_hash(bytes))});
        }
    }
}

void append_member(std::string& out, std::string_view name, std::string_view json) {
    out += ",\"";
    out += name;
    out += "\":";
    out += json;
}

std::string instant_of_row(const Row& row) {
    return text_of(row.raw[Member::t]);
}

constexpr std::string_view page_begin =
    "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
    "style-src 'unsafe-inline'\">"
    "<title>Chain of custody</title><style>"
    "body{font:14px/1.4 sans-serif;margin:2em}table{border-collapse:collapse}"
    "td,th{border:1px solid #999;padding:.3em .5em;text-align:left;vertical-align:top}"
    "td{overflow-wrap:anywhere}code{font-size:12px}</style></head><body>\n"
    "<h1>Chain of custody</h1>\n";

constexpr std::string_view page_explanation =
    "<p>Made from the records alone. Each row is one record of the ledger; its link hash is "
    "SHA-256(00 ‖ the bytes of <code>records/N.json</code>). The table proves nothing that the "
    "records and their proofs do not: check them first, as <code>VERIFY.md</code> says.</p>\n";

constexpr std::string_view table_begin =
    "<table><thead><tr><th>N</th><th>When (UTC)</th><th>Who</th><th>What</th><th>Details</th>"
    "<th>Files</th><th>Result</th><th>Where</th><th>Link hash</th></tr></thead><tbody>\n";

void append_row(std::string& out, const Row& row) {
    out += "<tr>";
    append_cell(out, std::to_string(row.header.gseq));
    append_cell(out, instant_of_row(row));
    append_cell(out, text_of(row.raw[Member::act]));
    append_cell(out, row.header.type);
    append_cell(out, row.header.payload);
    append_cell(out, row.header.artifacts);
    append_cell(out, text_of(row.raw[Member::res]));
    append_cell(out, text_of(row.raw[Member::src]));
    out += "<td><code>" + row.link + "</code></td></tr>\n";
}

}  // namespace

std::string custody_json(const RecordBytes& records) {
    std::string out = "{\"custody\":" + std::to_string(custody_form) + ",\"records\":[";
    bool is_first = true;
    for_each_row(records, [&](const Row& row) {
        out += is_first ? "\n{" : ",\n{";
        is_first = false;
        out += "\"gseq\":" + std::to_string(row.header.gseq);
        append_member(out, "eseq", std::to_string(row.header.eseq));
        append_member(out, "when", row.raw[Member::t]);
        append_member(out, "who", row.raw[Member::act]);
        append_member(out, "what", row.raw[Member::typ]);
        append_member(out, "details", row.header.payload);
        append_member(out, "files", row.header.artifacts.empty() ? "[]" : row.header.artifacts);
        append_member(out, "result", row.raw[Member::res]);
        append_member(out, "where", row.raw[Member::src]);
        append_member(out, "target", row.raw[Member::tgt]);
        append_member(out, "entity", row.raw[Member::ent]);
        append_member(out, "tenant", row.raw[Member::ten]);
        append_member(out, "origin", row.raw[Member::org]);
        append_member(out, "link", "\"" + row.link + "\"}");
    });
    return out + "\n]}\n";
}

std::string custody_html(const RecordBytes& records) {
    std::string head;
    std::string rows;
    for_each_row(records, [&](const Row& row) {
        if (head.empty()) {
            head = "<p>Entity <code>";
            append_escaped(head, row.header.entity);
            head += "</code> of tenant <code>";
            append_escaped(head, row.header.tenant);
            head += "</code> in the ledger <code>";
            append_escaped(head, row.header.origin);
            head += "</code></p>\n";
        }
        append_row(rows, row);
    });
    std::string out(page_begin);
    out += head;
    out += page_explanation;
    out += table_begin;
    out += rows;
    return out + "</tbody></table></body></html>\n";
}

}  // namespace attacca::core
