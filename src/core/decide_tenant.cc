// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "core/decide_parts.h"

// Tenants: what is set, and what is told about them.

namespace attacca::core {
namespace {

TenantReport report_of(const Tenant& tenant, WallTime at) {
    TenantReport report;
    report.name = tenant.name;
    report.settings = tenant.settings;
    report.created_at = tenant.created_at;
    report.changed_at = tenant.changed_at;
    report.usage = tenant.usage;
    roll_day(report.usage, at);
    report.usage.slot_us += tenant.open_slot_us(at);
    report.live_jobs = tenant.live_jobs;
    report.queued = tenant.ready;
    report.running = tenant.running;
    return report;
}

TenantReport report_of(const State& state, const Tenant& tenant, WallTime at) {
    TenantReport report = report_of(tenant, at);
    if (const std::optional<Fairness> fairness = state.queue.fairness_of(tenant.number, at)) {
        report.share_ppm = fairness->share_ppm;
        report.lag_us = fairness->lag_us;
    }
    return report;
}

}  // namespace

std::string unknown_tenant_hint(std::string_view name) {
    return "there is no tenant `" + quoted(name) + "`; `attacca tenants set` or PUT "
           "/api/v1/tenants/NAME makes one";
}

Decision set_tenant(const State& state, const SetTenant& command, Now now) {
    if (!is_tenant_name(command.name)) {
        return refuse(Problem::invalid_value,
                      command.name == system_tenant
                          ? "`system` is the server's own name: no tenant may have it"
                          : "a tenant's name has 1 to 63 of A-Z, a-z, 0-9, `.`, `_` and `-`, and "
                            "begins with a letter or a digit");
    }
    const WallTime at = record_time(state, now);
    const Tenant* known = state.tenants.find(command.name);
    Decision decision;
    TenantReports reports;
    Tenant fresh;
    fresh.name = command.name;
    reports.tenants.push_back(known == nullptr ? report_of(fresh, at)
                                               : report_of(state, *known, at));
    reports.is_created = known == nullptr;
    TenantReport& report = reports.tenants.back();
    const bool is_told = known != nullptr && known->created_at.us != 0;
    if (!is_told || known->settings != command.settings) {
        report.settings = command.settings;
        report.created_at = is_told ? known->created_at : at;
        report.changed_at = at;
        decision.records.push_back(Record{entity_of_tenant(command.name), command.name,
                                          command.actor, at, TenantSet{command.settings}});
    }
    decision.answer = Acceptance{std::move(reports)};
    return decision;
}

Decision read_tenants(const State& state, const ReadTenants& command, Now now) {
    const WallTime at = record_time(state, now);
    TenantReports reports;
    if (!command.name.empty()) {
        const Tenant* tenant = state.tenants.find(command.name);
        if (tenant == nullptr) {
            return refuse(Problem::not_found, "there is no such tenant");
        }
        reports.tenants.push_back(report_of(state, *tenant, at));
    } else {
        const auto& all = state.tenants.by_name();
        auto next = all.upper_bound(command.after);
        for (; next != all.end() && reports.tenants.size() < command.limit; ++next) {
            reports.tenants.push_back(report_of(state, state.tenants.at(next->second), at));
        }
        reports.has_more = next != all.end();
    }
    Decision decision;
    decision.answer = Acceptance{std::move(reports)};
    return decision;
}

}  // namespace attacca::core
