// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/audit/row.h"

// Audit rows as text, in one of three views: all there is, the fields of PCI DSS 10.2.2, or rows
// under the trust services criteria of SOC 2. Each form says first what it proves and what not, and
// under which checkpoint it was made.
//
// CSV is RFC 4180 with every cell quoted. A cell that a spreadsheet would take for a formula gets
// an apostrophe in front, and a control character stands as its JSON escape.

namespace attacca::core {

enum class AuditView { plain, pci_dss, soc2 };
[[nodiscard]] std::optional<AuditView> audit_view_of(std::string_view name);

// What every export tells about itself, one sentence each.
[[nodiscard]] std::span<const std::string_view> audit_sentences();

// One cell of a row: quoted, and no formula.
void append_csv_cell(std::string& out, std::string_view text);
// Appends `# ` lines of one cell each, then the names of the columns.
void append_audit_csv_head(std::string& out, AuditView view, std::string_view checkpoint);
void append_audit_csv(std::string& out, AuditView view, const AuditRow& row);

// An object {view, checkpoint, sentences}, and a row as an object with the view's columns.
void append_audit_about(std::string& out, AuditView view, std::string_view checkpoint);
void append_audit_json(std::string& out, AuditView view, const AuditRow& row);

}  // namespace attacca::core
