// SPDX-License-Identifier: Apache-2.0
#include "core/audit/row.h"

#include <algorithm>
#include <array>

#include "core/ledger/profile.h"
#include "core/ledger/scalar.h"
#include "core/tenant/settings.h"

namespace attacca::core {
namespace {

// A type's payload says with this how it went; without it there is nothing that can fail.
struct Success {
    std::string_view type;
    std::string_view payload_part;
};
constexpr std::array<Success, 2> successes = {{
    {"attempt_ended", R"("outcome":"succeeded")"},
    {"job_ended", R"("state":"completed")"},
}};

bool is_good(std::string_view type, std::string_view result, std::string_view payload) {
    if (result != "ok" || type == "quarantined" || type == "dead_lettered" ||
        type.ends_with("_refused")) {
        return false;
    }
    for (const Success& success : successes) {
        if (success.type == type) {
            // A quote within a text is escaped, so this is a member and not somebody's words.
            return payload.find(success.payload_part) != std::string_view::npos;
        }
    }
    return payload.find(R"("outcome":"refused")") == std::string_view::npos;
}

bool is_like(std::string_view pattern, std::string_view text) {
    if (pattern.empty()) {
        return true;
    }
    return is_exact(pattern) ? pattern == text
                             : text.starts_with(pattern.substr(0, pattern.size() - 1));
}

bool is_change_of_settings(std::string_view type) {
    constexpr std::array<std::string_view, 5> ends = {"_set", "_applied", "_deleted", "_enabled",
                                                      "_disabled"};
    return std::any_of(ends.begin(), ends.end(),
                       [&](std::string_view end) { return type.ends_with(end); });
}

bool is_of_access(std::string_view type) {
    return type.starts_with("key_") || type.starts_with("user_");
}

}  // namespace

Result<AuditRow> audit_row(std::string_view record) {
    ATTACCA_TRY(const RawRecord raw, read_raw_record(record));
    ATTACCA_TRY(const RecordHeader header, header_of(raw));
    AuditRow row;
    std::string result;
    if (!read_text(raw[Member::act], row.actor) || !read_text(raw[Member::src], row.origin) ||
        !read_text(raw[Member::tgt], row.target) || !read_text(raw[Member::res], result) ||
        !read_text(raw[Member::t], row.time)) {
        return fail(Problem::corrupt, "a record of the ledger cannot be read");
    }
    row.gseq = header.gseq;
    row.eseq = header.eseq;
    row.at = header.at;
    row.type = header.type;
    row.entity = header.entity;
    row.tenant = header.tenant;
    row.details = header.payload;
    row.is_success = is_good(header.type, result, header.payload);
    return row;
}

std::optional<bool> success_of(std::string_view word) {
    const bool is_success = word == "success";
    return is_success || word == "failure" ? std::optional(is_success) : std::nullopt;
}

bool is_exact(std::string_view pattern) {
    return !pattern.empty() && pattern.back() != '*';
}

bool matches(const AuditFilter& filter, const AuditRow& row) {
    return (filter.tenant.empty() || row.tenant == filter.tenant ||
            row.tenant == system_tenant) &&
           is_like(filter.actor, row.actor) && is_like(filter.entity, row.entity) &&
           (filter.types.empty() ||
            std::find(filter.types.begin(), filter.types.end(), row.type) !=
                filter.types.end()) &&
           (!filter.is_success || *filter.is_success == row.is_success) &&
           (!filter.from || row.at >= *filter.from) && (!filter.to || row.at < *filter.to);
}

std::string_view pci_requirement(const AuditRow& row) {
    if (row.type.starts_with("ledger_")) {
        return "10.2.1.6";  // the audit log itself begins, pauses or ends
    }
    if (is_of_access(row.type)) {
        return "10.2.1.5";
    }
    if (is_change_of_settings(row.type)) {
        return "10.2.1.7";
    }
    return row.actor.starts_with("usr:") ? "10.2.1.2" : "";
}

std::string_view soc2_criterion(const AuditRow& row) {
    if (is_change_of_settings(row.type)) {
        return "CC8.1";
    }
    if (is_of_access(row.type) || row.type == "approval_given") {
        return "CC6.1";
    }
    if (row.type == "recovery_taken" || row.type == "quarantined" ||
        row.type.starts_with("breaker_") || row.type.starts_with("dead_letter")) {
        return "CC7.4";
    }
    if (row.type.starts_with("ledger_") || row.type.starts_with("anchor_") ||
        row.type.starts_with("signer_")) {
        return "CC7.2";
    }
    return row.type.starts_with("erase") || row.type.starts_with("hold_") ? "C1.2" : "PI1.3";
}

}  // namespace attacca::core
