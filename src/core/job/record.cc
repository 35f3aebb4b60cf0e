// SPDX-License-Identifier: Apache-2.0
#include "core/job/record.h"

#include <array>

namespace attacca::core {
namespace {

// In the order of Payload's alternatives.
constexpr std::array<std::string_view, std::variant_size_v<Payload>> type_names = {
    "job_created",    "attempt_started", "attempt_ended",    "map_expanded",
    "job_paused",     "job_resumed",     "cancel_requested", "job_ended",
    "ledger_started", "ledger_stopped",  "quarantined",      "tenant_set",
    "schedule_set", "schedule_paused", "schedule_resumed", "schedule_deleted",
    "schedule_fired", "schedule_missed", "workflow_applied", "workflow_disabled",
    "workflow_enabled", "approval_given", "recovery_taken", "anchor_timestamped", "hold_placed",
    "hold_released", "erased", "erase_refused", "entries_pruned", "content_collected",
    "ledger_tick", "ledger_restored",
    "breaker_opened", "breaker_half_opened", "breaker_closed", "breaker_set", "key_rotated",
    "signer_degraded", "signer_restored", "dead_lettered", "dead_letter_replayed",
    "dead_letter_discarded", "lane_reserved", "lane_released"};

constexpr std::array<std::string_view, cancel_cause_count> cancel_causes = {"user", "deadline",
                                                                            "failure"};

constexpr std::string_view tenant_prefix = "tenant/";

}  // namespace

std::string_view type_name_of(const Payload& payload) {
    return type_names[payload.index()];
}

std::string_view name_of(CancelCause cause) {
    return cancel_causes[static_cast<std::size_t>(cause)];
}

std::optional<CancelCause> cancel_cause_of(std::string_view name) {
    for (std::size_t i = 0; i < cancel_causes.size(); ++i) {
        if (cancel_causes[i] == name) {
            return static_cast<CancelCause>(i);
        }
    }
    return std::nullopt;
}

std::string Entity::text() const {
    return job ? "job/" + job->text() : name;
}

Entity entity_of_tenant(std::string_view name) {
    return {std::nullopt, std::string(tenant_prefix) + std::string(name)};
}

std::optional<std::string_view> tenant_of(const Entity& entity) {
    if (entity.job || !entity.name.starts_with(tenant_prefix)) {
        return std::nullopt;
    }
    return std::string_view(entity.name).substr(tenant_prefix.size());
}

}  // namespace attacca::core
