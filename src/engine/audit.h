// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/audit/row.h"
#include "core/audit/text.h"
#include "ports/store.h"

// Pages of audit rows, read from the ledger's records and nothing else.
//
// One page looks at a bounded number of records, so that a filter which matches nothing cannot hold
// a server: it may then be empty and yet have a next one. A time is found by bisection, one exact
// entity by its chain.

namespace attacca::engine {

struct AuditPage {
    std::vector<core::AuditRow> rows;   // in the ledger's order
    std::optional<std::uint64_t> next;  // what to give as `after`; none: this was the last
};

// `size`: of the signed ledger; what is behind it is not shown. `after`: a gseq, or ports::no_gseq
// for the beginning. Errors: corrupt, io_error.
[[nodiscard]] Result<AuditPage> audit_page(ports::StoreReader& reader,
                                           const core::AuditFilter& filter,
                                           std::uint64_t size,
                                           std::uint64_t after,
                                           std::size_t limit);

// {about, items, next_after?}, as the API and the command line show it.
[[nodiscard]] std::string audit_json(const AuditPage& page,
                                     core::AuditView view,
                                     std::string_view checkpoint);

}  // namespace attacca::engine
