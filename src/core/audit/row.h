// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"

// One record of the ledger as a row of an audit view. The row is a reading of the record and proves
// nothing by itself; its number and its link hash say which record to ask a receipt for.
//
// Pure.

namespace attacca::core {

struct AuditRow {
    std::uint64_t gseq = 0;
    std::uint64_t eseq = 0;
    std::string time;  // as it was recorded
    WallTime at;
    std::string actor;
    std::string type;
    std::string origin;  // the server that recorded it; where a request came from is in no record
    std::string target;
    std::string entity;
    std::string tenant;
    bool is_success = true;
    std::string details;  // the payload, JSON text
    Sha256 link;          // filled by seal()
};

// Without the link hash, which costs more than the rest and is for rows that are shown.
// Errors: corrupt, when it is no record of the profile.
[[nodiscard]] Result<AuditRow> audit_row(std::string_view record);

struct AuditFilter {
    std::string tenant = {};  // of it and of the server itself; empty: of all
    std::string actor = {};   // exactly, or what stands before a final `*`; empty: all
    std::string entity = {};  // the same
    std::vector<std::string> types = {};  // empty: all
    std::optional<bool> is_success = {};
    std::optional<WallTime> from = {};  // this instant included
    std::optional<WallTime> to = {};    // this instant not included
};
[[nodiscard]] bool matches(const AuditFilter& filter, const AuditRow& row);
// `success` or `failure`.
[[nodiscard]] std::optional<bool> success_of(std::string_view word);
// True when the pattern names one entity and not several.
[[nodiscard]] bool is_exact(std::string_view pattern);

// Under which part of PCI DSS 4.0 requirement 10.2.1 such an event is looked for; empty: none.
[[nodiscard]] std::string_view pci_requirement(const AuditRow& row);
// Under which of the trust services criteria (2017) such an event is usually looked for.
[[nodiscard]] std::string_view soc2_criterion(const AuditRow& row);

}  // namespace attacca::core
