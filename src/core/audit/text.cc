// SPDX-License-Identifier: Apache-2.0
#include "core/audit/text.h"

#include <algorithm>
#include <array>

#include "base/json.h"

namespace attacca::core {
namespace {

enum class Column {
    gseq,
    eseq,
    time,
    actor,
    type,
    result,
    origin,
    target,
    entity,
    tenant,
    link,
    details,
    pci,
    soc2,
};
struct Named {
    std::string_view name;
    Column column;
};

constexpr std::array<Named, 12> plain_columns = {{
    {"gseq", Column::gseq},
    {"time", Column::time},
    {"actor", Column::actor},
    {"type", Column::type},
    {"result", Column::result},
    {"origin", Column::origin},
    {"target", Column::target},
    {"entity", Column::entity},
    {"eseq", Column::eseq},
    {"tenant", Column::tenant},
    {"link", Column::link},
    {"details", Column::details},
}};
constexpr std::array<Named, 11> pci_columns = {{
    {"requirement", Column::pci},
    {"user", Column::actor},
    {"type_of_event", Column::type},
    {"date_and_time", Column::time},
    {"success_or_failure", Column::result},
    {"origin", Column::origin},
    {"affected", Column::target},
    {"tenant", Column::tenant},
    {"gseq", Column::gseq},
    {"link", Column::link},
    {"details", Column::details},
}};
constexpr std::array<Named, 11> soc2_columns = {{
    {"criterion", Column::soc2},
    {"when", Column::time},
    {"who", Column::actor},
    {"what", Column::type},
    {"result", Column::result},
    {"where", Column::origin},
    {"target", Column::target},
    {"tenant", Column::tenant},
    {"gseq", Column::gseq},
    {"link", Column::link},
    {"details", Column::details},
}};

std::span<const Named> columns_of(AuditView view) {
    switch (view) {
        case AuditView::plain: return plain_columns;
        case AuditView::pci_dss: return pci_columns;
        case AuditView::soc2: return soc2_columns;
    }
    return {};
}

std::string value_of(const AuditRow& row, Column column) {
    switch (column) {
        case Column::gseq: return std::to_string(row.gseq);
        case Column::eseq: return std::to_string(row.eseq);
        case Column::time: return row.time;
        case Column::actor: return row.actor;
        case Column::type: return row.type;
        case Column::result: return row.is_success ? "success" : "failure";
        case Column::origin: return row.origin;
        case Column::target: return row.target;
        case Column::entity: return row.entity;
        case Column::tenant: return row.tenant;
        case Column::link: return hex(row.link);
        case Column::details: return row.details;
        case Column::pci: return std::string(pci_requirement(row));
        case Column::soc2: return std::string(soc2_criterion(row));
    }
    return {};
}

bool is_number(Column column) {
    return column == Column::gseq || column == Column::eseq;
}

// Their full-width forms, which spreadsheets take for the same.
bool begins_a_formula(std::string_view text) {
    constexpr std::array<std::string_view, 8> begins = {"=", "+", "-", "@", "＝", "＋", "－", "＠"};
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) {
        text.remove_prefix(1);
    }
    for (const std::string_view begin : begins) {
        if (text.starts_with(begin)) {
            return true;
        }
    }
    return false;
}

constexpr std::array<std::string_view, 7> sentences = {
    "Each row is a reading of one record of the ledger. The evidence is the record, which the row "
    "names by its gseq, with its receipt: GET /api/v1/evidence/records/GSEQ and …/GSEQ/proof.",
    "With its receipt a row proves that the holder of the key recorded this, in this order, and "
    "when he said that he did.",
    "It does not prove that the clock was right, that a tool told the truth, who the person behind "
    "an actor's name was, or that everything that happened was recorded.",
    "Whoever holds the signing key can write another history, unless a checkpoint was kept where "
    "he cannot reach it.",
    "A filtered list is not proven to be complete: for one job the bundle is, for all of them "
    "`attacca verify` on the ledger.",
    "Requests that were refused for want of a token or of a right, and who read what, are in the "
    "server's log and not in the ledger. The origin is the server that recorded; where a request "
    "came from is in its log.",
    "This is no attestation. Under which requirement a row counts is for the auditor to say.",
};

}  // namespace

std::optional<AuditView> audit_view_of(std::string_view name) {
    if (name == "plain") {
        return AuditView::plain;
    }
    if (name == "pci-dss") {
        return AuditView::pci_dss;
    }
    return name == "soc2" ? std::optional(AuditView::soc2) : std::nullopt;
}

std::span<const std::string_view> audit_sentences() {
    return sentences;
}

void append_csv_cell(std::string& out, std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    out += begins_a_formula(text) ? "\"'" : "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"') {
            out += "\"\"";
        } else if (byte < 0x20 || byte == 0x7f) {
            out += "\\u00";
            out += digits[byte >> 4U];
            out += digits[byte & 15U];
        } else {
            out += c;
        }
    }
    out += '"';
}

void append_audit_csv_head(std::string& out, AuditView view, std::string_view checkpoint) {
    for (const std::string_view sentence : sentences) {
        append_csv_cell(out, "# " + std::string(sentence));
        out += "\r\n";
    }
    while (!checkpoint.empty()) {
        const std::string_view line = checkpoint.substr(0, checkpoint.find('\n'));
        checkpoint.remove_prefix(std::min(checkpoint.size(), line.size() + 1));
        append_csv_cell(out, "# checkpoint: " + std::string(line));
        out += "\r\n";
    }
    bool is_first = true;
    for (const Named& named : columns_of(view)) {
        out += is_first ? "" : ",";
        is_first = false;
        append_csv_cell(out, named.name);
    }
    out += "\r\n";
}

void append_audit_csv(std::string& out, AuditView view, const AuditRow& row) {
    bool is_first = true;
    for (const Named& named : columns_of(view)) {
        out += is_first ? "" : ",";
        is_first = false;
        append_csv_cell(out, value_of(row, named.column));
    }
    out += "\r\n";
}

void append_audit_about(std::string& out, AuditView view, std::string_view checkpoint) {
    constexpr std::array<std::string_view, 3> names = {"plain", "pci-dss", "soc2"};
    out += "{\"view\":";
    append_json_string(out, names[static_cast<std::size_t>(view)]);
    out += ",\"checkpoint\":";
    append_json_string(out, checkpoint);
    out += ",\"sentences\":[";
    bool is_first = true;
    for (const std::string_view sentence : sentences) {
        out += is_first ? "" : ",";
        is_first = false;
        append_json_string(out, sentence);
    }
    out += "]}";
}

void append_audit_json(std::string& out, AuditView view, const AuditRow& row) {
    char before = '{';
    for (const Named& named : columns_of(view)) {
        out += before;
        before = ',';
        append_json_string(out, named.name);
        out += ':';
        const std::string value = value_of(row, named.column);
        if (is_number(named.column) || named.column == Column::details) {
            out += value;  // JSON already
        } else {
            append_json_string(out, value);
        }
    }
    out += '}';
}

}  // namespace attacca::core
